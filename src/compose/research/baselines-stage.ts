import { clone, textsOf } from "../../adapters/research/clones/open-clones.ts";
import { patchBrief } from "../../briefs/research-mend-brief.ts";
import { acceleratorText } from "../../domain/research/accelerator.ts";
import type { Baseline } from "../../domain/research/baseline.ts";
import { parsePatchAnswer, patchAnswerSchema } from "../../domain/research/baseline-patch.ts";
import {
  type BaselineResult,
  type BaselinesReport,
  baselinesMarkdown,
  baselinesYaml,
} from "../../domain/research/baseline-report.ts";
import { BaselineTrial, isOut, resultOf, withoutCode } from "../../domain/research/baseline-trial.ts";
import { baselineWords } from "../../domain/research/baseline-words.ts";
import type { StageEnd, StageFile } from "../../domain/research/stage.ts";
import { ask } from "../../engine/ask.ts";
import { step } from "../../engine/step.ts";
import { type Anew, begunAnew, CHANGED_PLAN } from "./anew.ts";
import { cloneRoom, type Runnable, tryBaseline } from "./run-baseline.ts";
import type { Stage, StageWork } from "./world.ts";

/** Patches that are asked of the coder before the orchestrator is asked, and again when it wants the baseline debugged. */
const PATCHES = 3;

/**
 * Clones every baseline at its commit, adapts, runs and compares it; whatever is not reproduced within tolerance is flagged
 * and the orchestrator says what becomes of it. Waits when it says that a person has to.
 */
export const baselinesStage: Stage = async (work) => {
  const results: BaselineResult[] = [];
  const files: StageFile[] = [];
  for (const baseline of work.design.baselines) {
    work.context.ports.glimpse({ kind: "doing", task: "baselines", what: `runs ${baseline.name}` });
    const end = isRunnable(baseline) ? await pursue(baseline, work) : { result: withoutCode(baseline), files: [] };
    if ("waiting" in end) return end.waiting;
    results.push(end.result);
    files.push(...end.files);
  }
  const { digest, accelerator } = work.python();
  const report: BaselinesReport = { environment: digest, hardware: acceleratorText(accelerator), baselines: results };
  return {
    kind: "passed",
    summary: summaryOf(results),
    files: [
      ...files,
      { path: "baselines/report.yaml", text: baselinesYaml(report) },
      { path: "baselines/report.md", text: baselinesMarkdown(report) },
    ],
    report: JSON.parse(JSON.stringify(report)),
  };
};

function isRunnable(baseline: Baseline): baseline is Runnable {
  const { code_available: isAvailable, source, commit, command } = baseline;
  return isAvailable && source !== undefined && commit !== undefined && command !== undefined;
}

function summaryOf(results: readonly BaselineResult[]): string {
  if (results.length === 0) return "The design names no baselines.";
  const words = { reproduced: "reproduced", flagged: "FLAGGED", failed: "FAILED", "no-code": "no code, deprioritised" };
  return results
    .map(({ name, status, problem, decision }) => {
      const why = status === "flagged" || status === "failed" ? ` (${problem ?? ""}; ${decision ?? "undecided"})` : "";
      return `${name}: ${words[status]}${why}`;
    })
    .join("; ");
}

type Pursued =
  | { readonly result: BaselineResult; readonly files: readonly StageFile[] }
  | { readonly waiting: Extract<StageEnd, { kind: "waiting" }> };

/** A baseline on its way: its last trial, and the patch that it ran with. */
interface Course {
  readonly baseline: Runnable;
  readonly anew: Anew;
  readonly told: string[];
  trial: BaselineTrial;
  patch: { readonly text: string; readonly path: string; readonly by: "design" | "coder" } | undefined;
  trials: number;
  asked: number;
}

async function pursue(baseline: Runnable, work: StageWork): Promise<Pursued> {
  const course = await begin(baseline, work);
  let result = latest(course);
  if (result.status === "failed" && !isOut(course.trial)) result = await debugged(course, "", work);
  for (let debugs = 0; result.status !== "reproduced"; debugs++) {
    const { move, words } = await decided(course, result, debugs, work);
    if (move === "person") {
      await course.anew.wait();
      const reason = `Baseline ${baseline.name}: ${words || (result.problem ?? "")}`;
      return { waiting: { kind: "waiting", reason, hint: `Mend what stands in the way and resume; ${CHANGED_PLAN}.` } };
    }
    if (move !== "debug") return decidedResult(course, result, { move, words });
    result = await debugged(course, words, work);
  }
  return { result, files: patchFiles(course) };
}

async function begin(baseline: Runnable, work: StageWork): Promise<Course> {
  const anew = await begunAnew(work, baseline.name);
  const { git } = work.context.ports.repository(undefined);
  const path = baseline.patch;
  const text = path === undefined ? undefined : await git.read(work.tree, path);
  const patch = path === undefined || text === undefined ? undefined : { path, text, by: "design" as const };
  const trial: BaselineTrial = {
    outcome: "ran",
    why: "",
    output: "",
    measured: { kind: "nothing", why: "" },
    seconds: 0,
    notes: [],
  };
  const course: Course = { baseline, anew, told: [], trial, patch, trials: 0, asked: 0 };
  await tryOnce(course, work);
  const notes = [...course.trial.notes];
  if (path !== undefined && text === undefined)
    notes.push(`the patch ${path} that the design names is not in the repository`);
  course.trial = { ...course.trial, notes };
  return course;
}

