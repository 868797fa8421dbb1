import { makerBrief } from "../briefs/task-briefs.ts";
import { admissionFindings, type ProposedFile, rightsOf, workWith } from "../domain/admission.ts";
import type { MakerRole } from "../domain/answered.ts";
import { appliedOf, type ProposedText } from "../domain/correction.ts";
import { correctedFindings } from "../domain/correction-doubt.ts";
import { applyEdits } from "../domain/edit-ladder.ts";
import type { Workspace } from "../domain/model-call.ts";
import { kindOfPath } from "../domain/paths.ts";
import type { Edit } from "../domain/proposal.ts";
import { answerFacts, receivedOf } from "../domain/received.ts";
import { answeredWith } from "../domain/standing.ts";
import { AnswerResult } from "../domain/step-shapes.ts";
import { changedTests } from "../domain/tampering.ts";
import type { Finding, Refusal } from "../domain/verdict.ts";
import { type FileChange, mutableWork, type Work } from "../domain/work.ts";
import { type Answer, ask } from "./ask.ts";
import type { TaskContext } from "./context.ts";
import type { Delivery } from "./delivery.ts";
import { step } from "./step.ts";

/** A maker answers a refusal: propose, apply in memory, judge at the door, and only then add to the work. */
export async function answer(
  asked: { readonly role: MakerRole; readonly rung: number },
  refusal: Refusal,
  delivery: Delivery,
  context: TaskContext,
): Promise<Delivery> {
  const { role, rung } = asked;
  const task = delivery.state.task.id;
  const attempt = delivery.history.filter((answered) => answered.role === role).length + 1;
  const told = { ...refusal, findings: [...refusal.findings, ...correctedFindings(role, refusal, delivery)] };
  const brief = await makerBrief(role, told, delivery, context);
  const reply = await ask({ task, role, attempt, rung, ...brief, workspace: workspaceOf(role, delivery) }, context);
  const key = `answer/${task}/${role}/${attempt}`;
  const result = await step(context.ports, { key, shape: AnswerResult }, () =>
    receive(reply, { role, attempt, gate: refusal.gate, delivery, context }),
  );
  for (const fact of answerFacts(result, { task, role, attempt }))
    await context.ports.journal.append(fact.key, fact.event);
  await delivery.shown;
  return { ...answeredWith(result, asked, refusal, delivery), shown: shown(result, delivery, context) };
}

/** Shows what was admitted, beside the judging; a failure is met where this is awaited. */
function shown(result: AnswerResult, delivery: Delivery, context: TaskContext): Promise<void> {
  if (result.kind !== "admitted") return delivery.shown;
  const showing = context.repository.git.show(worktreeOf(context, delivery.state.task.id), result.commit);
  showing.catch(() => undefined);
  return showing;
}

function workspaceOf(role: MakerRole, { state }: Delivery): Workspace {
  const { task, work } = state;
  const scope = role === "tester" ? task.tests : task.files;
  return { repository: task.repo, tree: work.trees.work, scope };
}

/** What the door says, before the maker's own word is added. */
type Considered = Exclude<AnswerResult, { kind: "impossible" }>;

interface Receiving {
  readonly role: MakerRole;
  readonly attempt: number;
  /** The gate that is answered. */
  readonly gate: string;
  readonly delivery: Delivery;
  readonly context: TaskContext;
}

export async function receive(reply: Answer, receiving: Receiving): Promise<AnswerResult> {
  const { role, gate, delivery, context } = receiving;
  const { task, workflow } = delivery.state;
  const most = context.config.limits.replyKilobytes;
  const writesCode = rightsOf(role, workflow).writes.includes("code");
  const read = receivedOf(reply, { role, gate, task, most, writesCode });
  if (read.kind === "impossible") return { kind: "impossible", reason: read.notes };
  if (read.kind === "refused") return { ...refused(read.findings), assessed: read.assessed };
  const admitted = read.edits.length === 0 ? take([], read.notes, receiving) : admit(read.edits, read.notes, receiving);
  return { ...(await admitted), assessed: read.assessed };
}

