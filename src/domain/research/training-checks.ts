import { type Check, checkOf, isNear, type Judged, restingOn, shown } from "./check.ts";
import { LOSS_TEST, lossFalls } from "./loss-falls.ts";
import type { MeasureOf, Measures } from "./measures.ts";

const test = "short_training";
const NEAR = 1e-5;
/** Of the gradient's length: single precision, added up in another order. */
const GRADIENT_NEAR = 1e-3;

/** What the plan promises of the training. */
export interface TrainingPromise {
  readonly steps: number;
  readonly accumulation: number;
  readonly seed: number;
  /** Learning rates at named steps. */
  readonly rates: Readonly<Record<string, number>>;
}

/** The short training, as the optimizer saw it and as its log tells it. */
export function trainingChecks(measures: Measures, promise: TrainingPromise): readonly Check[] {
  const sameSeed = sameSeedCheck(measures, promise);
  const seen = { test, measure: "training" } as const;
  const accumulation = checkOf({ name: "accumulation", ...seen }, measures, (training) =>
    accumulates(training, promise),
  );
  return [
    checkOf({ name: "same_batches", test, measure: "order" }, measures, sameBatches),
    sameSeed,
    checkOf({ name: "steps_taken", ...seen }, measures, ({ steps }) =>
      steps === promise.steps
        ? { fine: `${steps} steps of the optimizer` }
        : { wrong: `train(…, steps=${promise.steps}) made ${steps} steps of the optimizer` },
    ),
    checkOf({ name: "loss_finite", ...seen }, measures, lossFinite),
    checkOf({ name: "log_lines", ...seen }, measures, (training) => logLines(training, promise)),
    restingOn(accumulation, sameSeed),
    checkOf({ name: "schedule", ...seen }, measures, (training) => onSchedule(training, measures, promise)),
    checkOf({ name: "seed_matters", test, measure: "seeds" }, measures, seedMatters),
    checkOf({ name: "loss_falls", test, measure: "seeds" }, measures, falls),
  ];
}

/** Three runs of one seed: the first, the one that is stopped half way, and one in a process of its own. */
export function sameSeedCheck(measures: Measures, { seed }: TrainingPromise): Check {
  return checkOf({ name: "same_seed", test, measure: "training" }, measures, ({ losses }) => {
    const { checkpoint, seeds } = measures;
    const again = checkpoint?.kind === "seen" ? checkpoint.values.again : [];
    const apart = seeds?.kind === "seen" ? (seeds.values.seeds.find((one) => one.seed === seed)?.losses ?? []) : [];
    for (const [what, other] of [
      ["in one process", again],
      ["in another process", apart],
    ] as const) {
      const at = other.findIndex((one, step) => !isNear(one, losses[step] ?? null, NEAR) && one !== losses[step]);
      if (at >= 0)
        return {
          wrong: `two runs with seed ${seed} ${what} part at step ${at}: ${shown(losses[at])} and ${shown(other[at])}; whatever draws must be seeded`,
        };
    }
    return { fine: `${again.length + apart.length} steps of further runs with seed ${seed} tell the same losses` };
  });
}

function sameBatches(parts: MeasureOf<"order">): Judged {
  for (const split of ["train", "validation"] as const) {
    const at = parts[split];
    if (at !== null)
      return {
        wrong: `asked for twice with one seed, batches of the ${split} split part at batch ${at}: their order hangs on something else than the seed`,
      };
  }
  return { fine: "one seed gives the same batches again, of both splits" };
}

function lossFinite({ losses }: MeasureOf<"training">): Judged {
  const at = losses.indexOf(null);
  if (at >= 0) return { wrong: `the loss is not a number at step ${at}` };
  if (losses.length === 0) return { wrong: "no loss was logged" };
  return { fine: `${losses.length} losses, all finite` };
}

