import { z } from "zod";
import { CHECKLIST_TESTS, type Check, findingsOf } from "../../domain/research/check.ts";
import { CHECKLIST_PATH, checklistOf, checklistYaml } from "../../domain/research/checklist.ts";
import type { Measures, Probed } from "../../domain/research/measures.ts";
import { metricValues } from "../../domain/research/metric-values.ts";
import { RESULTS_PATH, resultsProblems } from "../../domain/research/results.ts";
import { ageProblems } from "../../domain/research/results-age.ts";
import type { Json, StageEnd } from "../../domain/research/stage.ts";
import {
  bothProbed,
  MAIN_MEASURES,
  SEED_MEASURES,
  subjectChecks,
  unprobedChecks,
} from "../../domain/research/subject-checks.ts";
import { configOf, inProbeRoom, type ProbeRoom, promiseOf } from "./probe-room.ts";
import type { Stage, StageWork } from "./world.ts";

/** Executes the checklist: forward pass, short training over several seeds, checkpoint round trip, evaluation pipeline. */
export const integrationStage: Stage = (work) => inProbeRoom(work, integrated);

async function integrated(room: ProbeRoom, work: StageWork): Promise<StageEnd> {
  const { design } = work;
  const probed = design.subject.framework === "torch" ? await bothProcesses(room, work) : undefined;
  const own = probed ? subjectChecks(probed, promiseOf(design)) : await commandChecks(room, work);
  const isTrained = !own.some(({ name, status }) => name === "subject_offers" && status === "fail");
  const metrics = isTrained ? await metricChecks(room, probed?.measures, work) : [];
  const checks = [...own, ...metrics, await resultsCheck(work)];
  const unseen = probed === undefined ? unprobedChecks(promiseOf(design)) : [];
  const checklist = checklistOf(checks, unseen);
  const files = [{ path: CHECKLIST_PATH, text: checklistYaml(checklist) }];
  const findings = findingsOf(checks, design.subject.path);
  const failed = checklist.tests.filter(({ status }) => status === "fail").map(({ name }) => name);
  const report = plain({ checklist, checks, unseen, ...trainedOf(probed?.measures ?? {}) });
  if (failed.length === 0)
    return {
      kind: "passed",
      summary: `all ${checklist.tests.length} tests pass, ${checks.length} checks${unseen.length === 0 ? "" : `; ${unseen.length} checks that need PyTorch were not looked at`}`,
      files,
      report,
    };
  const summary = `${failed.join(", ")} failed: ${findings.map(({ rule }) => rule.slice("research/".length)).join(", ")}`;
  return { kind: "refused", summary, findings, files, report };
}

/** Side by side where nothing but the sandbox's own folder is shared. */
async function bothProcesses(room: ProbeRoom, { design }: StageWork): Promise<Probed> {
  const config = configOf(design, "probing");
  const seeds = () => room.probe(SEED_MEASURES, config, "1");
  const main = () => room.probe([...MAIN_MEASURES, "keep"], config, "0");
  if (!room.place.sandbox.isolated) return bothProbed(await main(), await seeds());
  const [one, two] = await Promise.all([main(), seeds()]);
  return bothProbed(one, two);
}

async function metricChecks(
  room: ProbeRoom,
  measures: Measures | undefined,
  work: StageWork,
): Promise<readonly Check[]> {
  const { design } = work;
  const python = work.python();
  const around = {
    seed: design.training.seed,
    commit: work.commit,
    environment: python.digest,
    hardware: python.accelerator,
  };
  return metricValues(await room.metricRuns(design.metrics), measures, around).checks;
}

const Evaluated = z.object({ seal: z.string(), numbers: z.array(z.object({ commit: z.string() })).default([]) });

/** `results.yaml` as it stands in the tree, by its schema and its seal. */
async function resultsCheck(work: StageWork): Promise<Check> {
  const { design, context, tree, reportOf } = work;
  const { git } = context.ports.repository(undefined);
  const known = Evaluated.safeParse(reportOf("evaluation"));
  const written = resultsProblems(await git.read(tree, RESULTS_PATH), {
    metrics: design.metrics,
    seal: known.data?.seal,
  });
  const problems = [...written, ...(await agedProblems(known.data?.numbers ?? [], work))];
  const place = { name: "results_schema", test: "evaluation_pipeline", path: RESULTS_PATH } as const;
  if (problems.length > 0) return { ...place, status: "fail", detail: problems.join(" ") };
  return { ...place, status: "pass", detail: `${design.metrics.length} metrics under the mill's seal, by the schema` };
}

/** Numbers are of the code that they were measured on: what has changed since has to be measured anew. */
async function agedProblems(
  numbers: readonly { readonly commit: string }[],
  { context, tree, design }: StageWork,
): Promise<readonly string[]> {
  const { git } = context.ports.repository(undefined);
  const commits = [...new Set(numbers.map(({ commit }) => commit))];
  const looked = commits.map(async (commit) => {
    const then = await git.resolve(commit);
    if (then === undefined) return [`${RESULTS_PATH} names the commit ${commit}, which is gone: evaluate again.`];
    const changed = (await git.changes(then.tree, tree)).map(({ path }) => path);
    return ageProblems(commit, changed, design.folder);
  });
  return (await Promise.all(looked)).flat();
}

/** Of a framework that the probes do not know: the plan's commands, by exit code alone. */
async function commandChecks(room: ProbeRoom, { design }: StageWork): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const test of CHECKLIST_TESTS) {
    const command = design.subject.tests[test];
    if (command === undefined) {
      if (test === "evaluation_pipeline") continue;
      const detail = `the plan names no command (subject.tests.${test}), and its framework is not probed`;
      checks.push({ name: test, test, status: "fail", detail });
      continue;
    }
    const { run, isFine, ended } = await room.command(command);
    const detail = `\`${run}\`: ${ended}, believed by exit code alone`;
    checks.push({ name: test, test, status: isFine ? "pass" : "fail", detail });
  }
  return checks;
}

function trainedOf({ training }: Measures): { readonly losses: readonly (number | null)[]; readonly seconds?: number } {
  return training?.kind === "seen"
    ? { losses: training.values.losses, seconds: training.values.seconds }
    : { losses: [] };
}

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
