import type { Event, JournalEntry } from "../../src/domain/event.ts";
import type { CompiledDriver } from "./compiled-driver.ts";
import type { Order } from "./driver.ts";
import { git } from "./makers.ts";
import {
  type Life,
  landedIn,
  leftFiles,
  linesOf,
  makeWorld,
  outlivers,
  personsOwn,
  type Result,
  resultOf,
  startLife,
  type World,
} from "./world.ts";

/** The unbroken run that every broken one must come out like. */
export interface Truth {
  /** Every point that the run passes, in order: before and after each write, and inside of steps. */
  readonly points: readonly Point[];
  readonly result: Result;
  readonly landed: unknown;
  readonly files: readonly string[];
  /** Test files that were run. */
  readonly runs: number;
  readonly installs: number;
}

export interface Point {
  readonly name: string;
  /** The question that is in flight here. */
  readonly asking: string | undefined;
  /** True from the moment in which its model has it. */
  readonly called: boolean;
  /** Test files that have been run in the observation or command that is going on here. */
  readonly running: number;
}

/** Runs once without a crash. */
export async function unbroken(driver: CompiledDriver, sandbox: Order["sandbox"] = "none"): Promise<Truth> {
  const world = makeWorld(sandbox);
  const life = await startLife(world, driver).ended;
  const result = resultOf(world);
  if (result?.outcome.kind !== "done") throw new Error(`the unbroken run is not done: ${life.said}`);
  const truth = {
    points: pointsOf(linesOf(world, "points")),
    result,
    landed: landedIn(world),
    files: leftFiles(world),
    runs: linesOf(world, "runs").length,
    installs: linesOf(world, "installs").length,
  };
  world.remove();
  return truth;
}

/** What is going on while the points of a run go by. */
interface Going {
  readonly asking?: string;
  readonly called?: true;
  readonly open?: { readonly step: string; readonly from: number };
}

function pointsOf(lines: readonly string[]): readonly Point[] {
  let going: Going = {};
  return lines.map((line) => {
    const [, count = "", name = ""] = /^(\d+) (.*)$/.exec(line) ?? [];
    const ran = Number(count);
    going = { ...askingAt(name, going), ...runningAt(name, ran, going) };
    const { asking, called, open } = going;
    return { name, asking, called: called ?? false, running: open ? ran - open.from : 0 };
  });
}

function askingAt(name: string, { asking, called }: Going): Pick<Going, "asking" | "called"> {
  if (name.startsWith("after asked/")) return { asking: name.slice("after asked/".length) };
  if (asking === undefined || name === `after done/ask/${asking}`) return {};
  return called || name.startsWith("during ") ? { asking, called: true } : { asking };
}

function runningAt(name: string, ran: number, { open }: Going): Pick<Going, "open"> {
  const step = /^after begun\/((?:see\/suite|goal-command)\/.*)$/.exec(name)?.[1];
  if (step !== undefined) return { open: { step, from: ran } };
  const isOver = open === undefined || name.startsWith("after memo/suite/") || name === `after done/${open.step}`;
  return isOver ? {} : { open };
}

/** Pursues the run of a world until it is done, through as many kills and interruptions as happen; says what failed. */
export async function pursue(
  world: World,
  driver: CompiledDriver,
  trouble: Partial<Order>,
): Promise<readonly string[]> {
  const most = (trouble.kills?.length ?? 0) + (trouble.interrupts?.length ?? 0) + 3;
  for (let lives = 1; lives <= most; lives++) {
    const life = await startLife(world, driver, trouble).ended;
    const failed = life.signal === "SIGKILL" ? await outlivedBy(world) : failureOf(life);
    if (failed !== undefined) return [`life ${lives}: ${failed}`];
    if (life.signal === null && isOver(resultOf(world))) return [];
  }
  return [`not done after ${most} lives: ${JSON.stringify(resultOf(world)?.outcome)}`];
}

async function outlivedBy(world: World): Promise<string | undefined> {
  const left = await outlivers(world);
  return left.length === 0 ? undefined : `somebody outlived its kill: ${left.join("; ")}`;
}

function failureOf({ code, signal, said }: Life): string | undefined {
  return code === 0 ? undefined : `ended with ${signal ?? code}: ${said.slice(-2000)}`;
}

function isOver(result: Result | undefined): boolean {
  return result?.outcome.kind === "done" || result?.outcome.kind === "stuck";
}

interface Fired {
  readonly name: string;
  readonly wasKill: boolean;
  /** The point as the unbroken run passes it, if it does. */
  readonly point: Point | undefined;
}

/** What is wrong with a broken run, compared with the unbroken one; nothing when it came out as if nothing had happened. */
export function faultsOf(world: World, truth: Truth): readonly string[] {
  const result = resultOf(world);
  if (!result) return ["the run has no end"];
  const fired = linesOf(world, "fired").map((line): Fired => {
    const [, how = "", name = ""] = /^(\w+) (.*)$/.exec(line) ?? [];
    return { name, wasKill: how === "kill", point: truth.points.find((point) => point.name === name) };
  });
  return [
    ...differs("outcome", result.outcome, truth.result.outcome),
    ...differs("story", result.story, truth.result.story),
    ...differs("facts", factsOf(result.entries), factsOf(truth.result.entries)),
    ...differs("what landed", landedIn(world), truth.landed),
    ...differs("the person's own", personsOwn(world.dir), world.person),
    ...differs("files left behind", leftFiles(world), truth.files),
    ...differs(
      "installs",
      linesOf(world, "installs").length,
      truth.installs + fired.filter(({ name }) => name === "during install").length,
    ),
    ...questionFaults(world, result, fired),
    ...suiteFaults(world, truth, fired),
    ...fsck(world),
  ];
}

