import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { digestOf, digestOfValue } from "../digest.ts";
import { checklistOf, checklistYaml } from "./checklist.ts";
import { EnvironmentWish } from "./environment.ts";
import { handOffText } from "./hand-off.ts";
import type { Measures } from "./measures.ts";
import { Metric } from "./metric.ts";
import { type MetricRun, metricValues } from "./metric-values.ts";
import { resultsProblems, resultsYaml, sealed } from "./results.ts";

const hardware = {
  device: "cpu",
  wanted: "cuda",
  name: "A CPU",
  cores: 2,
  memoryMegabytes: 8000,
  fallback: "for testing",
} as const;
const around = { seed: 1, commit: "a".repeat(40), environment: digestOf("environment"), hardware };
const metric = (over: object) =>
  Metric.parse({ name: "perplexity", unit: "perplexity", direction: "lower", computed: "exp", command: "go", ...over });
const run = (one: Metric, values: Record<string, number | string>): MetricRun => ({
  metric: one,
  command: one.command,
  said: { kind: "measured", values },
  ended: "exit code 0",
});
const measures: Measures = {
  evaluation: {
    kind: "seen",
    values: { reported: { loss: 2, perplexity: Math.exp(2), tokens: 10 }, nats: 2, tokens: 10, training_nats: 1.5 },
  },
  throughput: {
    kind: "seen",
    values: { pretended: [8, 8, 8], tokens: 8, warmup: 3, passes: 15, repeats: [90, 100, 120], own: 100 },
  },
  memory: { kind: "seen", values: { of: "rss", megabytes: 300 } },
};

const perplexity = metric({ kind: "perplexity" });
const throughput = metric({ name: "throughput", unit: "tokens/s", direction: "higher", kind: "throughput" });
const memory = metric({ name: "memory", unit: "MB", kind: "memory" });
const good = [
  run(perplexity, { perplexity: Math.exp(2) }),
  run(throughput, { throughput: 99 }),
  run(memory, { memory: 250 }),
];
const metrics = [perplexity, throughput, memory];
const results = sealed({
  experiment: "exp-001",
  steps: 100,
  numbers: [...metricValues(good, measures, around).numbers],
});
const text = resultsYaml(results);
const problems = (given: string | undefined, seal: string | undefined = results.seal) =>
  resultsProblems(given, { metrics, seal });

describe("results.yaml", () => {
  test("our numbers beside the baselines' are under the seal too", () => {
    const beside = [
      { metric: "perplexity", ours: 7.4, baseline: "bigram", theirs: 13.4, of: "measured", better: "ours" },
    ] as const;
    const compared = sealed({ ...results, beside: [...beside] });
    expect(parse(resultsYaml(compared)).beside).toEqual(beside);
    expect(problems(resultsYaml(compared), compared.seal)).toEqual([]);
    const better = resultsYaml(compared).replace("theirs: 13.4", "theirs: 23.4");
    expect(problems(better, compared.seal)).toEqual([expect.stringContaining("edited by hand")]);
    expect(results).not.toHaveProperty("beside");
  });

  test("every number has seed, commit, environment and hardware, throughput its median and spread, memory its name", () => {
    expect(problems(text)).toEqual([]);
    for (const number of results.numbers) expect(number).toMatchObject(around);
    expect(results.numbers[1]).toMatchObject({ measured_again: 100, repeats: [90, 100, 120], median: 100, spread: 30 });
    expect(results.numbers[2]).toMatchObject({ of: "rss", hardware: { fallback: "for testing" } });
  });

  test.each([
    ["seed", /^ {4}seed: 1\n/m],
    ["commit", /^ {4}commit: .*\n/m],
    ["environment", /^ {4}environment: .*\n/m],
    ["hardware", /^ {4}hardware:\n(?: {6}.*\n)+/m],
    ["observation", /^ {4}observation: .*\n/m],
  ])("a number without its %s is refused by line and name, even under a seal of its own", (what, lines) => {
    const without = text.replace(lines, "");
    expect(without.length).toBeLessThan(text.length);
    const { seal: _, ...rest } = parse(without);
    const resealed = resultsYaml({ ...rest, seal: digestOfValue(rest) });
    for (const given of [without, resealed])
      expect(resultsProblems(given, { metrics, seal: undefined })).toEqual([
        expect.stringMatching(new RegExp(`line \\d+: numbers\\[0\\]\\.${what}: is missing`)),
      ]);
  });

  test("a memory is named as what was measured: the GPU's where there is one, else the resident set", () => {
    const cuda = { ...around, hardware: { ...hardware, device: "cuda", fallback: undefined } as const };
    const of = (seen: Measures, where: typeof around) => metricValues(good.slice(2), seen, where).numbers[0]?.of;
    expect(of({}, around)).toBe("rss");
    expect(of({}, cuda as never)).toBe("gpu");
    expect(of({ memory: { kind: "seen", values: { of: "gpu", megabytes: 300 } } }, cuda as never)).toBe("gpu");
    expect(of(measures, cuda as never)).toBe("rss");
  });

  test("a file that was edited by hand is refused, even where its seal was made anew", () => {
    const edited = text.replace(/value: 7\.389\d*/, "value: 6.1");
    expect(edited).not.toBe(text);
    expect(problems(edited)).toEqual([expect.stringContaining("was edited by hand")]);
    const { seal: _, ...rest } = { ...results, steps: 2000 };
    const resealed = resultsYaml({ ...rest, seal: digestOfValue(JSON.parse(JSON.stringify(rest))) });
    expect(problems(resealed)).toEqual([expect.stringContaining("was edited by hand")]);
  });

  test("a missing metric, one that nobody asked for, another unit, no file", () => {
    const fewer = sealed({ ...results, numbers: results.numbers.slice(1) });
    expect(problems(resultsYaml(fewer), fewer.seal)).toEqual([expect.stringContaining("lacks perplexity")]);
    const asked = { metrics: [perplexity, { ...throughput, unit: "words/s" }], seal: results.seal };
    expect(resultsProblems(text, asked).join(" ")).toMatch(/throughput in tokens\/s, not words\/s.*has memory/);
    expect(problems(undefined)).toEqual([expect.stringContaining("is not there")]);
  });
});

