import type { MakerRole } from "./answered.ts";
import type { Event, JournalEntry } from "./event.ts";
import { isExpected, leading } from "./leading-finding.ts";
import { impossibleRefusal } from "./refused-answer.ts";
import { AnswerResult, AskResult, BranchResult, RebaseResult } from "./step-shapes.ts";
import type { Task } from "./task.ts";
import type { Refusal } from "./verdict.ts";
import type { Layer } from "./work.ts";

/** A maker's reply as a run recorded it, and what the gates said of it. */
export interface RecordedProposal {
  readonly run: string;
  readonly task: string;
  /** What the task is called: the same in any run. */
  readonly identity: string;
  readonly role: MakerRole;
  readonly attempt: number;
  /** Blob of the reply. */
  readonly reply: string;
  readonly cutOff: boolean;
  /** The work to which it was an answer. */
  readonly before: {
    readonly base: { readonly commit: string; readonly tree: string };
    readonly tests: Layer;
    readonly code: Layer;
  };
  readonly branch: string;
  /** The gates that the task's makers were asked to answer so far; the last one is the one that it answers. */
  readonly asked: readonly string[];
  readonly result: AnswerResult;
  /** What refused it: the door, or the next gate that its maker had to answer. */
  readonly refusal: Refusal | undefined;
  /** The gate at which somebody else's turn came; undefined when no gate said no. */
  readonly until: string | undefined;
  /** For tests that passed and were written anew all the same: what was refused because of them, as far as anybody knows. */
  readonly setAside: Refusal | undefined;
  /** How the task was revised before it, oldest first: the blob of a reply, or the task itself. */
  readonly revisions: readonly (string | Task)[];
}

/** What a task landed in a run. */
export interface RecordedLanding {
  readonly run: string;
  readonly task: string;
  readonly identity: string;
  readonly tree: string;
  readonly paths: readonly string[];
  /** What it landed on; undefined when the run does not say. */
  readonly base: { readonly commit: string; readonly tree: string } | undefined;
}

/** What there is to learn from in a run. */
export interface RunHistory {
  readonly run: string;
  /** Blob of what the run froze at its start. */
  readonly inputs: string | undefined;
  /** Where each task's plan lies. */
  readonly plans: ReadonlyMap<string, { readonly tree: string; readonly path: string }>;
  readonly proposals: readonly RecordedProposal[];
  readonly landings: readonly RecordedLanding[];
  /** Corrections that were left out for the rest of a task, because what they wrote was refused again. */
  readonly suspensions: readonly { readonly task: string; readonly correction: string }[];
}

type Draft = { -readonly [Key in keyof RecordedProposal]: RecordedProposal[Key] };

interface Telling {
  readonly run: string;
  inputs: string | undefined;
  readonly titles: Map<string, string>;
  readonly trees: Map<string, string>;
  readonly plans: Map<string, { tree: string; path: string }>;
  readonly branches: Map<string, string>;
  readonly works: Map<string, RecordedProposal["before"]>;
  readonly revisions: Map<string, (string | Task)[]>;
  readonly replies: Map<string, { reply: string; cutOff: boolean }>;
  /** The proposal of each task that the gates judge now. */
  readonly judged: Map<string, Draft>;
  /** Per task: what said no last, and the gates that were answered. */
  readonly refusing: Map<string, Refusal>;
  /** Per task: the last "no" since its tests were written that somebody had caused. */
  readonly failing: Map<string, Refusal>;
  readonly asked: Map<string, string[]>;
  readonly proposals: Draft[];
  readonly landings: RecordedLanding[];
  readonly suspensions: { task: string; correction: string }[];
}

/** Folds the facts of one run, oldest first. */
export function historyOf(run: string, entries: readonly JournalEntry[]): RunHistory {
  const telling: Telling = {
    run,
    inputs: undefined,
    titles: new Map(),
    trees: new Map(),
    plans: new Map(),
    branches: new Map(),
    works: new Map(),
    revisions: new Map(),
    replies: new Map(),
    judged: new Map(),
    refusing: new Map(),
    failing: new Map(),
    asked: new Map(),
    proposals: [],
    landings: [],
    suspensions: [],
  };
  for (const { event } of entries) tell(event, telling);
  const { inputs, plans, proposals, landings, suspensions } = telling;
  return { run, inputs, plans, proposals, landings, suspensions };
}

