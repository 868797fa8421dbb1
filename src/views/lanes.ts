import type { LaneName, LaneState, TaskView } from "./run-view.ts";

export interface Lane {
  readonly lane: LaneName;
  readonly state: LaneState;
}

const LANES: readonly LaneName[] = ["RED", "GATES", "GREEN", "REVIEW"];
const LANE_OF: Readonly<Record<string, LaneName>> = {
  red: "RED",
  green: "GREEN",
  unchanged: "GREEN",
  kills: "GREEN",
  "hard-coded": "GREEN",
  discriminates: "GREEN",
  "held-out": "GREEN",
  inputs: "GREEN",
  check: "GREEN",
  review: "REVIEW",
  checklist: "REVIEW",
};

/** The task's lanes in order; a lane that its gates do not use is left out. */
export function lanesOf(task: TaskView): readonly Lane[] {
  const next = task.state === "open" ? task.gates.find(({ state }) => state !== "passed")?.gate : undefined;
  return LANES.flatMap((lane) => {
    const gates = task.gates.filter(({ gate }) => laneOf(gate) === lane);
    if (gates.length === 0) return [];
    return [{ lane, state: stateOf(gates, next) }];
  });
}

function laneOf(gate: string): LaneName {
  return LANE_OF[gate] ?? "GATES";
}

function stateOf(gates: TaskView["gates"], next: string | undefined): LaneState {
  if (gates.some(({ state }) => state === "refused")) return "refused";
  if (gates.every(({ state }) => state === "passed")) return "passed";
  return gates.some(({ gate }) => gate === next) ? "active" : "waiting";
}
