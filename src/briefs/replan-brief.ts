import type { MakerRole } from "../domain/answered.ts";
import { wholeDiffForms } from "../domain/brief-diff.ts";
import type { Brief } from "../domain/brief-fit.ts";
import { type BriefPart, fixedPart, WORTH } from "../domain/brief-parts.ts";
import { taskSection } from "../domain/brief-text.ts";
import { BrowserSettings } from "../domain/browser-config.ts";
import { browserGuide, writtenChecks } from "../domain/browser-guide.ts";
import { diagnosisOf } from "../domain/diagnosis.ts";
import type { TaskState } from "../domain/gate.ts";
import { kindOfPath } from "../domain/paths.ts";
import type { TaskContext } from "../engine/context.ts";
import type { Delivery } from "../engine/delivery.ts";
import { fittedBrief, rolePart } from "./system-parts.ts";
import { taskSystem } from "./task-briefs.ts";

/** What the architect is told when a task cannot be done as it stands. */
export async function replanBrief(reason: string, { state }: Delivery, context: TaskContext): Promise<Brief> {
  const user = [
    fixedPart("The spec", context.spec.text),
    fixedPart("", taskSection(state.task)),
    ...browserParts(state),
    await workPart(state, context),
    fixedPart("Why this task cannot be done as it stands", reason),
    fixedPart(
      "What to answer",
      "Either the revised task as one YAML document between two lines `---` with the same `id` (same fields as in a plan), followed by a paragraph that tells the makers what to do differently; or `PERSON: question` when only a person can decide.",
    ),
  ];
  return fittedBrief("architect", { system: await taskSystem("architect", state, context), user }, context);
}

/** For a task with criteria that are seen in a browser: their steps as the plan writes them, and what may stand there. */
function browserParts({ task, config }: TaskState): readonly BriefPart[] {
  const written = writtenChecks(task);
  if (written === "") return [];
  return [
    fixedPart("Its browser checks, as the plan writes them", written),
    fixedPart("Behaviour in a browser", browserGuide(config.browser ?? BrowserSettings.parse({}))),
  ];
}

/** What the orchestrator is told when a maker's ladder has no further rung. */
export async function orchestratorBrief(
  move: { readonly role: MakerRole; readonly reason: string },
  { state, history }: Delivery,
  context: TaskContext,
): Promise<Brief> {
  const user = [
    fixedPart("", taskSection(state.task)),
    await workPart(state, context),
    fixedPart(`Why the ${move.role} is stuck`, `${move.reason}\n\n${diagnosisOf(move.role, history)}`),
  ];
  return fittedBrief("orchestrator", { system: await rolePart("orchestrator", context), user }, context);
}

async function workPart(state: TaskState, { repository }: TaskContext): Promise<BriefPart> {
  const difference = await repository.git.diff(state.work.base.tree, state.work.trees.work, 5);
  const isTest = (path: string) => kindOfPath(path, state.profile) === "test";
  const forms = difference === "" ? ["Nothing yet."] : [...wholeDiffForms(difference, isTest), "(not shown)"];
  return { name: "the work so far", title: "The work so far", forms, worth: WORTH.file };
}
