import type { SelfAssessment } from "./proposal.ts";
import type { Task } from "./task.ts";
import type { Answerer, Finding } from "./verdict.ts";

/** What a maker says of one criterion of its task. */
export interface Assessed {
  readonly id: string;
  readonly said: "met" | "unmet" | "not given";
  readonly because: string;
}

/** The maker's word on each criterion, in their order; the last word on one counts. */
export function assessedOf(task: Task, given: readonly SelfAssessment[]): readonly Assessed[] {
  return task.accept.map(({ id }) => {
    const own = given.findLast((one) => one.criterion === id);
    if (own === undefined) return { id, said: "not given", because: "" };
    return { id, said: own.met ? "met" : "unmet", because: own.because.slice(0, 300) };
  });
}

/** A maker that says itself that a criterion is not met gets its own words back. */
export function unmetFindings(answers: Answerer, assessed: readonly Assessed[]): readonly Finding[] {
  return assessed
    .filter(({ said }) => said === "unmet")
    .map(({ id, because }) => ({
      rule: "door/unmet-by-own-word",
      answers,
      message: `You say yourself that ${id} is not met${because === "" ? "" : `: "${because}"`}. Nothing was written. Make it true, or answer IMPOSSIBLE with the reason.`,
    }));
}
