import { type Check, checkOf, isNear, type Judged, shown } from "./check.ts";
import type { MeasureOf, Measures } from "./measures.ts";

const test = "evaluation_pipeline";
const NEAR = 1e-3;
/** Windows of training that may stand in the validation text by chance: people repeat themselves. */
const BY_CHANCE = 0.002;
const CLOCK_NEAR = 0.01;
/** Real clocks under load: a check of the magnitude alone, the pretended clock is the sharp one. */
const FACTOR = 5;

/** What is computed, on which data, in which unit. */
export function evaluationChecks(measures: Measures): readonly Check[] {
  return [
    checkOf({ name: "split_disjoint", test, measure: "overlap" }, measures, disjoint),
    checkOf({ name: "metric_split", test, measure: "evaluation" }, measures, metricSplit),
    checkOf({ name: "perplexity_base", test, measure: "evaluation" }, measures, perplexityBase),
    checkOf({ name: "throughput_warmup", test, measure: "throughput" }, measures, withoutWarmup),
  ];
}

/** What perplexity is: e to the mean nats. */
export function perplexityOf(nats: number | null): number | null {
  return nats === null ? null : Math.exp(nats);
}

function disjoint({ windows, shared, length }: MeasureOf<"overlap">): Judged {
  if (windows === 0) return { wrong: "no training window was seen" };
  if (shared > BY_CHANCE * windows)
    return {
      wrong: `${shared} of ${windows} training windows hold ${length} tokens in a row of the validation split: it leaks into the training`,
    };
  return { fine: `${shared} of ${windows} training windows share ${length} tokens in a row with the validation split` };
}

function metricSplit({ reported, nats, tokens, training_nats }: MeasureOf<"evaluation">): Judged {
  if (isNear(reported.loss, nats, NEAR) && reported.tokens === tokens)
    return { fine: `${shown(nats)} nats over ${tokens} tokens of the validation split, recomputed` };
  const onTraining = isNear(reported.loss, training_nats, 0.02) ? " (near that of training data)" : "";
  return {
    wrong: `evaluate() says ${shown(reported.loss)} nats over ${shown(reported.tokens)} tokens${onTraining}; recomputed over the validation split it is ${shown(nats)} over ${tokens}`,
  };
}

function perplexityBase({ reported, nats }: MeasureOf<"evaluation">): Judged {
  const right = perplexityOf(reported.loss ?? nats);
  if (isNear(reported.perplexity, right, NEAR)) return { fine: `perplexity ${shown(right)} is exp of the mean nats` };
  const two = isNear(reported.perplexity, 2 ** (reported.loss ?? 0), NEAR) ? ", but 2 to the nats" : "";
  return { wrong: `perplexity ${shown(reported.perplexity)} is not exp(mean nats) = ${shown(right)}${two}` };
}

function withoutWarmup({ pretended, tokens, warmup, repeats, own }: MeasureOf<"throughput">): Judged {
  if (pretended.length < 3)
    return { wrong: `${pretended.length} repeats are too few for a median and a spread; three are needed` };
  const wrong = pretended.find((one) => !isNear(one, tokens, CLOCK_NEAR));
  if (wrong !== undefined)
    return {
      wrong: `on a clock where each warm pass of ${shown(tokens)} tokens takes one second and the first ${warmup} take ten, throughput() says ${shown(wrong)} tokens/s and not ${shown(tokens)}: leave the first ${warmup} passes out, and count each token once`,
    };
  const reported = median(repeats.filter((one) => one !== null));
  const share = own === null || own === 0 ? 0 : reported / own;
  if (share < 1 / FACTOR || share > FACTOR)
    return { wrong: `throughput() says ${shown(reported)} tokens/s, its own passes were seen at ${shown(own)}` };
  return {
    fine: `${warmup} passes of warm-up left out; median ${shown(reported)} tokens/s of ${repeats.length} repeats, seen ${shown(own)}`,
  };
}

/** The middle one, or the mean of the two; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[half] ?? 0;
  return ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}
