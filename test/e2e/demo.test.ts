import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { runDemo } from "../../src/compose/demo.ts";
import { foldRun } from "../../src/views/fold-run.ts";
import { silent } from "../kit/story.ts";

test("the demo lands the recorded run, and shows a scripted cheat that is refused twice before it lands", {
  timeout: 600_000,
}, async () => {
  const end = await runDemo({}, silent());
  expect(end.runs.map((run) => run.outcome.kind)).toEqual(["done", "done"]);
  const [recorded, scripted] = end.runs.map((run) => foldRun(run.entries).totals);
  expect(recorded?.refusals).toBe(0);
  expect(scripted?.refusalsByGate).toEqual({ door: 1, green: 1 });
  expect(end.runs[1]?.title).toContain("no language model");
  rmSync(resolve(end.repository, ".."), { recursive: true, force: true });
});
