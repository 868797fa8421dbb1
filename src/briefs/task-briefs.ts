import type { MakerRole } from "../domain/answered.ts";
import { toldFindings } from "../domain/brief-findings.ts";
import { type Brief, roomOf } from "../domain/brief-fit.ts";
import { sinceText } from "../domain/brief-map.ts";
import { type BriefPart, fixedPart, tokensOf } from "../domain/brief-parts.ts";
import { judgeParts, judgeStable, makerParts } from "../domain/brief-question.ts";
import { changedText, goesOn, newFindings, saysSection, type Told, toldNow } from "../domain/brief-retry.ts";
import { taskSection } from "../domain/brief-text.ts";
import { pathsOfTask } from "../domain/file-choice.ts";
import type { TaskState } from "../domain/gate.ts";
import type { Need } from "../domain/need.ts";
import { recentResults } from "../domain/recent-results.ts";
import { RecentResult } from "../domain/step-shapes.ts";
import type { Refusal } from "../domain/verdict.ts";
import type { TreeId } from "../domain/work.ts";
import type { TaskContext } from "../engine/context.ts";
import type { Delivery } from "../engine/delivery.ts";
import type { Repository } from "../engine/ports.ts";
import { step } from "../engine/step.ts";
import { addressee, fittedBrief, judgeSystem, systemParts } from "./system-parts.ts";

/** Characters of code that is shown because of its names or words. */
const RELATED_ROOM = 6000;

/** The brief of a maker: what it was told last and what is new, or the task, its files, the work so far, findings last. */
export async function makerBrief(
  role: MakerRole,
  refusal: Refusal,
  delivery: Delivery,
  context: TaskContext,
): Promise<Brief> {
  const { state, told } = delivery;
  const own = { gate: refusal.gate, findings: toldFindings(ownFindings(role, refusal)) };
  const before = told.get(role);
  const next = before && (await continued(before, own, state, context));
  const room = roomOf(await addressee(role, context));
  const goes = before && next && goesOn(before, state.work.base.tree, next) && tokensOf(next) < room / 2;
  const user = goes ? [fixedPart("", next)] : await wholeQuestion(role, own, delivery, context);
  const repeats = goes ? (before.parts ?? []) : [];
  const brief = await fittedBrief(role, { system: await taskSystem(role, state, context), user, repeats }, context);
  told.set(role, { ...toldNow(brief.user, own.findings, state.work, goes ? before : undefined), parts: brief.said });
  return brief;
}

/** What was said last, byte for byte, then what the work and the gates say now. */
async function continued(before: Told, refusal: Refusal, { work }: TaskState, context: TaskContext): Promise<string> {
  const { git } = context.repository;
  const changes = (await git.changes(before.shown, work.trees.work)).filter((change) => change.blob !== null);
  const paths = changes.map((change) => change.path);
  const shown = await texts(paths, work.trees.work, context.repository);
  const added = new Set(changes.filter((change) => change.status === "added").map((change) => change.path));
  const diff = changes.length === 0 ? "" : await git.diff(before.shown, work.trees.work, 3);
  const says = saysSection(refusal, newFindings(refusal.findings, before.said));
  return [before.user, changedText(diff, shown, added), says].filter((part) => part !== "").join("\n\n");
}

async function wholeQuestion(
  role: MakerRole,
  refusal: Refusal,
  { state, advice, diagnosis }: Delivery,
  context: TaskContext,
): Promise<readonly BriefPart[]> {
  const { repository } = context;
  const { work, task, profile } = state;
  const tree = work.base.tree;
  const indexed = await planTree(state, context);
  const paths = pathsOfTask(task, await pathsIn(tree, repository), profile);
  const purpose = role === state.workflow.makers.tests ? "tests" : "code";
  const question = { tree, indexed, paths, purpose, text: taskSection(task), room: RELATED_ROOM } as const;
  const changed = [...work.tests, ...work.code].filter((change) => change.blob !== null).map((change) => change.path);
  return makerParts(state, {
    purpose,
    refusal,
    advice,
    diagnosis: diagnosis?.role === role ? diagnosis.text : undefined,
    since: await landedSince(indexed, tree, repository),
    files: await texts(paths, tree, repository),
    related: await repository.retrieval.related(question),
    work: await texts(changed, work.trees.work, repository),
    recent: await recent(context, state),
  });
}

async function landedSince(then: TreeId, now: TreeId, { git, retrieval }: Repository): Promise<string> {
  if (then === now) return "";
  return sinceText(await git.changes(then, now), await retrieval.outline(then), await retrieval.outline(now));
}

/** What had come of the run's other tasks when this one was first told. */
async function recent({ ports, plan }: TaskContext, { task }: TaskState): Promise<string> {
  const key = `recent/${plan.plan}/${task.id}`;
  const { lines } = await step(ports, { key, shape: RecentResult }, async () => ({
    lines: [...recentResults((await ports.journal.entries()).map((entry) => entry.event))],
  }));
  return lines.join("\n");
}

/** The tree of a plan's map and index: where the run began, so that they stay the same as tasks land. */
async function planTree({ work }: TaskState, { repository, base }: TaskContext): Promise<TreeId> {
  return (await repository.git.resolve(base.commit))?.tree ?? work.base.tree;
}

/** What a role is told in every question about a task of this plan. */
export async function taskSystem(
  role: MakerRole | "architect",
  state: TaskState,
  context: TaskContext,
): Promise<readonly BriefPart[]> {
  const named = role === "architect" ? [] : context.plan.tasks.flatMap((task) => task.skill ?? []);
  const skills = [...new Set(named)].map((name) => ({ name, own: name === state.task.skill }));
  return systemParts(role, { repository: context.repository, tree: await planTree(state, context), skills }, context);
}

/** A judge sees the task and the difference, never the maker's words. */
export async function judgeBrief(
  need: Extract<Need, { see: "judgement" }>,
  { state, context }: { state: TaskState; context: TaskContext },
  problems: readonly string[],
): Promise<Brief> {
  const difference = await context.repository.git.diff(need.from, need.to, 5);
  const user = judgeParts(state, difference, {
    unnoticed: need.unnoticed ?? [],
    doubtful: need.doubtful ?? [],
    problems,
  });
  const words = { repository: context.repository, tree: state.work.base.tree };
  const system = await judgeSystem(need.judge, words, context);
  return fittedBrief(need.judge, { system, user, stable: judgeStable }, context);
}

/** A maker is told what it can answer; what another must answer would only confuse it. */
function ownFindings(role: MakerRole, refusal: Refusal): Refusal["findings"] {
  const own = refusal.findings.filter((finding) => finding.answers === role);
  return own.length > 0 ? own : refusal.findings;
}

async function pathsIn(tree: TreeId, { git }: Repository): Promise<readonly string[]> {
  return (await git.list(tree)).map((file) => file.path);
}

async function texts(
  paths: readonly string[],
  tree: TreeId,
  { git }: Repository,
): Promise<ReadonlyMap<string, string>> {
  const read = await Promise.all(paths.map(async (path) => [path, await git.read(tree, path)] as const));
  return new Map(read.flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const])));
}
