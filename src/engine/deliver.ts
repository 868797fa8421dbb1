import type { MakerRole } from "../domain/answered.ts";
import { rejected } from "../domain/approval-texts.ts";
import type { ApprovalWord } from "../domain/approvals.ts";
import { MAKER_ROLES } from "../domain/comeback.ts";
import { doubtedCorrections } from "../domain/correction-doubt.ts";
import { diagnosisOf } from "../domain/diagnosis.ts";
import { gatesFor } from "../domain/gates/all.ts";
import { greenRuns } from "../domain/gates/green.ts";
import { escalationOf, infrastructureFault } from "../domain/infrastructure-fault.ts";
import { modelOn, sincePerson } from "../domain/ladder.ts";
import { landedBaseline } from "../domain/landed-baseline.ts";
import { headline, isSuperseded, nextMove, type Retry } from "../domain/moves.ts";
import type { TaskOutcome } from "../domain/outcome.ts";
import type { SuiteReport } from "../domain/suite-report.ts";
import type { Task } from "../domain/task.ts";
import { codeMaker } from "../domain/task-state.ts";
import { testsAnew } from "../domain/tests-anew.ts";
import type { Refusal } from "../domain/verdict.ts";
import { answer } from "./answer.ts";
import type { TaskContext } from "./context.ts";
import { begin, type Delivery } from "./delivery.ts";
import { trip } from "./guard.ts";
import { land, rebase } from "./land.ts";
import { keepBaseline, observeAll } from "./observe.ts";
import { orchestrate } from "./orchestrate.ts";
import { offerRefactor, untidied } from "./refactor.ts";
import { replanTask } from "./replan.ts";
import { rest } from "./rest.ts";
import { beginTestsAnew } from "./tests-anew.ts";

/** Drives one task through its gates: judge; the first refusal says who answers; judge again. */
export async function deliver(
  task: Task,
  head: { commit: string; tree: string },
  context: TaskContext,
): Promise<TaskOutcome> {
  let delivery = await announceStart(begin(task, head, context), context);
  for (;;) {
    const judged = await judge(delivery, context);
    const next = judged.refusal
      ? (untidied(judged.delivery) ?? (await respond(judged.refusal, judged.delivery, context)))
      : ((await offerRefactor(judged.delivery, context)) ?? (await settle(judged, context)));
    if ("kind" in next) {
      await judged.delivery.shown;
      return next;
    }
    delivery = next;
  }
}

/** Nobody refused: the judged tree lands, unless the branch has moved meanwhile; then the turn is kept until it has. */
async function settle(judged: Judged, context: TaskContext): Promise<Delivery | TaskOutcome> {
  const { delivery } = judged;
  await context.turn.take();
  const outcome = await land(delivery, judged.tests, context);
  const next = { ...delivery, state: { ...delivery.state, reading: delivery.state.reading + 1 } };
  if (outcome?.kind === "rejected") return sentBack(outcome.word, next, context);
  if (outcome && judged.baseline) await keepBaseline(delivery.state.work.trees.work, judged.baseline, context);
  return outcome ?? next;
}

/** What somebody does not want to land goes back to its maker with their note, or the task ends. */
async function sentBack(word: ApprovalWord, delivery: Delivery, context: TaskContext): Promise<Delivery | TaskOutcome> {
  const { task, reading } = delivery.state;
  const refusal = rejected(word, codeMaker(delivery.state));
  const about = { task: task.id, ...refusal, findings: [...refusal.findings] };
  await context.ports.journal.append(`rejected/${task.id}/${reading}`, { type: "gate-refused", ...about });
  if (!word.end) return respond(refusal, delivery, context);
  return rest({ kind: "stuck", reason: headline(refusal) }, refusal, delivery, context);
}

/** The move that the rules decide; a task that would stop goes on when something that could matter has changed since. */
async function respond(refusal: Refusal, judged: Delivery, context: TaskContext): Promise<Delivery | TaskOutcome> {
  const doubted = doubtedCorrections(refusal, judged);
  for (const { key, event } of doubted) await context.ports.journal.append(key, event);
  const suspended = [...judged.suspended, ...doubted.map(({ event }) => event.correction)];
  const delivery = doubted.length === 0 ? judged : { ...judged, suspended };
  const next = await moved(refusal, delivery, context);
  return "kind" in next ? rest(next, refusal, delivery, context) : next;
}

