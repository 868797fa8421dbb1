import { withState } from "../../domain/correction-text.ts";
import type { Candidate } from "../../domain/learn-candidate.ts";
import type { RecordedProposal } from "../../domain/learn-history.ts";
import { retirementOf } from "../../domain/learn-table.ts";
import type { LearnWorld } from "./learn-world.ts";
import { digestOfActive } from "./make-candidates.ts";
import type { Recorded } from "./recorded.ts";
import { changesNone, replayOf } from "./replay.ts";

/**
 * Corrections that have changed nothing for long, or break more than they help, by the same replay: without each, and with it.
 * `idle`: only those that have changed nothing, which takes no judging.
 */
export async function retirements(
  looking: {
    readonly world: LearnWorld;
    readonly recorded: Recorded;
    readonly signal: AbortSignal;
  },
  which: "idle" | "all",
): Promise<readonly Candidate[]> {
  const { world, recorded, signal } = looking;
  const { place, repository, head } = world;
  if (which === "idle" && recorded.proposals.length < place.config.limits.retireAfter) return [];
  const active = world.corrections.filter(({ state }) => state === "on");
  const last = recorded.proposals.slice(-place.config.limits.retireAfter);
  const proposed: Candidate[] = [];
  for (const correction of active) {
    const without = world.correctWith(active.filter((other) => other !== correction));
    const trial = { without, with: world.correctWith(active), recorded: "either" } as const;
    if (which === "idle" && !(await changesNone(trial, last, world))) continue;
    const evidence = await replayOf(trial, last, { recorded, world, signal });
    const why = retirementOf(evidence, place.config.limits.retireAfter, suspendedIn(correction.id, last, recorded));
    const text = await repository.git.read(head.tree, correction.path);
    if (why === undefined || text === undefined) continue;
    proposed.push({
      id: `retire-${correction.id}`,
      kind: "retire",
      title: `switch off ${correction.id}`,
      from: "cases",
      reason: `The correction ${correction.id} has stopped helping: ${why}.`,
      text: withState(text, "off"),
      path: correction.path,
      standing: "offered",
      state: "waiting",
      cases: [],
      evidence: { ...evidence, rows: [...evidence.rows] },
      tried: digestOfActive(world),
      rejected: [],
    });
  }
  return proposed;
}

/** Tasks of these proposals, as `run/task`, in which the loop left a correction out. */
function suspendedIn(id: string, proposals: readonly RecordedProposal[], { histories }: Recorded): readonly string[] {
  const judged = new Set(proposals.map(({ run, task }) => `${run}/${task}`));
  const left = histories.flatMap(({ run, suspensions }) =>
    suspensions.filter(({ correction }) => correction === id).map(({ task }) => `${run}/${task}`),
  );
  return [...new Set(left)].filter((task) => judged.has(task));
}
