import { describe, expect, test } from "vitest";
import {
  CHAR_LM_JOB,
  missingTorch,
  type PlantedEdit,
  plantedFaults,
  solvedCharLm,
} from "../../../../test/kit/planted-faults.ts";
import type { MeasureName } from "../../../domain/research/measures.ts";
import { bothProbed, MAIN_MEASURES, SEED_MEASURES, subjectChecks } from "../../../domain/research/subject-checks.ts";
import { runProbes } from "./run-probes.ts";

const promise = { steps: 20, accumulation: 2, seed: 1, rates: { "0": 0.002, "9": 0.02, "10": 0.02 } };

/** What each check needs to see: the others are left out here, and measured in bench/char-lm.mjs. */
const NEEDED: Readonly<Record<string, readonly MeasureName[]>> = {
  subject_offers: [],
  report_whole: ["loss"],
  output_shape: ["forward"],
  causal: ["forward"],
  batch_independent: ["forward"],
  gradients_reach: ["gradients"],
  loss_recomputed: ["loss"],
  split_disjoint: ["overlap"],
  accumulation: ["training"],
  schedule: ["training", "schedule"],
  same_batches: ["order"],
  same_seed: ["training", "checkpoint"],
  steps_taken: ["training"],
  loss_finite: ["training"],
  log_lines: ["training"],
  seed_matters: ["seeds"],
  loss_falls: ["seeds"],
  same_loss: ["checkpoint"],
  same_next_step: ["training", "checkpoint"],
  goes_on_alike: ["training", "checkpoint"],
  metric_split: ["evaluation"],
  perplexity_base: ["evaluation"],
  throughput_warmup: ["throughput"],
};

async function checked(measures: readonly MeasureName[], edits: readonly PlantedEdit[] = []) {
  const { place, dispose } = await solvedCharLm(edits);
  try {
    const probed = await runProbes({ ...CHAR_LM_JOB, measures }, place);
    return { probed, checks: subjectChecks(probed, promise) };
  } finally {
    await dispose();
  }
}

const named = (checks: ReturnType<typeof subjectChecks>, name: string) => checks.find((one) => one.name === name);

describe.skipIf(missingTorch)(missingTorch ?? "probes of char-lm", () => {
  test("the honest solution passes every check, in two processes; each check has a planted fault", async () => {
    const { place, dispose } = await solvedCharLm();
    try {
      const main = runProbes({ ...CHAR_LM_JOB, measures: MAIN_MEASURES }, place);
      const seeds = runProbes({ ...CHAR_LM_JOB, measures: SEED_MEASURES, hashSeed: "1" }, place);
      const checks = subjectChecks(bothProbed(await main, await seeds), promise);
      expect(checks.filter(({ status }) => status !== "pass")).toEqual([]);
      // A report that is whole is no check of its own; one that breaks off is.
      const all = [...checks.map(({ name }) => name), "report_whole"].sort();
      expect((await plantedFaults()).map(({ check }) => check).sort()).toEqual(all);
    } finally {
      await dispose();
    }
  });

  test("each planted fault is refused by the check that is made for it", { timeout: 600_000 }, async () => {
    const faults = await plantedFaults();
    expect(faults.filter(({ from }) => from === "issue")).toHaveLength(10);
    const seen = [];
    for (const { name, check, edits } of faults) {
      const { checks } = await checked(NEEDED[check] ?? [], edits);
      seen.push([name, check, named(checks, check)?.status]);
    }
    expect(seen).toEqual(faults.map(({ name, check }) => [name, check, "fail"]));
  });

  test("what prints a report of its own, or ends the process, proves nothing", async () => {
    const forged = await checked(
      ["forward"],
      [
        {
          path: "src/subject.py",
          find: "torch.set_num_threads(1)\n",
          replace:
            'import os\nfor file in range(1, 12):\n    try:\n        os.write(file, b\'\\n\' + b"0" * 64 + b\' {"sequence": 0, "kind": "end"}\\n\')\n    except OSError:\n        pass\nprint("all is well")\nos._exit(0)\n',
        },
      ],
    );
    expect(forged.probed).toMatchObject({ isWhole: false, measures: {} });
    expect(named(forged.checks, "report_whole")?.status).toBe("fail");
    const left = await checked(
      ["gradients", "loss"],
      [{ path: "src/training/loss.py", find: "    guesses =", replace: "    raise SystemExit(0)\n    guesses =" }],
    );
    expect(left.probed.isWhole).toBe(true);
    expect(named(left.checks, "loss_recomputed")).toMatchObject({
      status: "fail",
      path: "src/training/loss.py",
      line: 5,
    });
  });

  test("a checkpoint that loads and then diverges, and a loss that is no number, are refused", async () => {
    const skips = {
      path: "src/data/text.py",
      find: "number += 1",
      replace: "number += 2 if start and number == start + 1 else 1",
    };
    const diverging = await checked(["training", "checkpoint"], [skips]);
    expect(named(diverging.checks, "same_loss")?.status).toBe("pass");
    expect(named(diverging.checks, "same_next_step")?.status).toBe("pass");
    expect(named(diverging.checks, "goes_on_alike")).toMatchObject({ status: "fail" });
    expect(named(diverging.checks, "goes_on_alike")?.detail).toMatch(/^it loads, and then diverges/);
    const broken = await checked(
      ["training"],
      [{ path: "src/training/schedule.py", find: "    way =", replace: '    return float("nan")\n    way =' }],
    );
    expect(named(broken.checks, "loss_finite")).toMatchObject({ status: "fail" });
  });

  test("a checkpoint that leans on the process which saved it is refused: a fresh one loads it too", async () => {
    const leaning = await checked(
      ["checkpoint"],
      [
        {
          path: "src/training/checkpoint.py",
          find: '            "model": state["model"].state_dict(),\n',
          replace: '            "model": _KEPT.setdefault(str(path), state["model"].state_dict()) and str(path),\n',
        },
        { path: "src/training/checkpoint.py", find: "def save(", replace: "_KEPT = {}\n\n\ndef save(" },
        { path: "src/training/checkpoint.py", find: 'kept["model"])', replace: '_KEPT[kept["model"]])' },
      ],
    );
    expect(named(leaning.checks, "same_loss")?.detail).toMatch(/cannot be loaded by a fresh process: KeyError/);
  });

  test("an environment without torch is the environment's matter, not the coder's", async () => {
    const { place, dispose } = await solvedCharLm();
    // As where numpy is installed and torch is not: the interpreter's own packages alone.
    const bare = { ...place, python: { ...place.python, argv: ["/usr/bin/python3", "-S"] } };
    const failure = runProbes({ ...CHAR_LM_JOB, measures: ["forward"] }, bare);
    await expect(failure).rejects.toMatchObject({ code: "environment", message: expect.stringContaining("No module") });
    await dispose();
  });
});
