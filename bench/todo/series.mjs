/** One series: a project, a condition and a seed, from the first commit until all tasks have landed or a bound is reached. */
import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { load, root } from "../kit/house.mjs";
import { gitIn } from "../kit/target.mjs";
import { beginProject, following, freshState, openScripted, scriptedMaker } from "./drive.mjs";

/** What each condition gives the mill beside the plan. */
export const CONDITIONS = {
  a: { says: "no corrections, no learning" },
  b: { says: "learning, from nothing", learns: true },
  c: { says: "the example corrections, no learning", given: true },
  d: { says: "the example corrections and learning", given: true, learns: true },
  f: { says: "the example corrections, and six written by hand after three diagnoses", given: true, byHand: true },
  g: { says: "the corrections of condition f on the first project, unchanged", brings: "f" },
  e: { says: "what condition b learned on the first project, unchanged; no learning", brings: "b" },
};

/** Where the seed's run ended; and words that a person would not say for ever. */
const MOST_ANSWERS = 400;
const MOST_WORDS = 30;
const MOST_MINUTES = Number(process.env.TODO_MINUTES ?? 60);

/** `model` as `scriptedMaker` takes it; `brought`: a folder of corrections that the project begins with;
 * `keepAt`: where those that it ends with are kept. */
export async function runSeries(project, { condition, model, brought, keepAt, say = () => undefined }) {
  const { given, byHand, learns } = CONDITIONS[condition];
  const target = await beginProject(project);
  const folder = brought ?? (given ? project.corrections : undefined);
  for (const from of [folder, byHand && join(root, "bench/todo/corrections")])
    if (from && existsSync(from)) bring(from, target.dir);
  const state = freshState();
  const maker = scriptedMaker(project, model);
  /** Each call with a mill of its own, as if a person typed one command after the other. */
  const command = async (work) => {
    const mill = await openScripted(target, project, maker, state);
    return work(mill).finally(() => mill.close());
  };
  const series = {
    sessions: [],
    approvals: [],
    offered: 0,
    words: 0,
    learned: 0,
    session: 0,
    maker,
    state,
    say,
    command,
  };
  const start = performance.now();
  try {
    await pursue(target.request, series, learns);
    const { sessions, approvals, offered, words, learned } = series;
    const seconds = (performance.now() - start) / 1000;
    const end = await command((mill) => told(mill, maker));
    const corrections = correctionsIn(target.dir);
    if (keepAt && corrections.length > 0) cpSync(join(target.dir, "corrections"), keepAt, { recursive: true });
    return { sessions, approvals, offered, words, learned, seconds, landed: state.landed.size, corrections, ...end };
  } finally {
    if (process.env.TODO_KEEP) say(`kept: ${target.dir}`);
    else rmSync(target.around, { recursive: true, force: true });
  }
}

async function pursue(request, series, learns) {
  const { maker, state, say, command } = series;
  const start = performance.now();
  const isOver = () =>
    maker.log.length >= MOST_ANSWERS || series.words >= MOST_WORDS || performance.now() - start > MOST_MINUTES * 60_000;
  let end = await command((mill) => mill.run(request, following(state)));
  for (;;) {
    const { kind, reason = "" } = end.outcome;
    series.sessions.push({ kind, landed: state.landed.size, answers: maker.log.length });
    say(`${kind}, ${state.landed.size} landed, ${maker.log.length} answers: ${reason}`.slice(0, 400));
    if (kind === "done" || isOver()) return;
    const approved = learns ? await command((mill) => learn(mill, series)) : 0;
    state.session += 1;
    const next = await goOn(end.run, approved, series);
    if (next === undefined) return;
    end = next;
  }
}

function bring(folder, dir) {
  const git = gitIn(dir);
  cpSync(folder, join(dir, "corrections"), { recursive: true });
  git("add", "corrections");
  git("commit", "-q", "-m", "Bring corrections");
}

export function correctionsIn(dir) {
  const folder = join(dir, "corrections");
  return existsSync(folder) ? readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)) : [];
}

/** The bench stands for the person: all that the proof offers is approved, and counted. */
async function learn(mill, series) {
  const { state, say } = series;
  const begun = performance.now();
  const end = await mill.learn({}, following(state));
  const decided = end.waiting.length === 0 ? [] : await mill.decide({ approve: "all" });
  series.learned += (performance.now() - begun) / 1000;
  series.offered += end.waiting.length;
  const approved = decided.filter(({ decision }) => decision === "approved").map(({ id }) => id);
  series.approvals.push(...approved);
  for (const one of end.waiting) say(`  offered: ${one.id}: ${one.title}`);
  for (const one of end.others) say(`  not offered: ${one.id}: ${one.standing}, ${one.state}`);
  for (const note of end.notes) say(`  note: ${note}`);
  return approved.length;
}

/** The run goes on by itself where something has changed; else a person says so of the first task that rests. */
async function goOn(run, approved, series) {
  const { say, command } = series;
  const next = approved > 0 ? await command((mill) => resumed(mill, run, {}, series)) : undefined;
  if (next) return next;
  const { restingIn } = await load("domain/comeback.js");
  const task = await command(async (mill) => restingIn(await mill.entries(run))[0]?.task);
  if (task === undefined) return undefined;
  series.words += 1;
  say(`  a person says: try ${task} again`);
  return command((mill) => resumed(mill, run, { retry: { task, word: "Try it again." } }, series));
}

async function resumed(mill, run, changes, { state, say }) {
  try {
    return await mill.resume(run, changes, following(state));
  } catch (error) {
    if (error.name !== "InputError") throw error;
    say(`  ${error.message.slice(0, 400)}`);
    return undefined;
  }
}

/** The attempts as `results.tsv` has them, and what each of them was in truth. */
export async function told(mill, maker) {
  const { foldResults } = await load("views/results.js");
  const runs = [];
  for (const { id } of await mill.runs()) runs.push(await mill.entries(id));
  const entries = runs.flat();
  const rows = runs.flatMap((one) => foldResults(one).rows).filter(({ task }) => task !== "plan");
  const tests = entries.findLast(({ event }) => event.type === "landed")?.event.tests;
  const kept = { rows: rows.map(short), tests, made: maker.log, lineStops: lineStops(entries) };
  return kept;
}

const short = ({ task, role, verdict, type, gate, signature, corrections, seconds }) => ({
  ...{ task, role, verdict, type, gate, signature, corrections, seconds },
});

/** How often three tasks ended one after the other without landing: what the default limits stop the line for. */
function lineStops(entries) {
  let [row, stops] = [0, 0];
  for (const { event } of entries) {
    if (event.type === "landed") row = 0;
    if (event.type !== "task-ended" || event.outcome !== "stuck") continue;
    row += 1;
    if (row < 3) continue;
    stops += 1;
    row = 0;
  }
  return stops;
}
