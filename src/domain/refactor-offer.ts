import type { Answered, MakerRole } from "./answered.ts";
import type { TaskState } from "./gate.ts";
import { isRedFirst } from "./task-state.ts";
import type { Refusal } from "./verdict.ts";

export const REFACTOR = "refactor";

const OFFER =
  "Everything holds. You may tidy the code of this task once, without changing what it does: names, repetition, structure. What you send is judged like any answer, and what stands now lands if it is refused. If it is well as it is, answer with one line instead of a block: EQUIVALENT: why.";

/** The offer to tidy a task's proven code, once a task, where the workflow makes one; else undefined. */
export function refactorOffer(
  state: TaskState,
  history: readonly Answered[],
): { readonly role: MakerRole; readonly rung: number; readonly refusal: Refusal } | undefined {
  const { workflow, work, asked } = state;
  if (workflow.refactor !== "offer" || !isRedFirst(state) || work.code.length === 0 || asked.includes(REFACTOR))
    return undefined;
  const role = workflow.makers.code;
  const rung = history.findLast((answer) => answer.role === role)?.rung ?? 0;
  return {
    role,
    rung,
    refusal: { gate: REFACTOR, findings: [{ rule: "refactor/offer", answers: role, message: OFFER }] },
  };
}
