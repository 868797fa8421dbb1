import { expect, test } from "vitest";
import { comparedIn } from "./baseline-report.ts";
import { besideBaselines } from "./beside-baselines.ts";
import { missingFolders } from "./environment-report.ts";

const theirs = (name: string, metric: string, reported: number, measured?: number) => ({
  ...{ name, paper: "p", status: "reproduced" as const, notes: [] },
  metrics: [{ name: metric, reported, tolerance: 0.05, within: true, ...(measured === undefined ? {} : { measured }) }],
});

test("our numbers stand beside each baseline's of the same metric, and the direction says whose is better", () => {
  const numbers = [
    { metric: "accuracy", value: 0.74, direction: "higher" },
    { metric: "loss", value: 0.5, direction: "lower" },
    { metric: "memory", value: 300, direction: "lower" },
  ] as const;
  const baselines = [
    theirs("centroid", "accuracy", 0.8, 0.75),
    theirs("majority", "accuracy", 0.34),
    theirs("centroid", "loss", 0.7, 0.6),
    theirs("same", "loss", 0.5),
  ];
  expect(
    besideBaselines(numbers, baselines).map(
      ({ metric, ours, baseline, theirs: of, better, of: kind }) =>
        `${metric} ${ours} ${baseline} ${of} ${kind}: ${better}`,
    ),
  ).toEqual([
    "accuracy 0.74 centroid 0.75 measured: theirs",
    "accuracy 0.74 majority 0.34 reported: ours",
    "loss 0.5 centroid 0.6 measured: ours",
    "loss 0.5 same 0.5 reported: neither",
  ]);
});

test("the report of the baselines is read where there is one", () => {
  expect(comparedIn({ baselines: [theirs("one", "loss", 1)] }).map(({ name }) => name)).toEqual(["one"]);
  expect(comparedIn({ skipped: "none" })).toEqual([]);
  expect(comparedIn(undefined)).toEqual([]);
});

test("folders are made unless modules stand for them", () => {
  const folders = (...given: Parameters<typeof missingFolders>) => missingFolders(...given).map(({ path }) => path);
  const [models, data, training, evaluation] = ["models", "data", "training", "evaluation"].map(
    (name) => `src/${name}/.gitkeep`,
  );
  expect(folders(["README.md"])).toEqual([models, data, training, evaluation]);
  expect(folders(["src/data.py", "src/model.py"], ["src/train.py"])).toEqual([]);
  expect(folders([], ["src/data.py"])).toEqual([]);
  expect(folders(["src/data/text.py"], ["src/evaluate.py", "src/evaluation/loss.py"])).toEqual([
    models,
    training,
    evaluation,
  ]);
});
