import { comparedIn } from "../../domain/research/baseline-report.ts";
import { besideBaselines } from "../../domain/research/beside-baselines.ts";
import { type Check, findingsOf } from "../../domain/research/check.ts";
import { evaluationChecks } from "../../domain/research/evaluation-checks.ts";
import type { MeasureName, Probed } from "../../domain/research/measures.ts";
import { metricValues } from "../../domain/research/metric-values.ts";
import { RESULTS_PATH, type ResultsFile, resultsYaml, sealed } from "../../domain/research/results.ts";
import type { Json, StageEnd } from "../../domain/research/stage.ts";
import { subjectChecks } from "../../domain/research/subject-checks.ts";
import { configOf, inProbeRoom, type ProbeRoom, promiseOf } from "./probe-room.ts";
import type { Stage, StageWork } from "./world.ts";

const MEASURED: readonly MeasureName[] = ["overlap", "keep", "evaluation", "throughput", "memory"];

/**
 * Trains shortly, runs the commands of the metrics on what came of it, computes perplexity and throughput again by the mill's own means,
 * and writes `results.yaml`: every number with seed, commit, environment and hardware, under a seal.
 */
export const evaluationStage: Stage = (work) => inProbeRoom(work, evaluated);

async function evaluated(room: ProbeRoom, work: StageWork): Promise<StageEnd> {
  const { design } = work;
  const probed = await probedFor(room, work);
  const early = probed === undefined ? [] : earlyChecks(probed, work);
  if (early.some(({ status }) => status === "fail")) return refused(early, work);
  const python = work.python();
  const around = {
    seed: design.training.seed,
    commit: work.commit,
    environment: python.digest,
    hardware: python.accelerator,
  };
  const { numbers, checks } = metricValues(await room.metricRuns(design.metrics), probed?.measures, around);
  const all = [...early, ...checks];
  if (all.some(({ status }) => status === "fail")) return refused(all, work);
  const steps = probed === undefined ? 0 : design.subject.steps;
  const beside = [...besideBaselines(numbers, comparedIn(work.reportOf("baselines")))];
  const results = sealed({ experiment: "exp-001", steps, numbers: [...numbers], beside });
  return {
    kind: "passed",
    summary: `${numbers.length} metrics: ${checks.map(({ name, detail }) => `${name.slice("metric ".length)} ${detail}`).join(", ")}`,
    files: [{ path: RESULTS_PATH, text: resultsYaml(results) }],
    report: reportOf(results, all),
  };
}

function probedFor(room: ProbeRoom, { design }: StageWork): Promise<Probed | undefined> {
  if (design.subject.framework === "other") return Promise.resolve(undefined);
  return room.probe(MEASURED, configOf(design, "results"), "0");
}

/** Of all checks those that this stage measures. */
function earlyChecks(probed: Probed, { design }: StageWork): readonly Check[] {
  const kept = probed.measures.keep?.kind === "failed" ? probed.measures.keep.failed : undefined;
  const offered = subjectChecks(probed, promiseOf(design)).filter(({ name }) =>
    ["subject_offers", "report_whole"].includes(name),
  );
  if (offered.some(({ status }) => status !== "pass")) return offered;
  const saved: readonly Check[] =
    kept === undefined
      ? []
      : [{ name: "short_training", test: "short_training", status: "fail", detail: kept.error, ...placeOf(kept) }];
  return [...saved, ...evaluationChecks(probed.measures)];
}

function placeOf({ path, line }: { readonly path: string | null; readonly line: number | null }) {
  return { ...(path === null ? {} : { path }), ...(line === null ? {} : { line }) };
}

function refused(checks: readonly Check[], { design }: StageWork): StageEnd {
  const findings = findingsOf(checks, design.subject.path);
  const summary = `${findings.length} of ${checks.length} checks of the evaluation fail: ${findings.map(({ rule }) => rule).join(", ")}`;
  return { kind: "refused", summary, findings, files: [], report: { checks: plain(checks) } };
}

function reportOf(results: ResultsFile, checks: readonly Check[]): Json {
  return { seal: results.seal, numbers: plain(results.numbers), checks: plain(checks) };
}

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