function logLines({ log, rates }: MeasureOf<"training">, { steps }: TrainingPromise): Judged {
  const [problem] = log.problems;
  if (problem) return { wrong: `log.jsonl: ${problem}; each step writes one object with step, loss, learning_rate` };
  const counted = log.steps.every((step, at) => step === at);
  if (log.lines !== steps || !counted)
    return { wrong: `log.jsonl has ${log.lines} lines; one a step is wanted, numbered 0 to ${steps - 1}` };
  const lies = log.rates.findIndex((rate, at) => !isNear(Number(rate), rates[at] ?? null, NEAR));
  if (lies >= 0)
    return {
      wrong: `log.jsonl says a learning rate of ${shown(Number(log.rates[lies]))} at step ${lies}, the optimizer had ${shown(rates[lies])}`,
    };
  return { fine: `${log.lines} JSON lines with step, loss and learning rate as they were` };
}

function accumulates({ gradient }: MeasureOf<"training">, { accumulation }: TrainingPromise): Judged {
  if (gradient === null) return { wrong: "the first step of the optimizer had no gradients of the plan's parameters" };
  const { apart, size, theirs } = gradient;
  if (apart === null || size === null || size === 0 || apart > GRADIENT_NEAR * size) {
    const ratio = size && theirs ? ` (their lengths are as ${shown(theirs / size)} to 1)` : "";
    return {
      wrong: `the gradient of the first step is not that of the ${accumulation} micro-batches as one batch${ratio}: divide by the number of micro-batches, and set gradients to zero before`,
    };
  }
  return { fine: `${accumulation} micro-batches equal one big batch (apart ${shown(apart / size)} of the length)` };
}

function onSchedule({ rates }: MeasureOf<"training">, measures: Measures, promise: TrainingPromise): Judged {
  const { schedule } = measures;
  if (schedule?.kind !== "seen") return { wrong: "learning_rate(step, config) could not be asked" };
  const asked = schedule.values;
  for (const [step, wanted] of Object.entries(promise.rates)) {
    const told = asked.named[step] ?? null;
    if (!isNear(told, wanted, NEAR))
      return {
        wrong: `learning_rate(${step}) is ${shown(told)}, the plan says ${wanted} at step ${step} (the first is 0)`,
      };
    const had = rates[Number(step)];
    if (had !== undefined && !isNear(had, wanted, NEAR))
      return {
        wrong: `at step ${step} the optimizer had ${shown(had)}, the plan says ${wanted} (the first step is 0)`,
      };
  }
  const at = rates.findIndex((rate, step) => !isNear(rate, asked.rates[step] ?? null, NEAR));
  if (at >= 0)
    return {
      wrong: `at step ${at} the optimizer had ${shown(rates[at])}, learning_rate(${at}) says ${shown(asked.rates[at])}`,
    };
  return {
    fine: `${rates.length} steps had the rate of their number, ${Object.keys(promise.rates).length} named ones the plan's`,
  };
}

function seedMatters({ seeds }: MeasureOf<"seeds">): Judged {
  const firsts = seeds.map(({ losses }) => losses.join());
  const same = firsts.findIndex((one, at) => firsts.indexOf(one) !== at);
  if (same >= 0) return { wrong: `seed ${seeds[same]?.seed} trains exactly like another one: the seed is not used` };
  return { fine: `${seeds.length} seeds, ${seeds.length} different trainings` };
}

function falls({ seeds }: MeasureOf<"seeds">): Judged {
  const verdict = lossFalls(seeds);
  if (verdict.kind === "does-not") return { wrong: `the loss does not fall: ${verdict.why} (${LOSS_TEST})` };
  const before = mean(seeds.map((one) => one.before ?? 0));
  const after = mean(seeds.map((one) => one.after ?? 0));
  return {
    fine: `loss decreased from ${shown(before)} to ${shown(after)}, mean of ${seeds.length} seeds; t = ${shown(verdict.statistic)}, more than ${verdict.critical} is needed (${LOSS_TEST})`,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);
}
