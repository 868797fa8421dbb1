import type { Gate } from "../gate.ts";
import type { Task } from "../task.ts";
import type { GateEntry, Workflow } from "../workflow.ts";
import { browser } from "./browser.ts";
import { check } from "./check.ts";
import { command } from "./command.ts";
import { current } from "./current.ts";
import { lint, symbols, syntax, types } from "./diagnosis.ts";
import { discriminates } from "./discriminates.ts";
import { door } from "./door.ts";
import { green } from "./green.ts";
import { hardCoded } from "./hard-coded.ts";
import { heldOut } from "./held-out.ts";
import { inputs } from "./inputs.ts";
import { kills } from "./kills.ts";
import { red } from "./red.ts";
import { checklist, review } from "./review.ts";
import { unchanged } from "./unchanged.ts";
import { wiki } from "./wiki.ts";

const GATES: Readonly<Record<GateEntry["gate"], Gate>> = {
  door,
  red,
  syntax,
  lint,
  symbols,
  types,
  green,
  browser,
  "hard-coded": hardCoded,
  discriminates,
  "held-out": heldOut,
  inputs,
  kills,
  unchanged,
  check,
  wiki,
  review,
  checklist,
  current,
  command,
};

/** A gate as a workflow lists it. */
export interface ListedGate {
  readonly gate: Gate;
  readonly entry: GateEntry;
  /** What reports call it. */
  readonly label: string;
}

/** The workflow's gates for a task, in order. */
export function gatesFor(workflow: Workflow, task: Pick<Task, "kind" | "accept">): readonly ListedGate[] {
  return workflow.gates
    .map((entry) => ({ gate: GATES[entry.gate], entry, label: entry.name ?? entry.gate }))
    .filter(({ gate, entry }) => (entry.kinds ?? gate.kinds).includes(task.kind) && (gate.concerns?.(task) ?? true));
}
