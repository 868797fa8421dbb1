import { digestOfValue } from "../digest.ts";
import type { Accelerator } from "./accelerator.ts";
import { type Check, isNear, shown } from "./check.ts";
import { median, perplexityOf } from "./evaluation-checks.ts";
import type { Measured } from "./measured.ts";
import type { Measures } from "./measures.ts";
import type { Metric } from "./metric.ts";
import type { ResultNumber } from "./results.ts";

/** What a metric's command said. */
export interface MetricRun {
  readonly metric: Metric;
  /** As it was run. */
  readonly command: string;
  readonly said: Measured;
  /** How it ended, and the end of what it printed on its error stream. */
  readonly ended: string;
}

/** What stands beside every number. */
export interface Circumstances {
  readonly seed: number;
  readonly commit: string;
  readonly environment: string;
  readonly hardware: Accelerator;
}

const PERPLEXITY_NEAR = 1e-3;
/** Two processes on a machine that has other things to do. */
const THROUGHPUT_FACTOR = 10;
/** The probes hold other things than the metric's command: what shows is a wrong unit, or nothing measured at all. */
const MEMORY_FACTOR = 20;
const MEGABYTES: Readonly<Record<string, number>> = { b: 2 ** -20, k: 2 ** -10, m: 1, g: 2 ** 10 };

/**
 * The number of each metric, where there is one that holds; and what is wrong with the others. Without measures nothing is
 * computed again, and each number says so.
 */
export function metricValues(
  runs: readonly MetricRun[],
  measures: Measures | undefined,
  around: Circumstances,
): { readonly numbers: readonly ResultNumber[]; readonly checks: readonly Check[] } {
  const numbers: ResultNumber[] = [];
  const checks: Check[] = [];
  for (const run of runs) {
    const { metric } = run;
    const value = run.said.kind === "measured" ? new Map(Object.entries(run.said.values)).get(metric.name) : undefined;
    const wrong = typeof value === "number" ? doubt(metric, value, measures) : noNumber(run, value);
    const name = `metric ${metric.name}`;
    if (wrong !== undefined) checks.push({ name, test: "evaluation_pipeline", status: "fail", detail: wrong });
    else {
      const believed = measures === undefined ? " (as printed: nothing was computed again)" : "";
      const detail = `${shown(Number(value))} ${metric.unit}${believed}`;
      checks.push({ name, test: "evaluation_pipeline", status: "pass", detail });
      numbers.push(numberOf(run, Number(value), { measures: measures ?? {}, around }));
    }
  }
  return { numbers, checks };
}

function noNumber({ metric, said, command, ended }: MetricRun, value: string | undefined): string {
  if (value !== undefined) return `${metric.name} is ${value}, which is no finite number (\`${command}\`)`;
  const why = said.kind === "measured" ? `its JSON object has no ${metric.name}` : said.why;
  return `\`${command}\` gave no ${metric.name}: ${why} (${ended})`;
}

/** Why a number cannot stand, from what the mill found itself. */
function doubt(metric: Metric, value: number, measures: Measures | undefined): string | undefined {
  const { name, kind } = metric;
  if (!Number.isFinite(value)) return `${name} is not finite`;
  if (kind !== "other" && value <= 0) return `${name} is ${shown(value)}; it can only be more than 0`;
  if (measures === undefined) return undefined;
  if (kind === "perplexity") return doubtfulPerplexity(metric, value, perplexityAgain(measures));
  if (kind === "throughput") return doubtfulThroughput(name, value, throughputAgain(measures));
  return kind === "memory" ? doubtfulMemory(metric, value, measures) : undefined;
}

/** A peak that is nowhere near what the mill's own process held, where the unit says what it is in. */
function doubtfulMemory({ name, unit }: Metric, value: number, { memory }: Measures): string | undefined {
  const [, letter = ""] = /^(b|k|m|g)(?:i?b|ytes?)?$/i.exec(unit) ?? [];
  const megabytes = MEGABYTES[letter.toLowerCase()];
  if (megabytes === undefined || memory?.kind !== "seen") return undefined;
  const own = memory.values.megabytes / megabytes;
  if (value <= own * MEMORY_FACTOR && value >= own / MEMORY_FACTOR) return undefined;
  return `${name} is ${shown(value)} ${unit}, the mill's own process held ${shown(own)} ${unit} of ${memory.values.of === "rss" ? "resident set" : "GPU memory"}: look at the unit, or name it kind other if it is neither`;
}

function doubtfulPerplexity({ name, tolerance }: Metric, value: number, own: number | undefined): string | undefined {
  if (own === undefined) return `${name} could not be computed again: the validation split was not evaluated`;
  if (isNear(value, own, tolerance ?? PERPLEXITY_NEAR)) return undefined;
  return `${name} is ${shown(value)}, computed again over the validation split it is ${shown(own)}`;
}

function doubtfulThroughput(name: string, value: number, seen: number | undefined): string | undefined {
  if (seen === undefined || (value <= seen * THROUGHPUT_FACTOR && value >= seen / THROUGHPUT_FACTOR)) return undefined;
  return `${name} is ${shown(value)}, measured again without warm-up it is ${shown(seen)}`;
}

function perplexityAgain({ evaluation }: Measures): number | undefined {
  return evaluation?.kind === "seen" ? (perplexityOf(evaluation.values.nats) ?? undefined) : undefined;
}

function throughputAgain({ throughput }: Measures): number | undefined {
  return throughput?.kind === "seen" ? (throughput.values.own ?? undefined) : undefined;
}

interface Seen {
  readonly measures: Measures;
  readonly around: Circumstances;
}

function numberOf({ metric, command, said }: MetricRun, value: number, { measures, around }: Seen): ResultNumber {
  const { name, unit, direction, kind } = metric;
  const again = kind === "perplexity" ? perplexityAgain(measures) : throughputAgain(measures);
  const own = kind === "perplexity" || kind === "throughput" ? again : undefined;
  return {
    metric: name,
    value,
    unit,
    direction,
    ...(kind === "memory" ? { of: memoryOf(measures, around) } : {}),
    ...(own === undefined ? {} : { measured_again: own }),
    ...(kind === "throughput" ? repeatsOf(measures) : {}),
    ...around,
    observation: digestOfValue({ command, said }),
  };
}

/** Whose memory: as the probes saw it, else by what it was computed on. */
function memoryOf({ memory }: Measures, { hardware }: Circumstances): "gpu" | "rss" {
  if (memory?.kind === "seen") return memory.values.of;
  return hardware.device === "cuda" ? "gpu" : "rss";
}

function repeatsOf({ throughput }: Measures) {
  if (throughput?.kind !== "seen") return {};
  const repeats = throughput.values.repeats.filter((one) => one !== null);
  if (repeats.length === 0) return {};
  return { repeats, median: median(repeats), spread: Math.max(...repeats) - Math.min(...repeats) };
}
