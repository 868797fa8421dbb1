import { stringify } from "yaml";
import { z } from "zod";
import { digestOfValue } from "../digest.ts";
import { problemLines, readYaml } from "../yaml-text.ts";
import { Accelerator } from "./accelerator.ts";
import { BesideBaseline } from "./beside-baselines.ts";
import type { Metric } from "./metric.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256, 64 hexadecimal digits");

/** One number, with all that it takes to get it again. */
export const ResultNumber = z.strictObject({
  metric: z.string().min(1),
  value: z.number(),
  unit: z.string().min(1),
  direction: z.enum(["lower", "higher"]),
  of: z
    .enum(["gpu", "rss"])
    .optional()
    .meta({ description: "Whose memory: the GPU's, or the process's resident set." }),
  measured_again: z.number().optional().meta({ description: "What the mill found by its own means." }),
  repeats: z
    .array(z.number())
    .optional()
    .meta({ description: "Of a throughput, measured by the mill without warm-up." }),
  median: z.number().optional(),
  spread: z.number().optional().meta({ description: "Largest minus smallest of the repeats." }),
  seed: z.int(),
  commit: z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/, "a whole commit name"),
  environment: z.string().min(8).meta({ description: "Digest of interpreter, packages and datasets." }),
  hardware: Accelerator,
  observation: sha256.meta({ description: "Digest of the command and of what it printed." }),
});
export type ResultNumber = z.infer<typeof ResultNumber>;

/** `experiments/exp-001/results.yaml`. */
export const ResultsFile = z.strictObject({
  experiment: z.string().min(1),
  steps: z.int().min(0).meta({
    description:
      "Steps that the mill trained the model: these are numbers of a short training. 0: the plan's own commands train it.",
  }),
  numbers: z.array(ResultNumber).min(1),
  beside: z.array(BesideBaseline).optional().meta({
    description: "Each number beside the baselines' of the same metric; absent where there is none.",
  }),
  seal: sha256.meta({
    description: "Digest of everything else here, as the mill wrote it and as its journal knows it.",
  }),
});
export type ResultsFile = z.infer<typeof ResultsFile>;

export const RESULTS_PATH = "experiments/exp-001/results.yaml";

/** The numbers under their seal. */
export function sealed({ experiment, steps, numbers, beside = [] }: Omit<ResultsFile, "seal">): ResultsFile {
  const compared = beside.length === 0 ? {} : { beside };
  const plain = JSON.parse(JSON.stringify({ experiment, steps, numbers, ...compared }));
  return { ...plain, seal: digestOfValue(plain) };
}

export function resultsYaml(results: ResultsFile): string {
  return `# Written by millwright from what it ran. Edit nothing: the seal would break.\n${stringify(results, { lineWidth: 0 })}`;
}

/**
 * What is wrong with a results file: its form, a metric that is missing or nobody asked for, a broken seal; `seal` is the one
 * that the journal knows. Nothing is wrong with an empty list.
 */
export function resultsProblems(
  text: string | undefined,
  { metrics, seal }: { readonly metrics: readonly Metric[]; readonly seal: string | undefined },
): readonly string[] {
  if (text === undefined) return [`${RESULTS_PATH} is not there: the evaluation writes it.`];
  const read = readYaml(text, ResultsFile);
  if (read.kind === "problems") return problemLines(read.problems).map((problem) => `${RESULTS_PATH}, ${problem}`);
  const { seal: written, ...rest } = read.value;
  const own = digestOfValue(JSON.parse(JSON.stringify(rest)));
  const broken = own !== written || (seal !== undefined && seal !== written);
  return [
    ...(broken
      ? [`${RESULTS_PATH} was edited by hand: its seal is not the one that the mill wrote. Evaluate again.`]
      : []),
    ...metrics.flatMap((metric) => missingMetric(metric, rest.numbers)),
    ...rest.numbers
      .filter(({ metric }) => !metrics.some(({ name }) => name === metric))
      .map(({ metric }) => `${RESULTS_PATH} has ${metric}, which design/metrics.yaml does not name.`),
  ];
}

function missingMetric({ name, unit }: Metric, numbers: readonly ResultNumber[]): readonly string[] {
  const found = numbers.filter(({ metric }) => metric === name);
  if (found.length === 0) return [`${RESULTS_PATH} lacks ${name}.`];
  if (found.length > 1) return [`${RESULTS_PATH} has ${name} ${found.length} times.`];
  return found.flatMap((one) =>
    one.unit === unit ? [] : [`${RESULTS_PATH} gives ${name} in ${one.unit}, not ${unit}.`],
  );
}