function tell(event: Event, telling: Telling): void {
  if (event.type === "plan-accepted") acceptPlan(event, telling);
  else if (event.type === "task-started") telling.titles.set(event.task, event.title);
  else if (event.type === "step-completed") completeStep(event.step, event.result, telling);
  else if (event.type === "orchestrated" && event.decision === "task") revise(event.task, telling);
  else if (event.type === "task-reopened") reopen(event, telling);
  else if (event.type === "tests-begun-anew") beginTestsAnew(event, telling);
  else if (event.type === "gate-refused") refuse(event, telling);
  else if (event.type === "landed") land(event, telling);
  else if (event.type === "correction-suspended")
    telling.suspensions.push({ task: event.task, correction: event.correction });
}

/** A task that comes back may begin anew: without its code, and without its tests when these were to be answered. */
function reopen(event: Extract<Event, { type: "task-reopened" }>, telling: Telling): void {
  const { task, revision, anew } = event;
  if (revision !== undefined) revise(task, telling, revision);
  const work = telling.works.get(task);
  const refusal = telling.refusing.get(task);
  if (work === undefined || !anew) return;
  const keepsTests = refusal === undefined || leading(refusal)?.answers !== "tester";
  telling.works.set(task, { ...work, tests: keepsTests ? work.tests : [], code: [] });
}

/** Tests that refused what their maker's neighbour could not better: they and the code are laid aside. */
function beginTestsAnew(event: Extract<Event, { type: "tests-begun-anew" }>, telling: Telling): void {
  const { task, role, attempts, findings } = event;
  const work = telling.works.get(task);
  if (work !== undefined) telling.works.set(task, { ...work, tests: [], code: [] });
  telling.judged.delete(task);
  const refusal = { gate: "green", findings: findings as Refusal["findings"] };
  for (const proposal of telling.proposals)
    if (proposal.task === task && proposal.role === role && attempts.includes(proposal.attempt))
      layAside(proposal, refusal);
}

/** A proposal that stood counts as refused by what came of it. */
function layAside(proposal: Draft, refusal: Refusal | undefined): void {
  if (proposal.refusal !== undefined || proposal.result.kind !== "admitted") return;
  proposal.setAside ??= refusal;
}

function land({ task, tree, paths }: Extract<Event, { type: "landed" }>, telling: Telling): void {
  const base = telling.works.get(task)?.base;
  telling.landings.push({ run: telling.run, task, identity: identityOf(task, telling), tree, paths, base });
}

function acceptPlan(event: Extract<Event, { type: "plan-accepted" }>, telling: Telling): void {
  const tree = telling.trees.get(event.plan);
  for (const { id, title } of event.tasks) {
    telling.titles.set(id, title);
    telling.branches.set(id, event.branch);
    if (tree !== undefined) telling.plans.set(id, { tree, path: event.path });
  }
}

function completeStep(step: string, result: unknown, telling: Telling): void {
  const [kind = "", task = "", role = "", attempt = "", ...more] = step.split("/");
  if (kind === "inputs") telling.inputs = (result as { blob?: string } | undefined)?.blob;
  else if (kind === "branch") telling.trees.set(task, BranchResult.safeParse(result).data?.tree ?? "");
  else if (kind === "base") startOn(role, result, telling);
  else if (kind === "rebase") rebased(task, result, telling);
  else if (kind === "ask") keepReply(step, result, telling);
  else if (kind === "answer" && more.length === 0) propose({ task, role, attempt: Number(attempt) }, result, telling);
}

function startOn(task: string, result: unknown, telling: Telling): void {
  const base = BranchResult.safeParse(result).data;
  if (base === undefined) return;
  telling.branches.set(task, base.branch);
  telling.works.set(task, { base: { commit: base.commit, tree: base.tree }, tests: [], code: [] });
}

function rebased(task: string, result: unknown, telling: Telling): void {
  const moved = RebaseResult.safeParse(result).data;
  if (moved !== undefined) telling.works.set(task, workOf(moved.work));
}

