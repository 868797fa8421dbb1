import { counted, countText, durationText } from "./amounts.ts";
import { type Cost, costOf } from "./cost.ts";
import { besideOf } from "./criteria-words.ts";
import { plain, plainLine, sentence } from "./plain.ts";
import type { RefusalView, RunView, TaskView } from "./run-view.ts";
import { findingText } from "./story.ts";

const EVIDENCE_LINES = 12;

/** The run as a Markdown report: what landed, what was refused and why, what it took, what was not as good as it should be. */
export function reportOf(view: RunView, cost: Cost = costOf(view)): string {
  const parts = [
    head(view),
    section(
      "What to know",
      degradedOf(view).map((line) => `- ${line}`),
    ),
    section(
      "Landed",
      view.landed.map(
        (commit) =>
          `- \`${commit.commit.slice(0, 10)}\` **${commit.task}** ${text(commit.title)} (${testsOf(commit.tests)}; ${commit.paths.map((path) => `\`${text(path)}\``).join(", ")})`,
      ),
    ),
    section(
      "Not landed",
      view.tasks
        .filter(notLanded)
        .map(
          (task) =>
            `- **${text(task.id)}** ${text(task.title)}: ${task.state}${task.reason ? `: ${text(task.reason)}` : ""}`,
        ),
    ),
    section("Refused", refusalsOf(view)),
    section(
      "Other models, briefs and tasks on the way",
      view.tasks.flatMap(({ id, turns }) => turns.map((turn) => `- **${text(id)}** ${text(turn)}`)),
    ),
    section("Review", view.tasks.flatMap(reviewOf)),
    section(
      "Goal",
      view.goals.flatMap((goal) => [
        `- round ${goal.round}: **${goal.decision}**`,
        ...goal.evidence.map((line) => `  - ${text(line)}`),
      ]),
    ),
    section(
      "Could not be found out",
      view.failures.map(
        (failure) => `- ${text(failure.step)}: ${text(sentence(failure.message))} ${text(failure.hint)}`,
      ),
    ),
    section("Told from memory, in how many questions", memoryLines(view)),
    section("Models and cost", costLines(view, cost)),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** Every way in which this run was less than it should be, in words; empty when there is none. */
export function degradedOf(view: RunView): readonly string[] {
  const lines = [...settingsOf(view), ...doubtsOf(view.totals), ...view.notices.map(text), ...remarksOf(view.tasks)];
  return [...new Set(lines)];
}

/** What the gates remarked, once for all the tasks of which they did; that a review had nothing to say is not told. */
function remarksOf(tasks: readonly TaskView[]): readonly string[] {
  const about = new Map<string, string[]>();
  for (const { id, notes } of tasks)
    for (const note of notes) if (note !== SPOTLESS) about.set(note, [...(about.get(note) ?? []), text(id)]);
  return [...about].map(([note, ids]) => `${whoseText(ids)}: ${text(note)}`);
}

const SPOTLESS = "APPROVE with 100 of 100.";
const MOST_NAMED = 4;

function whoseText(ids: readonly string[]): string {
  const more = ids.length - MOST_NAMED;
  return more <= 1 ? ids.join(", ") : `${ids.slice(0, MOST_NAMED).join(", ")} and ${more} more`;
}

/** Said here unless a notice of the run says it in its own words. */
function settingsOf({ sandbox, independence, notices }: RunView): readonly string[] {
  const isSilent = (setting: string) => !notices.some((notice) => notice.includes(setting));
  const unsandboxed = sandbox.startsWith("none") && isSilent("sandbox: none");
  const alone = independence === "none" && isSilent("independence: none");
  return [
    ...(unsandboxed ? ["**Unsandboxed**: the tests ran with the rights of the user (`sandbox: none`)."] : []),
    ...(alone
      ? ["**Independence none**: maker and reviewer may be the same model, so the review is no second opinion."]
      : []),
  ];
}

function doubtsOf({ drifted, askedAgain }: RunView["totals"]): readonly string[] {
  const replies = `${counted(drifted, "reply", "replies")} answered another request than the recorded one.`;
  const calls = `${counted(askedAgain, "model call")} after an interruption or a transient failure; the ones before may have been paid for.`;
  return [
    ...(drifted > 0 ? [`**Drifted recording**: ${replies}`] : []),
    ...(askedAgain > 0 ? [`**Asked again**: ${calls}`] : []),
  ];
}

function head(view: RunView): string {
  const { landed, tasks } = view;
  const base = `\`${view.base.commit.slice(0, 10)}\`${view.base.branch ? ` (${text(view.base.branch)})` : ""}`;
  const facts = [
    `**${view.state === "open" ? "open (running, or cut off)" : view.state}**${view.reason ? `: ${text(view.reason)}` : ""}`,
    `${landed.length} of ${counted(tasks.length, "task")} landed`,
    `${counted(view.totals.refusals, "refusal")}`,
    `${counted(view.totals.answers, "answer")}`,
    durationText(view.activeMilliseconds),
  ];
  return [
    `# ${text(view.title)}`,
    "",
    facts.join(" · "),
    "",
    `Run \`${view.run}\` · workflow ${text(view.workflow)} · base ${base} · sandbox ${text(view.sandbox)} · millwright ${text(view.version)}`,
    ...(view.spec.path ? [`Spec: \`${text(view.spec.path)}\``] : []),
    ...view.plans.map(
      ({ plan, path, branch }) => `Plan: \`${text(path)}\` (${text(plan)}) → branch \`${text(branch)}\``,
    ),
  ].join("\n");
}

