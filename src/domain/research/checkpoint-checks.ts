import { type Check, checkOf, isNear, type Judged, restingOn, shown } from "./check.ts";
import type { MeasureOf, Measures } from "./measures.ts";

const test = "checkpoint_roundtrip";
const NEAR = 1e-5;

/** Saved half way, loaded, and on: against the run that never stopped. */
export function checkpointChecks(measures: Measures, half: number, sameSeed: Check): readonly Check[] {
  const place = { test, measure: "checkpoint" } as const;
  const next = checkOf({ name: "same_next_step", ...place }, measures, (seen) => nextStep(seen, half));
  const onwards = checkOf({ name: "goes_on_alike", ...place }, measures, (seen) => fifthStep(seen, half));
  return [
    checkOf({ name: "same_loss", ...place }, measures, (seen) => sameLoss(seen, half)),
    restingOn(next, sameSeed),
    restingOn(restingOn(onwards, next), sameSeed),
  ];
}

function sameLoss({ before, after, fresh }: MeasureOf<"checkpoint">, half: number): Judged {
  if (!isNear(before, after, NEAR))
    return { wrong: `saved at step ${half} with a loss of ${shown(before)} on one batch, loaded with ${shown(after)}` };
  if (fresh.error !== null)
    return { wrong: `what save() wrote at step ${half} cannot be loaded by a fresh process: ${fresh.error}` };
  if (!isNear(before, fresh.loss, NEAR))
    return {
      wrong: `saved at step ${half} with a loss of ${shown(before)} on one batch, a fresh process loads it with ${shown(fresh.loss)}: all of it belongs into the file`,
    };
  return {
    fine: `saved at step ${half} and loaded, here and in a fresh process: the loss of one batch is ${shown(after)} as before`,
  };
}

function nextStep({ takes_state, steps }: MeasureOf<"checkpoint">, half: number): Judged {
  if (!takes_state) return { wrong: "train() takes no `state`: what load() answers must be able to go on" };
  if (steps === null) return { wrong: "the run that never stopped could not be compared with" };
  if (steps.count !== 5)
    return { wrong: `train(…, steps=${half + 5}, state=loaded) made ${steps.count} steps, from ${half} on it is 5` };
  if (steps.next === null || steps.next > NEAR)
    return {
      wrong: `the parameters after the first step from the checkpoint are ${shown(steps.next)} (relative) from those of the run that never stopped: optimizer state, step number and place in the data belong into the checkpoint`,
    };
  return { fine: `step ${half} from the checkpoint gives the parameters of the run that never stopped` };
}

function fifthStep({ steps }: MeasureOf<"checkpoint">, half: number): Judged {
  if (steps === null || steps.fifth === null || steps.fifth > NEAR)
    return {
      wrong: `it loads, and then diverges: after five steps the parameters are ${shown(steps?.fifth)} (relative) from those of the run that never stopped`,
    };
  return { fine: `after step ${half + 4} too` };
}
