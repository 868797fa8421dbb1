/** How a task ended. */
export type TaskOutcome =
  | { readonly kind: "landed"; readonly commit: string; readonly tree: string }
  | { readonly kind: "superseded"; readonly reason: string }
  /** `comebacks`: how often it had come back before. */
  | { readonly kind: "stuck"; readonly reason: string; readonly comebacks?: number }
  | { readonly kind: "waiting"; readonly reason: string; readonly comebacks?: number }
  | { readonly kind: "skipped"; readonly reason: string };

/** How a run ended. */
export type RunOutcome =
  | { readonly kind: "done"; readonly branch: string }
  | { readonly kind: "stuck"; readonly reason: string }
  | { readonly kind: "waiting"; readonly reason: string }
  | { readonly kind: "stopped"; readonly reason: string }
  | { readonly kind: "cancelled"; readonly reason: string };
