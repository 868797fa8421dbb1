import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { openMill } from "../../src/compose/open-mill.ts";
import { charLm } from "../kit/char-lm.ts";
import { missingTorch } from "../kit/planted-faults.ts";
import { moved, wayOf } from "../kit/research.ts";
import { refusalText, sandboxed, silent } from "../kit/story.ts";

const parent = realpathSync(mkdtempSync(join(tmpdir(), "millwright-char-lm-")));
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const SETUP = join(import.meta.dirname, "..", "..", "examples", "setup.mjs");

describe.skipIf(missingTorch)(missingTorch ?? "the example char-lm", () => {
  test("its honest solution goes through all stages, every one of them real", { timeout: 1_500_000 }, async () => {
    const dir = join(parent, "char-lm");
    const made = spawnSync(process.execPath, [SETUP, "char-lm", dir], { encoding: "utf8" });
    expect(made.status, made.stderr).toBe(0);
    const script = charLm({ "research-orchestrator": [moved("use-as-is", "Twelve percent off, and said.")] });
    const mill = await openMill(dir, {}, { script, ...sandboxed() });
    try {
      const end = await mill.research({ dir }, silent());
      const told = { ...end, entries: await mill.entries(end.run) };
      expect(end.outcome, refusalText(told)).toEqual({ kind: "done", branch: "research/char-lm" });
      expect(wayOf(told).map((line) => line.split(" ").at(-1))).toEqual(Array(7).fill("passed"));
      const look = await mill.researchLook(end.run);
      const baselines = look.stages.find(({ stage }) => stage === "baselines");
      expect(baselines?.history.join()).toMatch(/bigram: reproduced; trigram: FLAGGED .*use-as-is.*lstm: no code/);
      const show = (path: string) =>
        spawnSync("git", ["-C", dir, "show", `research/char-lm:${path}`], { encoding: "utf8" }).stdout;
      expect(show("experiments/exp-001/checklist.yaml").match(/status: pass/g)).toHaveLength(4);
      expect(show("experiments/exp-001/handoff.md")).toContain("hand-off to the training");
    } finally {
      await mill.close();
    }
  });
});