async function admit(edits: readonly Edit[], notes: string, receiving: Receiving): Promise<Considered> {
  const { role, delivery, context } = receiving;
  const { git } = context.repository;
  const { work } = delivery.state;
  const paths = [...new Set(edits.map((edit) => edit.path))];
  const now = new Map(
    await Promise.all(paths.map(async (path) => [path, await git.read(work.trees.work, path)] as const)),
  );
  const applied = applyEdits((path) => now.get(path), edits, role);
  if (applied.kind === "refused") return refused(applied.findings);
  const edited = await Promise.all(
    [...applied.files].map(async ([path, after]) => ({ path, base: await git.read(work.base.tree, path), after })),
  );
  const made = await context.repository.corrections?.correct(edited, work.base.tree, delivery.suspended);
  const corrected = made && appliedOf(made);
  const proposed = await Promise.all((made?.files ?? edited).map((file) => proposedFile(file, { edits, receiving })));
  const listed = await git.list(work.base.tree);
  const base = {
    paths: listed.map((file) => file.path),
    links: listed.filter((file) => file.mode === "120000").map((file) => file.path),
  };
  const rights = rightsOf(role, delivery.state.workflow);
  const rejected = (made?.findings ?? []).map((finding) => ({ ...finding, answers: role }));
  const findings = [...rejected, ...admissionFindings(delivery.state, rights, proposed, base)];
  const isTest = (path: string) => kindOfPath(path, delivery.state.profile) === "test";
  if (findings.length > 0) return { ...refused(findings, changedTests(findings, edited, now, isTest)), corrected };
  return { ...(await take(proposed, notes, receiving)), corrected };
}

async function proposedFile(
  { path, base, after }: ProposedText,
  from: { edits: readonly Edit[]; receiving: Receiving },
): Promise<ProposedFile> {
  const { delivery, context } = from.receiving;
  const rewritten = base !== undefined && from.edits.some((edit) => edit.kind === "write" && edit.path === path);
  if (base === undefined || after === null || kindOfPath(path, delivery.state.profile) !== "test")
    return { path, base, after, rewritten };
  const { analysis } = context.repository;
  return {
    path,
    base,
    after,
    rewritten,
    cases: { before: await analysis.cases(path, base), after: await analysis.cases(path, after) },
  };
}

async function take(files: readonly ProposedFile[], notes: string, receiving: Receiving): Promise<Considered> {
  const { role, attempt, delivery, context } = receiving;
  const { git } = context.repository;
  const { base } = delivery.state.work;
  const modes = new Map((await git.list(base.tree)).map((file) => [file.path, file] as const));
  const changes: FileChange[] = [];
  for (const file of files) {
    const mode = modes.get(file.path)?.mode === "100755" ? "100755" : "100644";
    changes.push({ path: file.path, blob: file.after === null ? null : await git.writeBlob(file.after), mode });
  }
  const work = await layered(
    workWith(changes, delivery.state, (path) => modes.get(path)?.blob ?? null),
    context,
  );
  const message = `${role} ${attempt} of ${delivery.state.task.id}: ${delivery.state.task.title}`;
  const commit = await git.commit({
    tree: work.trees.work,
    parents: [base.commit],
    message,
    at: context.startedAt,
  });
  await git.keep(`${context.ports.journal.run}/${delivery.state.task.id}/${role}-${attempt}`, commit);
  return {
    kind: "admitted",
    work: mutableWork(work),
    commit,
    paths: files.map((file) => file.path),
    notes: notes.slice(0, 2000),
  };
}

/** The work with its trees computed anew from base and layers. */
export async function layered(work: Omit<Work, "trees">, context: TaskContext): Promise<Work> {
  const { git } = context.repository;
  const { base, tests, code } = work;
  const red = await git.layOver(base.tree, tests);
  const whole = code.length === 0 ? red : await git.layOver(base.tree, tests, code);
  return { base, tests, code, trees: { red, work: whole } };
}

function worktreeOf(context: TaskContext, task: string): string {
  const folder = context.config.worktrees.replace("{plan}", context.branch.replace(/^loop\//, ""));
  return `${folder}/${task}`;
}

function refused(findings: readonly Finding[], tampers: readonly string[] = []): AnswerResult & { kind: "refused" } {
  return { kind: "refused", findings: [...findings], tampers: [...tampers] };
}
