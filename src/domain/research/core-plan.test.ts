import { expect, test } from "vitest";
import { BASELINES, METRICS, PLAN, TASKS } from "../../../test/kit/research.ts";
import { COMPONENT_CHECKS, researchPlan } from "./core-plan.ts";
import { readDesign } from "./read-design.ts";

function qualities(plan: string): readonly string[] {
  const texts = { "plan.md": plan, "tasks.yaml": TASKS, "baselines.yaml": BASELINES, "metrics.yaml": METRICS };
  const read = readDesign(texts, "design", ["src/subject.py"]);
  if (read.kind === "problems") throw new Error(read.problems.join("\n"));
  const { design } = read;
  const { tasks } = researchPlan(design, { name: "core", base: "0", tasks: design.tasks, suffix: "", words: "" });
  return tasks.flatMap(({ deliverables }) => deliverables.map(({ quality }) => quality));
}

test("makers are told what the mill looks at, and of a framework that it does not probe no such thing", () => {
  const probed = PLAN.replace("framework: other", "framework: torch").replace(
    "interpreter: /usr/bin/python3",
    "interpreter: /usr/bin/python3, packages: { torch: any, numpy: any }",
  );
  expect(qualities(probed)).toEqual([COMPONENT_CHECKS.model, COMPONENT_CHECKS.evaluation]);
  expect(qualities(PLAN)).toEqual(["its tests show it", "its tests show it"]);
});