describe("a metric's number", () => {
  test.each([
    [
      "differs from the one that was computed again",
      run(perplexity, { perplexity: 4 }),
      /perplexity is 4, computed again .* 7\.38906/,
    ],
    ["is missing from the object", run(perplexity, { loss: 2 }), /its JSON object has no perplexity/],
    ["is NaN", run(perplexity, { perplexity: "NaN" }), /NaN, which is no finite number/],
    [
      "is far from the throughput that was seen",
      run(throughput, { throughput: 9000 }),
      /measured again without warm-up it is 100/,
    ],
    [
      "is a memory in another unit",
      run(memory, { memory: 256_000 }),
      /memory is 256000 MB, .* held 300 MB of resident/,
    ],
    [
      "is a memory of nothing",
      run({ ...memory, unit: "GiB" }, { memory: 250 }),
      /held 0\.292969 GiB .* look at the unit/,
    ],
    [
      "was never printed",
      { ...good[0], said: { kind: "nothing", why: "it failed" }, ended: "exit code 1: boom" } as MetricRun,
      /it failed \(exit code 1: boom\)/,
    ],
  ])("that %s is refused", (_, given, why) => {
    const { numbers, checks } = metricValues([given], measures, around);
    expect(numbers).toEqual([]);
    expect(checks).toMatchObject([{ status: "fail", detail: expect.stringMatching(why) }]);
  });
});

describe("checklist and hand-off", () => {
  const checks = [
    { name: "output_shape", test: "forward_pass", status: "pass", detail: "outputs fit" },
    { name: "gradients_reach", test: "forward_pass", status: "fail", detail: "a gets none" },
    { name: "loss_falls", test: "short_training", status: "pass", detail: "4.7 to 2.6" },
  ] as const;

  test("the checklist has the four tests; what was not executed fails", () => {
    expect(checklistYaml(checklistOf(checks))).toBe(`# Verification checklist, executed by millwright.
tests:
  - name: forward_pass
    status: fail
    detail: "gradients_reach: a gets none"
  - name: short_training
    status: pass
    detail: "loss_falls: 4.7 to 2.6"
  - name: checkpoint_roundtrip
    status: fail
    detail: nothing was executed
  - name: evaluation_pipeline
    status: fail
    detail: nothing was executed
`);
  });

  test("the page says what runs, what is wrong and what it costs", () => {
    const training = { steps: 2000, batch: 4, accumulation: 2, seed: 1, learning_rates: {}, sequence: 32 };
    const subject = {
      path: "src/subject.py",
      framework: "torch",
      tests: {},
      steps: 100,
      warmup: 3,
      probing: {},
    } as const;
    const baselines = [
      {
        name: "trigram",
        paper: "p",
        status: "flagged",
        metrics: [{ name: "perplexity", reported: 8.79, measured: 9.84, tolerance: 0.05, within: false }],
        decision: "use-as-is",
        reason: `The report is wrong.${" So it is.".repeat(99)}`,
        notes: [],
      },
    ] as const;
    const page = handOffText({
      design: {
        ...{ name: "char-lm", title: "A model", training, subject, seeds: [1, 2, 3], datasets: [] },
        metrics: metrics.map((one) => ({ ...one, command: "{python} src/measure.py {checkpoint} {config}" })),
        environment: EnvironmentWish.parse({ kind: "system", interpreter: "/usr/bin/python3" }),
      },
      commit: around.commit,
      environment: around.environment,
      hardware,
      numbers: results.numbers,
      checks,
      unseen: [],
      seconds: 12,
      reviewer: "another model",
      notes: ["hashes are not known"],
      baselines: JSON.parse(JSON.stringify(baselines)),
      unreviewed: "auto",
      plots: ["loss.svg"],
    });
    expect(page.split("\n").length).toBeLessThan(60);
    for (const part of [
      "512000 tokens",
      "About 87 min on this hardware",
      "gradients_reach: a gets none",
      "trigram: flagged; perplexity 9.84 (reported 8.79). Decided: use-as-is. The report is wrong. So it is.",
      "So it is. … (all of it: baselines/report.md)",
      "export PYTHONPATH=src:.\nmkdir -p out\n",
      "s.save('out/trained.pt', s.train(c, 1, 2000, 'out'))",
      "\n/usr/bin/python3 src/measure.py out/trained.pt experiments/exp-001/config.json\n```",
      "About 4 min by the pace of the short training, whose 100 steps took 12 s",
      "not yet a comparison of models.",
      "| perplexity (lower is better) | 7.38906 | trigram | 9.84 (measured) | ours |",
      "further seeds (2, 3) cost as much again",
      "throughput: its repeats lie 30 % of the median apart",
      "- hashes are not known",
      "Reviewed by another model.",
      "every number is for testing",
      "nobody reviewed the code: auto",
      "250 MB (resident set of the process)",
      "![loss](loss.svg)",
    ])
      expect(page).toContain(part);
  });
});
