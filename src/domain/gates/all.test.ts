import { expect, it } from "vitest";
import { oneMaker, redGreen, task } from "../../../test/kit/gate-states.ts";
import type { TaskKind } from "../task.ts";
import { gatesFor } from "./all.ts";

const labels = (kind: TaskKind, workflow = redGreen) =>
  gatesFor(workflow, task({ kind })).map((listed) => listed.label);

it("the kind of a task picks its proof", () => {
  const common = ["syntax", "lint", "symbols", "types", "green"];
  expect(labels("feature")).toEqual(["door", "red", ...common, "review", "current"]);
  expect(labels("bug")).toEqual(labels("feature"));
  expect(labels("refactor")).toEqual(["door", ...common, "unchanged", "review", "current"]);
  expect(labels("move")).toEqual(labels("refactor"));
  expect(labels("test")).toEqual(["door", ...common, "kills", "review", "current"]);
  expect(labels("docs")).toEqual(["door", ...common, "check", "review", "current"]);
  expect(labels("config")).toEqual(labels("docs"));
  expect(labels("feature", oneMaker)).toEqual(["door", "syntax", "green", "checklist", "current"]);
});

it("a workflow may say for which kinds, and how a command is called", () => {
  const gates = [
    { gate: "command", name: "audit", run: "x", kinds: ["bug"] } as const,
    { gate: "review", kinds: ["docs"] } as const,
  ];
  const workflow = { ...redGreen, gates: gates.map((entry) => ({ ...entry, kinds: [...entry.kinds] })) };
  expect([labels("bug", workflow), labels("docs", workflow), labels("feature", workflow)]).toEqual([
    ["audit"],
    ["review"],
    [],
  ]);
});
