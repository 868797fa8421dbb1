import { type Check, checkOf, isNear, type Judged, shown } from "./check.ts";
import type { MeasureOf, Measures } from "./measures.ts";

const test = "forward_pass";
/** Single precision over a few thousand additions. */
const NEAR = 1e-4;
/** A change of outputs that rounding alone can make. */
const ROUNDING = 1e-4;

/** Shapes, what an output may depend on, the loss by other means, and a gradient in every parameter. */
export function forwardChecks(measures: Measures): readonly Check[] {
  return [
    checkOf({ name: "output_shape", test, measure: "forward" }, measures, outputShape),
    checkOf({ name: "causal", test, measure: "forward" }, measures, ({ future }) =>
      unchanged(future, "outputs of the first half of a text change when its second half does: the future is seen"),
    ),
    checkOf({ name: "batch_independent", test, measure: "forward" }, measures, ({ others }) =>
      unchanged(others, "the outputs of one example change when the others of its batch do"),
    ),
    checkOf({ name: "loss_recomputed", test, measure: "loss" }, measures, lossRecomputed),
    checkOf({ name: "gradients_reach", test, measure: "gradients" }, measures, gradientsReach),
  ];
}

function outputShape({ inputs, targets, mask, outputs, largest_target, finite }: MeasureOf<"forward">): Judged {
  const wanted = `[${inputs.join(", ")}, classes]`;
  const [classes = 0] = outputs.slice(-1);
  if (outputs.length !== 3 || outputs.slice(0, 2).join() !== inputs.join())
    return { wrong: `outputs have the shape [${outputs.join(", ")}]; inputs [${inputs.join(", ")}] want ${wanted}` };
  if (targets.join() !== inputs.join() || (mask !== null && mask.join() !== inputs.join()))
    return { wrong: `inputs, targets and mask of a batch must have one shape, [${inputs.join(", ")}]` };
  if (largest_target >= classes)
    return { wrong: `the largest target is ${largest_target}, but there are only ${classes} classes` };
  if (!finite) return { wrong: "outputs of a fresh model are not all finite" };
  return { fine: `outputs [${outputs.join(", ")}] of inputs [${inputs.join(", ")}]` };
}

function unchanged(change: number | null, wrong: string): Judged {
  if (change === null || change > ROUNDING) return { wrong: `${wrong} (by ${shown(change)})` };
  return { fine: `largest change ${shown(change)}` };
}

function lossRecomputed({ cases }: MeasureOf<"loss">): Judged {
  const shaped = cases.find(({ scalar }) => !scalar);
  if (shaped) return { wrong: `the loss of ${shaped.case} is no single number: take the mean over what counts` };
  const wrong = cases.find(({ reported, recomputed }) => !isNear(reported, recomputed, NEAR));
  if (wrong)
    return {
      wrong: `for ${wrong.case} the loss says ${shown(wrong.reported)}, the mean cross-entropy in nats over the tokens that the mask counts is ${shown(wrong.recomputed)}; look at shapes that broadcast, and at what the mean is taken over`,
    };
  return { fine: `equal to the recomputed cross-entropy for ${cases.map((one) => one.case).join(", ")}` };
}

function gradientsReach(seen: MeasureOf<"gradients">): Judged {
  const named: readonly (readonly [readonly string[], string])[] = [
    [seen.without, "get no gradient (is a part of the graph detached?)"],
    [seen.zero, "get a gradient that is zero everywhere"],
    [seen.not_finite, "get a gradient that is not finite"],
    [seen.left_out, "are not given to the optimizer"],
  ];
  const wrong = named.filter(([names]) => names.length > 0).map(([names, what]) => `${few(names)} ${what}`);
  if (wrong.length > 0) return { wrong: wrong.join("; ") };
  const frozen = seen.frozen.length > 0 ? `; frozen on purpose: ${few(seen.frozen)}` : "";
  return { fine: `a gradient in each of ${seen.parameters} parameters${frozen}` };
}

function few(names: readonly string[]): string {
  const rest = names.length > 4 ? ` and ${names.length - 4} more` : "";
  return `${names.slice(0, 4).join(", ")}${rest}`;
}
