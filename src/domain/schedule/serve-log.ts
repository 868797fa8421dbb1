import { z } from "zod";
import { LOOPS, type Loop } from "./schedule-config.ts";
import type { TickNote } from "./tick.ts";

/** How a loop that was begun has ended; `idle`: there was nothing to do; `busy`: another process had the repository. */
export interface WorkEnd {
  readonly kind: "done" | "idle" | "stuck" | "waiting" | "stopped" | "cancelled" | "failed" | "busy";
  /** In one sentence. */
  readonly reason: string;
  readonly run?: string | undefined;
}

/** Something that the daemon did, and when (milliseconds since 1970). */
export type ServeNote =
  | TickNote
  | ({ readonly kind: "end"; readonly loop: Loop; readonly tick: number } & { readonly end: WorkEnd })
  | {
      readonly kind: "chose";
      readonly plan: string | undefined;
      readonly because: string;
      readonly passedOver: readonly { readonly plan: string; readonly why: string }[];
    }
  | { readonly kind: "problem"; readonly message: string }
  | { readonly kind: "up"; readonly pid: number }
  | { readonly kind: "down"; readonly reason: string };

export type LoggedNote = ServeNote & { readonly at: number };

/** As much of a line of the log as a reader needs; what a later version wrote is kept as it is. */
export const LoggedLine = z.looseObject({ at: z.number(), kind: z.string(), loop: z.enum(LOOPS).optional() });
export type LoggedLine = z.infer<typeof LoggedLine>;

/** How the exit code of the mill's own command line is told, in the words of an outcome. */
export function endOfExit(exit: number | null, said: { readonly reason: string; readonly run?: string }): WorkEnd {
  const kinds: Readonly<Record<number, WorkEnd["kind"]>> = {
    0: "done",
    1: "stuck",
    2: "failed",
    3: "waiting",
    4: "stopped",
    130: "cancelled",
  };
  return { kind: exit === null ? "cancelled" : (kinds[exit] ?? "failed"), ...said };
}
