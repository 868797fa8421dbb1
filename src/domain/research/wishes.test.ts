import { describe, expect, test } from "vitest";
import { issueProblems } from "../yaml-issues.ts";
import { acceleratorText, chooseAccelerator } from "./accelerator.ts";
import { Baseline, baselineProblems } from "./baseline.ts";
import { DatasetWish, datasetProblems, wrongDataset } from "./dataset.ts";
import { EnvironmentWish, packageKey, satisfies } from "./environment.ts";
import { deviationOf, deviationText, toleranceText } from "./tolerance.ts";

function problemsIn(schema: typeof Baseline | typeof DatasetWish | typeof EnvironmentWish, value: unknown) {
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : issueProblems(parsed.error.issues, schema, value).map(({ message }) => message);
}

describe("a tolerance", () => {
  test.each([
    [{ expected: 100, measured: 105, tolerance: 0.05 }, "within", "+5 %"],
    [{ expected: 100, measured: 95, tolerance: 0.05 }, "within", "-5 %"],
    [{ expected: 100, measured: 105.2, tolerance: 0.05 }, "outside", "+5.2 %"],
    [{ expected: 100, measured: 88, tolerance: 0.05 }, "outside", "-12 %"],
    [{ expected: -2, measured: -2.2, tolerance: 0.05 }, "outside", "-10 %"],
    [{ expected: 2.46, measured: 2.46 * 1.05, tolerance: 0.05 }, "within", "+5 %"],
    [{ expected: 0, measured: 0.04, tolerance: { absolute: 0.05 } }, "within", "+0.04 absolute"],
    [{ expected: 0, measured: 0.1, tolerance: { absolute: 0.05 } }, "outside", "+0.1 absolute"],
    [{ expected: 0, measured: 0.1, tolerance: 0.05 }, "outside", "+0.1 absolute"],
  ] as const)("%j is %s", ({ expected, measured, tolerance }, kind, text) => {
    const deviation = deviationOf(expected, measured, tolerance);
    expect(deviation.kind).toBe(kind);
    expect(deviationText(deviation)).toBe(text);
  });

  test("holds no NaN and no infinity", () => {
    expect(deviationOf(1, Number.NaN, 1)).toEqual({ kind: "not-a-number" });
    expect(deviationOf(1, Number.POSITIVE_INFINITY, 1)).toEqual({ kind: "not-a-number" });
  });

  test("reads as people write it", () => {
    expect([toleranceText(0.05), toleranceText({ absolute: 0.2 })]).toEqual(["5 %", "0.2 absolute"]);
  });
});

describe("an accelerator", () => {
  const cpu = { model: "A CPU", cores: 4, memoryMegabytes: 8000 };
  const gpu = { name: "A GPU", driver: "535.1", memoryMegabytes: 16_000 };
  const noTorch = { version: "1.13.1", cuda: undefined, isUsable: false, said: "torch was built without CUDA" };
  const none = { host: { gpus: [], said: "nvidia-smi is not installed" }, torch: noTorch, cpu };
  const there = {
    host: { gpus: [gpu], said: "" },
    torch: { version: "2.1.0", cuda: "12.1", isUsable: true, said: "" },
    cpu,
  };

  test("that is not there is refused, with the way out named", () => {
    const chosen = chooseAccelerator({ device: "cuda" }, none);
    expect(chosen).toMatchObject({ kind: "refused", message: expect.stringContaining("nvidia-smi is not installed") });
    expect(chosen).toMatchObject({ message: expect.stringContaining("fallback: cpu") });
  });

  test("that is not there may be stood in for, and every mention says so", () => {
    const chosen = chooseAccelerator({ device: "cuda", fallback: "cpu" }, none);
    if (chosen.kind === "refused") throw new Error(chosen.message);
    expect(chosen.accelerator).toMatchObject({ device: "cpu", wanted: "cuda" });
    expect(acceleratorText(chosen.accelerator)).toContain("for testing only, on the CPU");
  });

  test("that is there is named with driver, CUDA and memory", () => {
    const chosen = chooseAccelerator({ device: "cuda", fallback: "cpu", memoryMegabytes: 16_000 }, there);
    if (chosen.kind === "refused") throw new Error(chosen.message);
    expect(acceleratorText(chosen.accelerator)).toBe("A GPU, 16000 MB, driver 535.1, CUDA 12.1");
    expect(chosen.accelerator.fallback).toBeUndefined();
  });

  test("is too small, or not usable by torch: refused with what was seen", () => {
    const small = chooseAccelerator({ device: "cuda", memoryMegabytes: 40_000 }, there);
    expect(small).toMatchObject({ kind: "refused", message: expect.stringContaining("16000 MB of the 40000 MB") });
    const unusable = chooseAccelerator({ device: "cuda" }, { ...there, torch: noTorch });
    expect(unusable).toMatchObject({ kind: "refused", message: expect.stringContaining("driver 535.1") });
  });

  test("is a CPU without a word about stand-ins where a CPU was wanted", () => {
    expect(chooseAccelerator({ device: "cpu" }, none)).toMatchObject({
      kind: "chosen",
      accelerator: { device: "cpu", wanted: "cpu" },
    });
  });
});