function differs(what: string, seen: unknown, wanted: unknown): readonly string[] {
  const [one, other] = [seen, wanted].map((value) => JSON.stringify(value, null, 1).split("\n"));
  const at = (one ?? []).findIndex((line, index) => line !== other?.[index]);
  if (at < 0 && one?.length === other?.length) return [];
  const near = (lines: readonly string[] | undefined) => (lines ?? []).slice(Math.max(0, at - 1), at + 3).join(" ");
  return [`${what}: ${near(one)} instead of ${near(other)}`];
}

/** The facts without what tells of a crash, and without times. */
function factsOf(entries: readonly JournalEntry[]): readonly unknown[] {
  return entries.filter(({ key, event }) => !tellsOfCrash(key, event)).map(({ key, event }) => [key, timeless(event)]);
}

function tellsOfCrash(key: string, event: Event): boolean {
  return key.startsWith("paused/") || ["run-resumed", "asked-again", "step-failed"].includes(event.type);
}

function timeless(event: Event): unknown {
  if (event.type !== "step-completed") return event;
  const text = JSON.stringify(event);
  return JSON.parse(
    text.replace(/"(seconds|\w*[mM]illiseconds)":[\d.]+/g, '"$1":0').replace(/duration_ms:? [\d.]+/g, ""),
  );
}

/**
 * A finished call is never repeated; one in flight at a kill is made once more and counted as such. A person's Ctrl-C may
 * let it finish.
 */
function questionFaults(world: World, result: Result, fired: readonly Fired[]): readonly string[] {
  const calls = countOf(linesOf(world, "calls"));
  const again = countOf(
    result.entries.flatMap(({ event }) =>
      event.type === "asked-again" ? [`${event.task}/${event.role}/${event.attempt}`] : [],
    ),
  );
  return [...calls].flatMap(([question, count]) => {
    const cut = fired.filter((stop) => stop.point?.asking === question || isInterruptedWriting(stop, question));
    const seen = { calls: count, again: again.get(question) ?? 0 };
    const wanted = { calls: 1 + cut.filter(({ point }) => point?.called).length, again: cut.length };
    const mayFinish = cut.some(({ wasKill }) => !wasKill);
    if (mayFinish && seen.calls <= wanted.calls && seen.again <= wanted.again && seen.calls <= seen.again + 1)
      return [];
    return differs(`calls of ${question}`, seen, wanted);
  });
}

/** A Ctrl-C lets the write that is going on finish: the question is noted as asked, and nobody was called. */
function isInterruptedWriting({ name, wasKill }: Fired, question: string): boolean {
  return !wasKill && name === `before asked/${question}`;
}

function countOf(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Tests that ran in a finished observation do not run again. */
function suiteFaults(world: World, truth: Truth, fired: readonly Fired[]): readonly string[] {
  const wanted = truth.runs + fired.reduce((sum, { point }) => sum + (point?.running ?? 0), 0);
  const ran = linesOf(world, "runs").length;
  // What was stopped in its middle has run some of its tests, or none.
  const cut = fired.filter(({ name, wasKill }) => !wasKill || name.startsWith("during see/suite/")).length;
  if (ran === wanted || (cut > 0 && ran >= truth.runs && ran <= wanted + cut * MOST_FILES)) return [];
  return [`${ran} test files were run instead of ${wanted}`];
}

/** Test files in one run of the suite. */
const MOST_FILES = 4;

function fsck({ dir }: World): readonly string[] {
  try {
    git(dir, "fsck", "--full", "--strict", "--no-dangling");
    return [];
  } catch (error) {
    return [String(error)];
  }
}

/** A new world, a run in it through all that trouble, and what is wrong afterwards; a world with faults is kept to be looked at. */
export async function survive(
  driver: CompiledDriver,
  truth: Truth,
  trouble: Partial<Order>,
  sandbox: Order["sandbox"] = "none",
): Promise<readonly string[]> {
  const world = makeWorld(sandbox);
  const failed = await pursue(world, driver, trouble);
  const unfired = (trouble.kills ?? []).filter((name) => !linesOf(world, "fired").includes(`kill ${name}`));
  const faults = [
    ...failed,
    ...unfired.map((name) => `the run never came to ${name}`),
    ...(failed.length > 0 ? [] : faultsOf(world, truth)),
  ];
  if (faults.length > 0) return [...faults, `(see ${world.dir})`];
  world.remove();
  return [];
}

/** Every nth point from the given one on: the kills of one run, one after the other. */
export function everyNth(points: readonly Point[], from: number, every: number): readonly string[] {
  return points.filter((_, index) => index % every === from).map((point) => point.name);
}

/** The points inside of suite runs. */
export function duringSuites({ points }: Truth): readonly string[] {
  return points.flatMap(({ name }) =>
    name.startsWith("after begun/see/suite/") ? [name.replace("after begun/", "during ")] : [],
  );
}

/** Does the work for each item, two at a time. */
export async function twoAtATime<Item, Done>(
  items: readonly Item[],
  work: (item: Item) => Promise<Done>,
): Promise<readonly Done[]> {
  const done: Done[] = [];
  const left = [...items.entries()];
  const worker = async () => {
    for (let next = left.shift(); next; next = left.shift()) done[next[0]] = await work(next[1]);
  };
  await Promise.all([worker(), worker()]);
  return done;
}

/** Numbers from 0 to 1 that are the same in every run of the tests. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
