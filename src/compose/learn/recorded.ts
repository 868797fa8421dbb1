import type { JournalStore } from "../../adapters/journal/store.ts";
import { historyOf, type RecordedLanding, type RecordedProposal, type RunHistory } from "../../domain/learn-history.ts";
import type { Plan } from "../../domain/plan.ts";
import { parsePlan } from "../../domain/plan-text.ts";
import { RunInputs } from "../../domain/run-inputs.ts";
import type { Task } from "../../domain/task.ts";
import { parseTaskRevision } from "../../domain/task-revision.ts";
import type { Journal } from "../../engine/ports.ts";
import type { LearnWorld } from "./learn-world.ts";

/** What all runs of a repository recorded, oldest first; a reply that was replayed counts once. */
export interface Recorded {
  readonly histories: readonly RunHistory[];
  readonly proposals: readonly RecordedProposal[];
  readonly landings: readonly RecordedLanding[];
}

export async function recordedIn(store: JournalStore): Promise<Recorded> {
  const histories: RunHistory[] = [];
  for (const { id } of await store.runs()) histories.push(historyOf(id, await store.open(id).entries()));
  const seen = new Set<string>();
  const proposals = histories
    .flatMap((history) => history.proposals)
    .filter(({ identity, role, attempt, reply, before }) => {
      const key = [identity, role, attempt, reply, before.base.tree].join("\n");
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
  return { histories, proposals, landings: histories.flatMap((history) => history.landings) };
}

/** What a proposal was an answer to: its task as it stood, its plan, and what its run froze. */
export interface Setting {
  readonly task: Task;
  readonly plan: Plan;
  readonly inputs: RunInputs;
}

/** Undefined when the plan, the task or the frozen inputs can no longer be read. */
export async function settingOf(
  proposal: RecordedProposal,
  { histories }: Recorded,
  { place, repository }: LearnWorld,
): Promise<Setting | undefined> {
  const history = histories.find(({ run }) => run === proposal.run);
  const where = history?.plans.get(proposal.task);
  if (history?.inputs === undefined || where === undefined) return undefined;
  const journal = place.store.open(proposal.run);
  const inputs = RunInputs.safeParse(JSON.parse(await journal.getBlob(history.inputs))).data;
  const parsed = parsePlan((await repository.git.read(where.tree, where.path)) ?? "");
  const planned = parsed.kind === "plan" ? parsed.plan.tasks.find(({ id }) => id === proposal.task) : undefined;
  if (inputs === undefined || planned === undefined || parsed.kind !== "plan") return undefined;
  return { task: await revisedTask(planned, proposal.revisions, journal), plan: parsed.plan, inputs };
}

async function revisedTask(task: Task, revisions: RecordedProposal["revisions"], journal: Journal): Promise<Task> {
  let current = task;
  for (const by of revisions) {
    if (typeof by !== "string") current = by;
    else {
      const revision = parseTaskRevision(await journal.getBlob(by), current);
      if (revision.kind === "task") current = revision.task;
    }
  }
  return current;
}

/** `run/task/role/attempt`. */
export function nameOf({ run, task, role, attempt }: RecordedProposal): string {
  return `${run}/${task}/${role}/${attempt}`;
}