async function moved(refusal: Refusal, delivery: Delivery, context: TaskContext): Promise<Delivery | TaskOutcome> {
  if (isSuperseded(refusal, delivery.rebased, delivery.state.work))
    return { kind: "superseded", reason: "its tests pass on the moved base without its code" };
  const ended = await trip(refusal, delivery, context);
  if (ended) return ended;
  const { limits } = context.config;
  const fault = escalationOf(
    infrastructureFault(refusal, delivery.state),
    sincePerson(delivery.history),
    limits.infrastructureSights,
  );
  if (fault !== undefined) return { kind: "waiting", reason: fault };
  const { models } = context.ports;
  const rungs = (role: MakerRole) => delivery.models[role] ?? models.ladder(role).length;
  const move = nextMove(refusal, delivery.history, limits, rungs);
  const anew = testsAnew(move, refusal, delivery, rungs);
  if (anew) return beginTestsAnew(anew, delivery, context);
  switch (move.kind) {
    case "stop":
      return { kind: move.outcome, reason: move.reason };
    case "rebase":
      await context.turn.take();
      return rebase(delivery, context);
    case "replan":
      return replanTask(move.reason, delivery, context);
    case "orchestrate":
      context.turn.release();
      return orchestrate(move, delivery, context);
    case "retry":
      context.turn.release();
      return answer(move, refusal, await climbed(move, delivery, context), context);
  }
}

/** A maker that stands on a new rung begins anew, with a diagnosis of what it tried; the reason is a fact. */
async function climbed(move: Retry, delivery: Delivery, context: TaskContext): Promise<Delivery> {
  const { role, rung, reason } = move;
  if (reason === undefined) return delivery;
  const { ladder } = context.ports.models;
  const model = modelOn(ladder(role), rung).name;
  const task = delivery.state.task.id;
  const key = `escalated/${task}/${role}/${delivery.history.length}`;
  await context.ports.journal.append(key, { type: "escalated", task, role, rung, model, reason });
  const told = new Map([...delivery.told].filter(([other]) => other !== role));
  return { ...delivery, told, diagnosis: { role, text: diagnosisOf(role, delivery.history) } };
}

interface Judged {
  readonly delivery: Delivery;
  readonly refusal: Refusal | undefined;
  /** Tests that passed in the run that green judged. */
  readonly tests: number;
  /** What the suite says of the tree, if it lands. */
  readonly baseline?: SuiteReport | undefined;
}

/** Asks each gate in order; stops at the first "no". */
async function judge(delivery: Delivery, context: TaskContext): Promise<Judged> {
  if (delivery.atDoor) return { delivery, refusal: delivery.atDoor, tests: 0 };
  const { state } = delivery;
  const round = delivery.judged + 1;
  const seen = new Map<string, unknown>();
  for (const listed of gatesFor(state.workflow, state.task)) {
    context.ports.glimpse({ kind: "doing", task: state.task.id, what: `gate ${listed.label}` });
    await observeAll(listed, { state, context, rounds: delivery.rounds }, seen);
    const verdict = listed.gate.judge(state, seen, listed.entry);
    const key = `judged/${state.task.id}/${round}/${listed.label}`;
    const about = { task: state.task.id, gate: listed.label };
    if (verdict.kind === "refuse") {
      await context.ports.journal.append(key, { type: "gate-refused", ...about, findings: [...verdict.findings] });
      return {
        delivery: { ...delivery, judged: round },
        refusal: { gate: listed.label, findings: verdict.findings },
        tests: 0,
      };
    }
    await context.ports.journal.append(key, { type: "gate-passed", ...about, notes: [...verdict.notes] });
  }
  const runs = greenRuns(state, seen);
  const tests = runs?.work.cases.filter((test) => test.outcome === "passed").length ?? 0;
  return {
    delivery: { ...delivery, judged: round },
    refusal: undefined,
    tests,
    baseline: runs && landedBaseline(runs),
  };
}

async function announceStart(delivery: Delivery, context: TaskContext): Promise<Delivery> {
  const { task, work, workflow } = delivery.state;
  const gates = gatesFor(workflow, task).map((listed) => listed.label);
  const { journal, models } = context.ports;
  await journal.append(`task/${task.id}`, {
    type: "task-started",
    task: task.id,
    title: task.title,
    kind: task.kind,
    base: work.base.commit,
    gates,
    attempts: context.config.limits.attempts,
    models: Object.fromEntries(MAKER_ROLES.map((role) => [role, models.ladder(role).length])),
  });
  const started = await journal.find(`task/${task.id}`);
  return { ...delivery, models: (started?.type === "task-started" && started.models) || {} };
}
