import type { Answered } from "./answered.ts";
import type { ModelIdentity } from "./model-call.ts";

/** One rung of a role's ladder: which of its models answers, and how it is told. */
export interface Rung {
  /** Place in the role's list of models. */
  readonly model: number;
  /** `findings`: what the gates said; `fresh`: from the beginning, with a diagnosis of what was tried. */
  readonly brief: "findings" | "fresh";
}

/** The rungs below a person and the orchestrator, for a role with so many models: one order everywhere. */
export function rungsOf(models: number): readonly Rung[] {
  const stronger = Array.from({ length: Math.max(0, models - 1) }, (_, index) => ({
    model: index + 1,
    brief: "fresh" as const,
  }));
  return [{ model: 0, brief: "findings" }, { model: 0, brief: "fresh" }, ...stronger];
}

/** The model of a rung; a ladder that has become shorter ends with its last model. @throws when the ladder is empty */
export function modelOn(ladder: readonly ModelIdentity[], rung: number): ModelIdentity {
  const model = ladder[rungsOf(ladder.length)[rung]?.model ?? ladder.length - 1] ?? ladder.at(-1);
  if (model === undefined) throw new Error("A ladder has at least one model.");
  return model;
}

const INSTRUCTORS: readonly string[] = ["architect", "orchestrator", "person", "mill"];

/** A maker's answers since somebody last instructed it, or the mill let the tests begin anew: that starts every count again. */
export function sinceInstructed(history: readonly Answered[]): readonly Answered[] {
  return history.slice(history.findLastIndex((answer) => INSTRUCTORS.includes(answer.role)) + 1);
}

/** What was answered since a person last let the task come back: architect and orchestrator may be asked again. */
export function sincePerson(history: readonly Answered[]): readonly Answered[] {
  return history.slice(history.findLastIndex((answer) => answer.role === "person") + 1);
}

/** Where a role stands on its ladder; after the orchestrator's word it stays with its strongest model, after a person's it begins below. */
export function rungAt(role: string, history: readonly Answered[], models: number): number {
  const own = sinceInstructed(history).filter((answer) => answer.role === role);
  const last = own.at(-1)?.rung;
  if (last !== undefined) return last;
  return sincePerson(history).some((answer) => answer.role === "orchestrator") ? rungsOf(models).length - 1 : 0;
}

/** The next rung with another model, or undefined. */
export function nextModel(rung: number, models: number): number | undefined {
  const rungs = rungsOf(models);
  const at = rungs.findIndex((other, index) => index > rung && other.model !== rungs[rung]?.model);
  return at < 0 ? undefined : at;
}
