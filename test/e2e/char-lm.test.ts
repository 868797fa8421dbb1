import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { openMill } from "../../src/compose/open-mill.ts";
import { missingTorch } from "../kit/planted-faults.ts";
import { wayOf } from "../kit/research.ts";
import { refusalText, sandboxed, silent } from "../kit/story.ts";

const examples = resolve(import.meta.dirname, "..", "..", "examples");

test("char-lm as a language model did it goes through all stages again, and its training really runs", {
  timeout: 1_500_000,
}, async (context) => {
  if (missingTorch) context.skip(missingTorch);
  const dir = join(mkdtempSync(join(tmpdir(), "millwright-example-")), "char-lm");
  const { setUp } = await import(pathToFileURL(join(examples, "setup.mjs")).href);
  setUp("char-lm", dir);
  const mill = await openMill(dir, {}, sandboxed());
  const end = await mill.research({ dir, recording: join(examples, "char-lm", "recording") }, silent());
  const told = { ...end, entries: await mill.entries(end.run) };
  const look = await mill.researchLook(end.run);
  await mill.close();
  expect(end.outcome, refusalText(told)).toEqual({ kind: "done", branch: "research/char-lm" });
  expect(wayOf(told).map((line) => line.split(" ").at(-1))).toEqual(Array(7).fill("passed"));
  const baselines = look.stages.find(({ stage }) => stage === "baselines");
  expect(baselines?.history.join()).toMatch(/bigram: reproduced; trigram: FLAGGED .*use-as-is.*lstm: no code/);
  const show = (path: string) =>
    execFileSync("git", ["show", `research/char-lm:${path}`], { cwd: dir, encoding: "utf8" });
  expect(show("experiments/exp-001/checklist.yaml").match(/status: pass/g)).toHaveLength(4);
  expect(show("experiments/exp-001/handoff.md")).toContain("hand-off to the training");
  // What is measured differs from run to run, and only review and gate are told of it.
  const drifted = told.entries.flatMap(({ event }) => (event.type === "answered" && event.drifted ? [event.task] : []));
  expect([...new Set(drifted)]).toEqual(["review-1", "gate-1"]);
  rmSync(resolve(dir, ".."), { recursive: true, force: true });
});
