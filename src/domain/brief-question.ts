import { judgedDiffForms } from "./brief-diff.ts";
import { filePart, relatedPart } from "./brief-files.ts";
import { findingForms } from "./brief-findings.ts";
import { part } from "./brief-fit.ts";
import { type BriefPart, fixedPart, WORTH } from "./brief-parts.ts";
import { saysSection } from "./brief-retry.ts";
import { provenText, taskSection } from "./brief-text.ts";
import type { TaskState } from "./gate.ts";
import { findingsText } from "./moves.ts";
import { wordsOf } from "./outline-text.ts";
import { kindOfPath } from "./paths.ts";
import type { RelatedPart, RelatedQuestion } from "./related.ts";
import type { Refusal } from "./verdict.ts";

/** What was read for a maker's question. */
export interface Gathered {
  /** Whether the maker writes tests, if need be among others. */
  readonly purpose: RelatedQuestion["purpose"];
  readonly refusal: Refusal;
  /** What the architect or the orchestrator added. */
  readonly advice: string | undefined;
  /** What was tried on the rungs before, for a maker that begins anew. */
  readonly diagnosis: string | undefined;
  /** What has landed since the repository map was made. */
  readonly since: string;
  /** Files that the task may write, as they stand at the base. */
  readonly files: ReadonlyMap<string, string>;
  readonly related: readonly RelatedPart[];
  /** Files that the work has changed, as they stand now. */
  readonly work: ReadonlyMap<string, string>;
  /** What has come of other tasks: working memory. */
  readonly recent: string;
}

/** A maker's question in the order in which it changes least: task, files, work, memory, findings. */
export function makerParts(state: TaskState, gathered: Gathered): readonly BriefPart[] {
  const { purpose, refusal, advice, diagnosis, since, files, related, work, recent } = gathered;
  const task = taskSection(state.task);
  const words = wordsOf(task);
  const says = findingForms(findingsText, refusal.findings).map((text) => saysSection(refusal, text));
  return [
    fixedPart("", task),
    fixedPart("What the architect adds", advice ?? ""),
    part("what has landed", "Landed since that list of files was made", [since, ""], WORTH.recent),
    ...[...files].map(([path, text]) => filePart("Files as they stand", path, text, words)),
    ...related.map((found) => relatedPart(found, purpose, words)),
    ...[...work].map(([path, text]) => filePart("What the work has changed, as it stands now", path, text, words)),
    part("recent results", "Tasks that have ended", [recent, ""], WORTH.recent),
    fixedPart("What was tried", diagnosis ?? ""),
    part("findings", "", says, WORTH.findings),
  ];
}

const DIFFERENCE = "The difference to judge";
const UNNOTICED = "Changes of the code, each tried alone, that the tests do not notice";

const DOUBTFUL = "Functions that may know only what the tests hold";

/** A judge's question: the task and the difference, never the maker's words. */
export function judgeParts(
  state: TaskState,
  diff: string,
  said: {
    readonly unnoticed: readonly string[];
    readonly doubtful: readonly string[];
    readonly problems: readonly string[];
  },
): readonly BriefPart[] {
  const isTest = (path: string) => kindOfPath(path, state.profile) === "test";
  return [
    fixedPart("", taskSection(state.task)),
    fixedPart("What the mill has already proven", provenText(state.workflow)),
    part("difference", DIFFERENCE, judgedDiffForms(diff, isTest), WORTH.file),
    fixedPart(UNNOTICED, said.unnoticed.map((change) => `- ${change}`).join("\n")),
    fixedPart(DOUBTFUL, said.doubtful.map((known) => `- ${known}`).join("\n")),
    fixedPart("Your last answer could not be used", said.problems.map((problem) => `- ${problem}`).join("\n")),
  ];
}

/** Where a judge's question begins to differ from its next one in the task. */
export function judgeStable(user: string): number {
  return user.indexOf(`# ${DIFFERENCE}`);
}
