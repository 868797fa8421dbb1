import { BreakerSight, breakerSight, tripped } from "../domain/breakers.ts";
import { driftFailure, driftsIn, incidentOfDrift, promisedFiles } from "../domain/drift-guard.ts";
import { lineStopped } from "../domain/line-stopped.ts";
import type { TaskOutcome } from "../domain/outcome.ts";
import { planPath } from "../domain/plan-path.ts";
import { tampering } from "../domain/tampering.ts";
import type { Refusal } from "../domain/verdict.ts";
import type { TaskContext } from "./context.ts";
import type { Delivery } from "./delivery.ts";
import { report } from "./line.ts";
import { step } from "./step.ts";

/** The circuit breakers: says why the task ends here, if it does. @throws StepFailure `line-stopped` when one stops the line */
export async function trip(
  refusal: Refusal,
  delivery: Delivery,
  context: TaskContext,
): Promise<TaskOutcome | undefined> {
  const { state, history } = delivery;
  const { ports, config } = context;
  const about = { run: ports.journal.run, task: state.task.id, answers: history.length };
  const key = `breakers/${about.task}/${about.answers}`;
  const sight = await step(ports, { key, shape: BreakerSight }, async () =>
    breakerSight(await ports.journal.entries(), about.task, ports.clock.now()),
  );
  const seen = { history, atDoor: delivery.atDoor !== undefined, moves: state.task.moves };
  const tampered = tampering(refusal, seen, config.limits.tampering);
  const found = tripped(sight, { ...about, refusal, tampered, tree: state.work.trees.work }, config.limits);
  if (found === undefined) return undefined;
  await report(found.incident, context);
  if (found.ends !== undefined) return { kind: "stuck", reason: found.ends };
  const open = await ports.line.stopped();
  const stopped = lineStopped(open.filter(({ kind }) => kind === found.incident.kind));
  if (stopped) throw stopped;
  return undefined;
}

/** Looks, right before a landing, whether what was agreed still stands. @throws StepFailure `spec-drift` */
export async function refuseDrift({ state }: Delivery, context: TaskContext): Promise<void> {
  const { ports, spec, plan } = context;
  const { git } = context.repository;
  const { work, task } = state;
  const main = ports.repository(undefined).git;
  const head = await main.resolve(context.branch);
  const path = spec.path ?? "";
  const read = async (tree: string) => (spec.path === undefined ? undefined : git.read(tree, path));
  const promised = promisedFiles(plan.tasks).map(
    async (file) => [file, await git.read(work.trees.work, file)] as const,
  );
  const drifts = driftsIn({
    task,
    tasks: plan.tasks,
    spec,
    entries: await ports.journal.entries(),
    specHere: spec.path === undefined ? undefined : await ports.library.text(path),
    specBefore: await read(work.base.tree),
    specAfter: await read(work.trees.work),
    planText: head && (await main.read(head.tree, planPath(plan.plan, context.startedAt))),
    present: new Set((await git.list(work.trees.work)).map((file) => file.path)),
    texts: new Map(await Promise.all(promised)),
  });
  if (drifts.length === 0) return;
  await report(
    incidentOfDrift(drifts, { run: ports.journal.run, task: task.id, at: "land", tree: work.trees.work }),
    context,
  );
  throw driftFailure(drifts, task.id);
}