describe("a dataset", () => {
  const wish = {
    name: "corpus.txt",
    source: "assets/corpus.txt",
    sha256: "a".repeat(64),
    bytes: 12,
    licence: "public domain",
  };

  test("without licence, size or checksum is refused, each by name", () => {
    const text = problemsIn(DatasetWish, { name: "corpus.txt", source: "x" }).join("\n");
    for (const key of ["sha256", "bytes", "licence"]) expect(text).toContain(key);
    expect(problemsIn(DatasetWish, { ...wish, licence: " " }).join()).toContain("the licence that the data is under");
  });

  test("of another size or checksum is refused with what to do", () => {
    expect(wrongDataset(wish, { bytes: 12, sha256: wish.sha256 })).toBeUndefined();
    expect(wrongDataset(wish, { bytes: 13, sha256: wish.sha256 })).toContain("13 bytes, the plan says 12");
    expect(wrongDataset(wish, { bytes: 12, sha256: "b".repeat(64) })).toContain("nothing of it is used");
  });

  test("is there once, and comes from where data can come from", () => {
    expect(datasetProblems([wish, wish])).toHaveLength(1);
    for (const source of ["ftp://a/b", "/etc/passwd", "../x", "s3:bucket"])
      expect(datasetProblems([{ ...wish, source }])).toHaveLength(1);
    for (const source of ["a/b.txt", "file:///a/b", "https://example.com/b"])
      expect(datasetProblems([{ ...wish, source }])).toEqual([]);
  });
});

describe("an environment", () => {
  test("is pinned: `any` is for the system's own packages alone", () => {
    expect(problemsIn(EnvironmentWish, { kind: "system", packages: { torch: "any" } })).toEqual([]);
    expect(problemsIn(EnvironmentWish, { kind: "venv", packages: { torch: "any" } }).join()).toContain(
      "pin one version",
    );
    expect(problemsIn(EnvironmentWish, { kind: "uv", packages: { torch: ">=1.0" } }).join()).toContain("one version");
  });

  test("names no channel and no interpreter that its kind has not", () => {
    expect(problemsIn(EnvironmentWish, { kind: "venv", channels: ["conda-forge"] }).join()).toContain("only conda");
    expect(problemsIn(EnvironmentWish, { kind: "conda", interpreter: "/usr/bin/python3" }).join()).toContain("its own");
    expect(problemsIn(EnvironmentWish, { kind: "conda", channels: ["conda-forge"], python: "3.11" })).toEqual([]);
  });

  test("knows a version by its parts, and a name by PyPI's rule", () => {
    expect(satisfies("1.13.0a0+gitunknown", "1.13")).toBe(true);
    expect(satisfies("1.130", "1.13")).toBe(false);
    expect(satisfies("1.13.1", "1.13.1")).toBe(true);
    expect(packageKey("Typing_Extensions")).toBe("typing-extensions");
  });
});

describe("a baseline", () => {
  const baseline = {
    name: "bigram",
    paper: "A paper, 1948",
    source: "../bigram.git",
    commit: "a".repeat(40),
    command: "python3 run.py",
    metrics: { perplexity: { reported: 11.2 } },
  };

  test("with code needs source, commit and command; without it does not", () => {
    const { source: _source, commit: _commit, command: _command, ...rest } = baseline;
    const text = problemsIn(Baseline, rest).join("\n");
    for (const key of ["source", "commit", "command"]) expect(text).toContain(`${key}: is missing`);
    expect(problemsIn(Baseline, { ...rest, code_available: false })).toEqual([]);
  });

  test("that reports zero needs an absolute tolerance", () => {
    const zero = { ...baseline, metrics: { loss: { reported: 0 } } };
    expect(problemsIn(Baseline, zero).join()).toContain("absolute");
    const absolute = { loss: { reported: 0, tolerance: { absolute: 0.1 } } };
    expect(problemsIn(Baseline, { ...baseline, metrics: absolute })).toEqual([]);
  });

  test("names a whole commit, a metric, and is there once", () => {
    expect(problemsIn(Baseline, { ...baseline, commit: "main" }).join()).toContain("whole commit name");
    expect(problemsIn(Baseline, { ...baseline, metrics: {} }).join()).toContain("at least one reported metric");
    const parsed = Baseline.parse(baseline);
    expect(baselineProblems([parsed, parsed])).toHaveLength(1);
  });
});
