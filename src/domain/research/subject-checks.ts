import { type Check, checkOf, type UnseenCheck } from "./check.ts";
import { checkpointChecks } from "./checkpoint-checks.ts";
import { evaluationChecks } from "./evaluation-checks.ts";
import { forwardChecks } from "./forward-checks.ts";
import type { MeasureLook, MeasureName, MeasureOf, Probed } from "./measures.ts";
import { sameSeedCheck, type TrainingPromise, trainingChecks } from "./training-checks.ts";

/** What the first process measures, the cheap ones first. */
export const MAIN_MEASURES: readonly MeasureName[] = [
  "forward",
  "loss",
  "gradients",
  "schedule",
  "order",
  "overlap",
  "training",
  "checkpoint",
  "evaluation",
  "throughput",
];

/** What the second one measures, in a process of its own with another hash seed. */
export const SEED_MEASURES: readonly MeasureName[] = ["seeds"];

/** Everything that the probes saw, judged. The order is the order in which things rest on one another. */
export function subjectChecks(probed: Probed, promise: TrainingPromise): readonly Check[] {
  const { measures } = probed;
  const offers = checkOf({ name: "subject_offers", test: "forward_pass", measure: "subject" }, measures, offered);
  if (offers.status !== "pass") return [offers, ...whole(probed)];
  const sameSeed = sameSeedCheck(measures, promise);
  return [
    offers,
    ...whole(probed),
    ...forwardChecks(measures),
    ...trainingChecks(measures, promise),
    ...checkpointChecks(measures, promise.steps / 2, sameSeed),
    ...evaluationChecks(measures),
  ];
}

/** Every check of a probed experiment, where nothing is probed: these are left out, and said. */
export function unprobedChecks(promise: TrainingPromise): readonly UnseenCheck[] {
  const subject = { kind: "seen", values: { missing: [] } } satisfies MeasureLook<"subject">;
  const nothing = { measures: { subject }, versions: {}, ended: "", isWhole: true };
  return subjectChecks(nothing, promise).map(({ name, test }) => ({ name, test }));
}

function offered({ missing }: MeasureOf<"subject">) {
  if (missing.length > 0) return { wrong: `the module does not offer ${missing.join(", ")}` };
  return { fine: "the module offers all that is asked for" };
}

/** A report that breaks off proves nothing: what printed or killed the process may have been the subject's own. */
function whole({ isWhole, ended }: Probed): readonly Check[] {
  if (isWhole) return [];
  const detail = `the probes' report breaks off (${ended}): code of the experiment must neither end the process nor touch its report`;
  return [{ name: "report_whole", test: "forward_pass", status: "fail", detail }];
}

/** Two processes' reports as one: whole when both are. */
export function bothProbed(one: Probed, two: Probed): Probed {
  const broken = [one, two].find(({ isWhole }) => !isWhole);
  return {
    measures: { ...two.measures, ...one.measures },
    isWhole: broken === undefined,
    ended: (broken ?? one).ended,
    versions: one.versions,
  };
}