function latest({ baseline, trial, patch }: Course): BaselineResult {
  return resultOf(baseline, trial, patch && { path: patch.path, by: patch.by });
}

async function tryOnce(course: Course, work: StageWork): Promise<void> {
  course.trials++;
  const key = `${course.anew.key}/try/${course.trials}`;
  course.trial = await step(work.context.ports, { key, shape: BaselineTrial }, () =>
    tryBaseline(course.baseline, course.patch?.text, work),
  );
  const [first] = course.told;
  if (first !== undefined && course.patch?.by === "coder")
    course.trial = { ...course.trial, notes: [...course.trial.notes, `before the coder's patch: ${first}`] };
  const { problem } = latest(course);
  if (problem !== undefined) course.told.push(problem);
}

/** Lets the coder adapt the baseline, a few times, until it is reproduced. */
async function debugged(course: Course, words: string, work: StageWork): Promise<BaselineResult> {
  for (let left = PATCHES; left > 0; left--) {
    const before = latest(course);
    const answer = await askPatch(course, words, work);
    await work.error({
      stage: "baselines",
      subject: course.baseline.name,
      error: before.problem ?? "",
      resolution: answer.said,
    });
    course.told.push(answer.said);
    if (answer.kind === "gave-up") break;
    if (answer.kind === "patch") await adapted(course, answer.patch, work);
    const { status } = latest(course);
    // A number that is merely off is the orchestrator's matter before the coder goes on.
    if (status === "reproduced" || (status === "flagged" && words === "")) break;
  }
  return latest(course);
}

async function adapted(course: Course, text: string, work: StageWork): Promise<void> {
  course.patch = { path: `baselines/${course.baseline.name}.patch`, text, by: "coder" };
  await tryOnce(course, work);
}

type CoderPatch =
  | { readonly kind: "patch"; readonly patch: string; readonly said: string }
  | { readonly kind: "gave-up" | "unusable"; readonly said: string };

async function askPatch(course: Course, words: string, work: StageWork): Promise<CoderPatch> {
  const { baseline, trial, patch, told, anew } = course;
  const files = await publishedFiles(baseline, work);
  const { name, paper, command, install, metrics } = baseline;
  const wanted = JSON.stringify({ name, paper, install, command, metrics: Object.keys(metrics) }, undefined, 2);
  const asked = { wanted, tries: told, output: trial.output, patch: patch?.text ?? "", files, words };
  const brief = await patchBrief(asked, work.context);
  course.asked++;
  const task = `${work.name}-${name}${anew.suffix}`;
  const question = { task, role: "developer", attempt: course.asked, ...brief } as const;
  const reply = await ask({ ...question, schema: patchAnswerSchema() }, work.context);
  const parsed = parsePatchAnswer(reply.text, baseline);
  if (parsed.kind === "unusable")
    return { kind: "unusable", said: `an answer that cannot be used: ${parsed.problems.join(" ").slice(0, 600)}` };
  const { move, why } = parsed.reply;
  if (move === "give-up") return { kind: "gave-up", said: `the coder gave up (${why})` };
  return { kind: "patch", patch: parsed.reply.patch, said: `a patch of the coder's (${why})` };
}

async function publishedFiles(baseline: Runnable, work: StageWork) {
  const room = cloneRoom(work);
  const cloned = await clone(baseline, room);
  return cloned.kind === "there" ? textsOf(cloned.dir, baseline.commit, room) : [];
}

interface Decision {
  readonly move: string;
  readonly words: string;
}

const DEBUG = "debug: let the coder adapt it further, as your words say";
const REPLACE = "replace: leave it out of the comparison; your words say what should stand in its place";
const PERSON = "person: a person has to look";

/** The orchestrator's word about a baseline that was not reproduced. */
async function decided(course: Course, result: BaselineResult, debugs: number, work: StageWork): Promise<Decision> {
  const { baseline, trial, told, anew, patch } = course;
  const usable =
    result.status === "flagged" ? ["use-as-is: compare with what was measured here, and say why that is fair"] : [];
  const debug = debugs < 1 && !isOut(trial) ? [DEBUG] : [];
  const text = baselineWords({
    baseline,
    problem: result.problem ?? "",
    told,
    output: trial.output,
    patch: patch?.text ?? "",
    files: isOut(trial) ? [] : await publishedFiles(baseline, work),
  });
  return work.orchestrate({
    stage: "baselines",
    subject: `${baseline.name}${anew.suffix}`,
    text,
    moves: [...usable, ...debug, REPLACE, PERSON],
  });
}

function decidedResult(course: Course, result: BaselineResult, { move, words }: Decision): Pursued {
  const decision = move === "use-as-is" ? "use-as-is" : "replace";
  return { result: { ...result, decision, reason: words }, files: patchFiles(course) };
}

/** A patch of the coder's that applies is recorded in the repository, whatever came of it. */
function patchFiles({ patch, trial }: Course): readonly StageFile[] {
  return patch?.by === "coder" && trial.outcome !== "patch-fails" ? [{ path: patch.path, text: patch.text }] : [];
}