function notLanded(task: TaskView): boolean {
  return task.state !== "landed" && task.tests === undefined;
}

function refusalsOf(view: RunView): readonly string[] {
  const ofPlan = view.planRefusals.flatMap((refusal) => refusalLines("plan", refusal));
  const lines = [
    ...ofPlan,
    ...view.tasks.flatMap((task) => task.refusals.flatMap((refusal) => refusalLines(task.id, refusal))),
  ];
  return lines.length > 0 ? lines : ["- nothing was refused"];
}

function refusalLines(who: string, { gate, findings }: RefusalView): readonly string[] {
  return [
    `- **${text(who)}** refused by **${text(gate)}**`,
    ...findings.flatMap((finding) => [
      `  - ${text(findingText(finding))}`,
      ...evidenceOf(finding.evidence),
      ...evidenceOf(finding.withheld),
    ]),
  ];
}

function evidenceOf(evidence: string | undefined): readonly string[] {
  if (!evidence) return [];
  const lines = plain(evidence).trimEnd().split("\n");
  const shown = lines.slice(0, EVIDENCE_LINES).map((line) => `        ${line.slice(0, 200)}`);
  const rest = lines.length - shown.length;
  return ["", ...shown, ...(rest > 0 ? [`        … ${counted(rest, "more line")}`] : []), ""];
}

function reviewOf(task: TaskView): readonly string[] {
  const { id, review } = task;
  if (!review) return [];
  const reasons = review.reasons.map((reason) => `  - ${text(reason)}`);
  const words = besideOf(task).map((line) => `  - ${text(line)}`);
  return [
    `- **${text(id)}** ${review.decision}, ${review.score} of 100, by ${text(review.judge)}`,
    ...reasons,
    ...words,
  ];
}

function memoryLines({ told }: RunView): readonly string[] {
  return Object.entries(told).map(([role, layers]) => {
    const counts = Object.entries(layers).map(([layer, count]) => `${text(layer)} ${count}`);
    return `- ${text(role)}: ${counts.join(", ")}`;
  });
}

function costLines(view: RunView, cost: Cost): readonly string[] {
  const roles = Object.entries(view.models).map(([role, model]) => `- ${text(role)}: ${text(model)}`);
  const used = cost.models.map((used) => {
    const money = used.money === undefined ? "" : `, ${used.money.toFixed(4)}`;
    return `- ${text(used.model)}: ${counted(used.answers, "answer")}, ${countText(used.input)} tokens in (${countText(used.cached)} cached), ${countText(used.output)} out${money}`;
  });
  const estimate = cost.counted ? [] : ["- some token counts are estimates: the backend gave none"];
  const sum = cost.money === undefined ? [] : [`- **together ${cost.money.toFixed(4)}** in the currency of \`prices\``];
  return [...roles, ...used, ...sum, ...estimate];
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `## ${title}\n\n${lines.join("\n")}`;
}

/** One safe line; a backtick cannot end the code it stands in. */
function text(value: string): string {
  return plainLine(value, 400).replaceAll("`", "'");
}

function testsOf(tests: number): string {
  return tests === 0 ? "no suite had to run" : `${counted(tests, "test")} passed`;
}
