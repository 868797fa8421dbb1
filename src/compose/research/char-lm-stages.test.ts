import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { charLmFiles, charLmWork, passedEnd } from "../../../test/kit/char-lm-work.ts";
import { missingTorch } from "../../../test/kit/planted-faults.ts";
import { makeTarget, type Target } from "../../../test/kit/target.ts";
import { RESULTS_PATH } from "../../domain/research/results.ts";
import type { Json, StageName } from "../../domain/research/stage.ts";
import { evaluationStage } from "./evaluation-stage.ts";
import { handOffFiles } from "./hand-off-stage.ts";
import { integrationStage } from "./integration-stage.ts";
import type { StageWork } from "./world.ts";

const works: { remove(): void }[] = [];
let files: Record<string, string>;
let target: Target;
afterAll(() => {
  for (const work of works) work.remove();
  target?.remove();
});
beforeAll(async () => {
  files = await charLmFiles();
});

/** A stage's work on the target as it is now; these stages have reported before. */
async function working(reports: Partial<Record<StageName, Json>> = {}): Promise<StageWork> {
  const made = await charLmWork(target, reports);
  works.push(made);
  return made.work;
}

describe.skipIf(missingTorch)(missingTorch ?? "evaluation, integration and hand-off of char-lm", () => {
  test("numbers under their seal, a checklist that was executed, a page with plots; an edited number is refused", async () => {
    target = makeTarget(files);
    const evaluated = passedEnd(await evaluationStage(await working()));
    const [results] = evaluated.files;
    expect(results?.path).toBe(RESULTS_PATH);
    const { numbers } = parse(results?.text ?? "");
    expect(numbers.map(({ metric }: { metric: string }) => metric)).toEqual([
      "perplexity",
      "throughput",
      "peak_memory",
    ]);
    expect(numbers[0].value).toBeCloseTo(numbers[0].measured_again, 3);
    expect(numbers[1].repeats).toHaveLength(5);
    expect(numbers[2].of).toBe("rss");

    target.write(RESULTS_PATH, results?.text ?? "");
    target.commit("Evaluate");
    const integrated = passedEnd(await integrationStage(await working({ evaluation: evaluated.report })));
    const checklist = parse(integrated.files[0]?.text ?? "");
    expect(checklist.tests.map(({ name, status }: { name: string; status: string }) => `${name} ${status}`)).toEqual([
      "forward_pass pass",
      "short_training pass",
      "checkpoint_roundtrip pass",
      "evaluation_pipeline pass",
    ]);

    target.write("src/data/text.py", `${files["src/data/text.py"]}\n# mended since\n`);
    target.commit("Mend");
    const aged = await integrationStage(await working({ evaluation: evaluated.report }));
    expect("findings" in aged ? aged.findings.map(({ message }) => message) : []).toEqual([
      expect.stringMatching(/results_schema: .* was measured on [0-9a-f]{12}; src\/data\/text\.py changed since/),
    ]);

    const handed = await handOffFiles(await working({ evaluation: evaluated.report, integration: integrated.report }));
    expect(handed.map(({ path }) => path)).toEqual([
      "experiments/exp-001/handoff.md",
      "experiments/exp-001/config.json",
      "experiments/exp-001/loss.svg",
      "experiments/exp-001/throughput.svg",
    ]);
    expect(handed[0]?.text).toMatch(/perplexity \| [\d.]+ perplexity per character \| [\d.]+ \| lower/);
    expect(handed[0]?.text).toContain("512000 tokens");
  });

  test("a loop that forgets to divide, and results that a hand has edited, are refused by name with the file to mend", async () => {
    const loop = (files["src/training/loop.py"] ?? "").replace("(part / parts).backward()", "part.backward()");
    target.write("src/training/loop.py", loop);
    target.write(RESULTS_PATH, "experiment: exp-001\nsteps: 40\nnumbers: []\n");
    target.commit("Forget");
    const end = await integrationStage(await working());
    expect(end.kind).toBe("refused");
    const rules = "findings" in end ? end.findings.map(({ rule, path }) => `${rule} ${path}`) : [];
    expect(rules).toEqual(["research/accumulation src/subject.py", `research/results_schema ${RESULTS_PATH}`]);
    expect(end.kind === "refused" && end.files[0]?.text).toMatch(/name: short_training\n {4}status: fail/);
  });
});
