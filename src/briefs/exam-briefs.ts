import type { Brief } from "../domain/brief-fit.ts";
import { part } from "../domain/brief-fit.ts";
import { fixedPart, WORTH } from "../domain/brief-parts.ts";
import { fenced } from "../domain/brief-text.ts";
import { pathsOfTask } from "../domain/file-choice.ts";
import type { TaskState } from "../domain/gate.ts";
import type { Need } from "../domain/need.ts";
import { kindOfPath } from "../domain/paths.ts";
import { signaturesOf } from "../domain/signatures.ts";
import type { Criterion } from "../domain/task.ts";
import type { RunContext, TaskContext } from "../engine/context.ts";
import { fittedBrief, rolePart } from "./system-parts.ts";

type NeedOf<Kind extends Need["see"]> = Extract<Need, { see: Kind }>;

/** The examiner's question: the criteria and what the code offers by name; neither the code's body nor a test. */
export async function examBrief(
  need: NeedOf<"exam">,
  { state, context }: { readonly state: TaskState; readonly context: TaskContext },
): Promise<Brief> {
  const runners = state.profile.suites.map((suite) => suite.runner).join(", ");
  const user = [
    fixedPart("The criteria", criteriaText(need.criteria)),
    fixedPart("Names to create (path#name)", need.creates.join("\n")),
    part("names", "What the code offers", [await offered(state, context), ""], WORTH.file),
    part("the spec", "What the user wrote", [context.spec.text, ""], WORTH.recent),
    fixedPart(
      "How it runs",
      `At most ${need.most} checks, in the language of the files above; they run under ${runners || "no known runner"}.`,
    ),
  ];
  return fittedBrief("examiner", { system: await rolePart("examiner", context), user }, context);
}

/** The second examiner's question: criteria and calls, and nothing of what anybody expects. */
export async function derivationBrief(need: NeedOf<"derivation">, context: RunContext): Promise<Brief> {
  const calls = need.checks.map(({ number, criterion, imports, setup, call }) =>
    [
      `## Check ${number}, of ${criterion}`,
      `Names: ${imports.join(", ")}`,
      fenced("", [...setup, call].join("\n")),
    ].join("\n"),
  );
  const user = [
    fixedPart("The criteria", criteriaText(need.criteria)),
    fixedPart("The calls (the last line of each)", calls.join("\n\n")),
  ];
  return fittedBrief("second-examiner", { system: await rolePart("second-examiner", context), user }, context);
}

function criteriaText(criteria: readonly Criterion[]): string {
  return criteria.map(({ id, text }) => `- ${id}: ${text}`).join("\n");
}

/** The heads of what the task's code files export, as the work has them now. */
async function offered({ task, work, profile }: TaskState, { repository }: TaskContext): Promise<string> {
  const { git } = repository;
  const listed = (await git.list(work.trees.work)).map((file) => file.path);
  const paths = pathsOfTask(task, listed, profile).filter((path) => kindOfPath(path, profile) === "code");
  const shown = await Promise.all(
    paths.map(async (path) => {
      const heads = signaturesOf(path, (await git.read(work.trees.work, path)) ?? "");
      return heads.length === 0 ? "" : `## ${path}\n${fenced("", heads.join("\n"))}`;
    }),
  );
  return shown.filter((text) => text !== "").join("\n\n");
}
