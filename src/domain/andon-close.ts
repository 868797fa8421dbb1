import { metaProblems, type RemainingTask } from "./andon-meta.ts";
import { isPlaceholder, whysProblems } from "./five-whys.ts";
import { type Action, type Incident, LEVELS, type Level } from "./incident-record.ts";

/** Below this confidence a person has to approve that the cause is understood. */
export const SURE = 0.7;

/** What has become of an action's artefact since the incident. */
export type ArtefactState =
  | "changed"
  /** There is no such file at the commit. */
  | "missing"
  /** As it was before the incident. */
  | "unchanged"
  /** Changed in the checkout, but in no commit. */
  | "uncommitted"
  /** The commit that was named is not there. */
  | "no-commit"
  /** The commit that was named was there before the incident. */
  | "older";

/** What a person says when they close an incident, and what the mill has seen. */
export interface ClosingLook {
  readonly approvedBy?: string | undefined;
  readonly hypothesis?: string | undefined;
  /** By action, in their order. */
  readonly artefacts: readonly ArtefactState[];
  /** Of the plan that was pursued, for a Meta-Andon. */
  readonly remaining: readonly RemainingTask[];
  /** Answers of the Five Whys that a cause takes. */
  readonly depth: number;
}

/** Everything that is missing until an incident may be closed; empty when it may. */
export function closeProblems(incident: Incident, look: ClosingLook): readonly string[] {
  const own =
    incident.evidence.kind === "meta-andon"
      ? metaProblems(incident.documents, look.remaining)
      : [...whysProblems(incident.analysis.whys, look.depth), ...actionsProblems(incident.actions, look.artefacts)];
  return [...evidenceProblems(incident), ...own, ...reportProblems(incident), ...personProblems(incident, look)];
}

function evidenceProblems({ evidence }: Incident): readonly string[] {
  const seen = evidence.output.trim() !== "" || evidence.failures.length > 0;
  return seen && evidence.problem.trim() !== ""
    ? []
    : ["Evidence: evidence.json says neither what happened nor what was seen."];
}

function reportProblems({ documents }: Incident): readonly string[] {
  const headings = documents["report.md"]?.match(/^## \S/gm)?.length ?? 0;
  return headings >= 2
    ? []
    : ["Report: report.md is missing or has lost its sections. `millwright andon show` writes it anew."];
}

/** At least one action, and each with an artefact that is there and has changed. */
function actionsProblems(actions: readonly Action[], artefacts: readonly ArtefactState[]): readonly string[] {
  if (actions.length === 0)
    return ["Actions: none yet. `millwright andon act` records what was changed so that it does not come back."];
  return actions.flatMap((action, index) => {
    const problem = artefactProblem(action, artefacts[index] ?? "missing");
    return problem === undefined ? [] : [`Action ${index + 1}: ${problem}`];
  });
}

/** What is wrong with an action's artefact, with the way out. */
export function artefactProblem({ artefact, commit }: Action, state: ArtefactState): string | undefined {
  const where = commit === undefined ? "HEAD" : commit;
  switch (state) {
    case "changed":
      return undefined;
    case "missing":
      return `${artefact} does not exist at ${where}.`;
    case "unchanged":
      return `${artefact} is at ${where} what it was before the incident: change it, commit, and close then.`;
    case "uncommitted":
      return `${artefact} is changed in your checkout, but not committed.`;
    case "no-commit":
      return `there is no commit ${where}.`;
    case "older":
      return `the commit ${where} was there before the incident.`;
  }
}

/** What is wrong with an action before it is recorded, all at once. */
export function actionProblems(action: {
  readonly level: string;
  readonly what: string;
  readonly artefact: string;
}): readonly string[] {
  const problems: string[] = [];
  if (levelOf(action.level) === undefined)
    problems.push(
      `"${action.level}" is no level: ${Object.entries(LEVELS)
        .map(([level, what]) => `${level} ${what}`)
        .join(", ")}.`,
    );
  if (isPlaceholder(action.what) || action.what.trim().split(/\s+/).length < 3)
    problems.push(`"${action.what}" says not what was changed: a sentence, please.`);
  if (action.artefact.trim() === "" || /^[/~]|(?:^|\/)\.\.(?:\/|$)/.test(action.artefact))
    problems.push(`"${action.artefact}" is no path inside the repository.`);
  return problems;
}

/** `l2` is L2. */
export function levelOf(text: string): Level | undefined {
  const level = text.trim().toUpperCase();
  return level in LEVELS ? (level as Level) : undefined;
}

function personProblems(incident: Incident, { approvedBy, hypothesis }: ClosingLook): readonly string[] {
  const { kind, stops } = incident.evidence;
  const { confidence } = incident.analysis;
  const problems: string[] = [];
  if (approvedBy !== undefined && !isName(approvedBy))
    problems.push(`Approval: "${approvedBy}" is no name of a person.`);
  if (approvedBy === undefined && kind === "meta-andon")
    problems.push("Approval: a Meta-Andon is closed by a person: --approved-by NAME.");
  else if (approvedBy === undefined && confidence < SURE)
    problems.push(
      `Approval: the confidence in the cause is ${confidence.toFixed(2)}, under ${SURE.toFixed(2)}: a person has to stand for it with --approved-by NAME.`,
    );
  if (
    kind === "reported" &&
    stops &&
    (hypothesis === undefined || isPlaceholder(hypothesis) || hypothesis.trim().split(/\s+/).length < 3)
  )
    problems.push(
      "Hypothesis: people reported failures more than once: say with --hypothesis what will be otherwise now, and why.",
    );
  return problems;
}

const NOBODY =
  /^(?:the )?(?:me|you|someone|somebody|anyone|nobody|human|person|user|admin|root|approved|yes|ok|name|millwright|the mill|mill|ai|llm|model|bot|agent|claude\b.*|gpt\b.*|gemini\b.*|codex\b.*|copilot\b.*)$/i;

function isName(text: string): boolean {
  return /\p{L}.*\p{L}/su.test(text) && !isPlaceholder(text) && !NOBODY.test(text.trim());
}
