import { expect, test } from "vitest";
import { EnvironmentWish } from "./environment.ts";
import { datasetWords, metricCommands } from "./hand-off-run.ts";
import { Metric } from "./metric.ts";
import { Subject } from "./subject.ts";

const metric = (name: string, command: string) =>
  Metric.parse({ name, unit: "share", direction: "higher", computed: "by hand", command });

test("the commands of an experiment that is not probed can be copied, with where its datasets are", () => {
  const design = {
    training: { steps: 10, batch: 2, accumulation: 1, seed: 7, learning_rates: {} },
    subject: Subject.parse({ framework: "other" }),
    metrics: ["accuracy", "recall"].map((name) => metric(name, "{python} src/measure.py {config} {seed} '{other}'")),
    environment: EnvironmentWish.parse({ kind: "venv" }),
    datasets: [{ name: "moons.csv", source: "data/moons.csv", sha256: "0".repeat(64), bytes: 1, licence: "mine" }],
  };
  expect(metricCommands(design)).toEqual(["python3 src/measure.py experiments/exp-001/config.json 7 '{other}'"]);
  expect(datasetWords(design)).toBe(" with MILLWRIGHT_DATASETS=data");
  expect(datasetWords({ datasets: [] })).toBe("");
});