function keepReply(step: string, result: unknown, telling: Telling): void {
  const asked = AskResult.safeParse(result).data;
  if (asked === undefined) return;
  const [, task = "", role = ""] = step.split("/");
  telling.replies.set(step.slice("ask/".length), { reply: asked.reply, cutOff: asked.finish === "length" });
  if (role === "architect" && task !== "plan") revise(task, telling, asked.reply);
  if (role === "orchestrator") telling.replies.set(`${task}/orchestrator`, { reply: asked.reply, cutOff: false });
}

/** A revised task begins again on the same base. */
function revise(
  task: string,
  telling: Telling,
  by: string | Task | undefined = telling.replies.get(`${task}/orchestrator`)?.reply,
): void {
  if (by !== undefined) telling.revisions.set(task, [...(telling.revisions.get(task) ?? []), by]);
  telling.asked.delete(task);
  const work = telling.works.get(task);
  if (work !== undefined) telling.works.set(task, { ...work, tests: [], code: [] });
  telling.judged.delete(task);
}

function isMaker(role: string): role is MakerRole {
  return role === "tester" || role === "developer" || role === "documenter";
}

function propose(
  { task, role, attempt }: { readonly task: string; readonly role: string; readonly attempt: number },
  step: unknown,
  telling: Telling,
): void {
  const result = AnswerResult.safeParse(step).data;
  const reply = telling.replies.get(`${task}/${role}/${attempt}`);
  const before = telling.works.get(task);
  if (result === undefined || reply === undefined || before === undefined || !isMaker(role)) return;
  const refusal = result.kind === "refused" ? { gate: "door", findings: result.findings } : undefined;
  const about = { run: telling.run, task, identity: identityOf(task, telling), role, attempt, ...reply, before };
  const branch = telling.branches.get(task) ?? "";
  const revisions = [...(telling.revisions.get(task) ?? [])];
  const asked = [...(telling.asked.get(task) ?? []), telling.refusing.get(task)?.gate ?? ""];
  telling.asked.set(task, asked);
  if (refusal !== undefined) telling.refusing.set(task, refusal);
  const earlier = telling.proposals.findLast((one) => one.task === task && one.role === role);
  if (role === "tester" && earlier !== undefined) layAside(earlier, telling.failing.get(task));
  const proposal: Draft = {
    ...about,
    branch,
    asked,
    result,
    refusal,
    until: undefined,
    setAside: undefined,
    revisions,
  };
  telling.proposals.push(proposal);
  telling.judged.delete(task);
  keepFailing(proposal, telling);
  if (result.kind !== "admitted") return;
  telling.works.set(task, workOf(result.work));
  telling.judged.set(task, proposal);
}

/** What is held against a task's tests, should they be written anew; new tests begin with nothing. */
function keepFailing({ task, role, result, refusal }: Draft, { failing }: Telling): void {
  if (role === "tester" && refusal === undefined) failing.delete(task);
  else if (refusal !== undefined && !failing.has(task)) failing.set(task, refusal);
  else if (result.kind === "impossible" && !failing.has(task)) failing.set(task, impossibleRefusal(result.reason));
}

/** The first "no" after a proposal: its maker's matter, or somebody else's turn. */
function refuse(event: Extract<Event, { type: "gate-refused" }>, telling: Telling): void {
  const refusal = { gate: event.gate, findings: event.findings as Refusal["findings"] };
  telling.refusing.set(event.task, refusal);
  if (!isExpected(refusal)) telling.failing.set(event.task, refusal);
  const proposal = telling.judged.get(event.task);
  if (proposal === undefined) return;
  telling.judged.delete(event.task);
  const own = leading(refusal)?.answers === proposal.role && !isExpected(refusal);
  if (own) proposal.refusal = refusal;
  else proposal.until = event.gate;
}

function workOf(work: {
  readonly base: { readonly commit: string; readonly tree: string };
  readonly tests: Layer;
  readonly code: Layer;
}) {
  return { base: work.base, tests: work.tests, code: work.code };
}

function identityOf(task: string, telling: Telling): string {
  return `${task} ${telling.titles.get(task) ?? ""}`.trim();
}
