import { runDaemon } from "../../src/compose/serve/daemon.ts";
import type { Loop } from "../../src/domain/schedule/schedule-config.ts";
import type { ServeNote } from "../../src/domain/schedule/serve-log.ts";
import type { Begun, ServeState } from "../../src/domain/schedule/serve-state.ts";
import type { Hold, Ticks, Timetable } from "../../src/domain/schedule/tick.ts";
import type { Clock } from "../../src/engine/ports.ts";

/** The daemon's own code in a world whose time, crashes and work are made up. */
export interface Simulation {
  readonly timetable: Timetable;
  /** Milliseconds of made-up time. */
  readonly length: number;
  /** Chance of a kill at each write, look and piece of work. */
  readonly kill: number;
  readonly seed: number;
  /** Keeps the state somewhere; default: in memory. */
  readonly store?: { read(): Promise<ServeState | undefined>; keep(state: ServeState): Promise<void> };
  readonly holdAt?: (now: number) => Hold | undefined;
  /** Called between two lives of the daemon. */
  readonly between?: () => void;
}

/** Something that was begun; `completed` counts how often its work came to its end. */
export interface Started extends Begun {
  readonly completed: number;
}

export interface Ledger {
  /** By loop and tick, the first time each was begun. */
  readonly started: readonly Started[];
  readonly notes: readonly (ServeNote & { readonly at: number })[];
  readonly state: ServeState;
  readonly kills: number;
  /** Times at which the daemon was not there, worked, or was held, as pairs of milliseconds. */
  readonly away: readonly (readonly [number, number])[];
  readonly now: number;
}

/** Nothing disturbs the last hour, which ends between two ticks. */
const quietEnd = (time: number) => Math.floor((time + 3_600_000) / 60_000) * 60_000 + 30_000;

class Killed extends Error {}

/** Lets the daemon live through made-up time, killed and started again, and one quiet hour at the end. */
export async function simulate(simulation: Simulation): Promise<Ledger> {
  const { timetable, length, seed } = simulation;
  const chance = randomOf(seed);
  const started = new Map<string, { begun: Begun; completed: number }>();
  const notes: (ServeNote & { at: number })[] = [];
  const away: [number, number][] = [];
  let time = 0;
  let kept: ServeState | undefined;
  let kills = 0;
  let dead = false;
  let quiet = false;
  let end = length;
  const mayDie = () => {
    if (dead) throw new Killed();
    if (quiet || chance() >= simulation.kill) return;
    dead = true;
    throw new Killed();
  };
  const store = simulation.store ?? {
    read: async () => kept,
    keep: async (state: ServeState) => {
      kept = structuredClone(state);
    },
  };
  const key = ({ loop, tick }: { readonly loop: Loop; readonly tick: number }) => `${loop}@${tick}`;
  const clock = (stop: AbortController): Clock => ({
    now: () => time,
    async sleep(milliseconds) {
      mayDie();
      time += milliseconds;
      if (time >= end) stop.abort();
    },
  });

  while (time < end) {
    quiet = time >= length;
    if (quiet) end = quietEnd(time);
    dead = false;
    const stop = new AbortController();
    const life = runDaemon({
      clock: clock(stop),
      signal: stop.signal,
      read: store.read,
      async keep(state) {
        mayDie();
        await store.keep(state);
        mayDie();
      },
      async note(note) {
        mayDie();
        notes.push({ ...note, at: time });
      },
      async look() {
        mayDie();
        return { timetable, hold: quiet ? undefined : simulation.holdAt?.(time), head: undefined };
      },
      async work(begun) {
        mayDie();
        const from = time;
        const one = started.get(key(begun)) ?? { begun, completed: 0 };
        started.set(key(begun), one);
        time += Math.floor(chance() * (chance() < 0.05 ? 1_500_000 : 40_000));
        away.push([from, time]);
        mayDie();
        one.completed += 1;
        mayDie();
        return { kind: "done", reason: "" };
      },
      ended: async (begun) =>
        (started.get(key(begun))?.completed ?? 0) > 0 ? { kind: "done", reason: "" } : undefined,
    });
    await life.catch((error) => {
      if (!(error instanceof Killed)) throw error;
      kills += 1;
      const from = time;
      time += Math.floor(chance() * (chance() < 0.1 ? 10_800_000 : 240_000));
      away.push([from, time]);
    });
    simulation.between?.();
    if (!quiet) end = Math.max(length, time + 1);
  }
  const state = await store.read();
  if (state === undefined) throw new Error("The daemon kept no state.");
  const all = [...started.values()].map(({ begun, completed }) => ({ ...begun, completed }));
  return { started: all, notes, state, kills, away, now: time };
}

/** Ticks every so many milliseconds, without a calendar. */
export function every(milliseconds: number, offset = 0): Ticks {
  return {
    latest: (at) => Math.floor((at - offset) / milliseconds) * milliseconds + offset,
    next: (at) => (Math.floor((at - offset) / milliseconds) + 1) * milliseconds + offset,
  };
}

function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Everything that the schedule promises and did not keep; empty when it kept all. */
export function broken(ledger: Ledger, timetable: Timetable): readonly string[] {
  const { started, notes } = ledger;
  const givenUp = new Set(notes.flatMap((note) => (note.kind === "given-up" ? [`${note.loop}@${note.tick}`] : [])));
  return [
    ...started.flatMap((one) => beginningProblems(one, timetable)),
    ...started.flatMap((one) => endingProblems(one, ledger.state, givenUp)),
    ...(["execute", "document", "audit"] as const).flatMap((loop) => lossesOf(ledger, loop, timetable)),
  ];
}

function beginningProblems({ loop, tick, at, times }: Started, { loops, missed }: Timetable): readonly string[] {
  const when = loops[loop];
  if (when.kind !== "ticks") return [];
  const { ticks } = when;
  const wrong = {
    "is no tick": ticks.latest(tick) !== tick,
    "was begun before its time": tick > at,
    "was begun although a newer tick was there": times === 1 && ticks.latest(at) !== tick,
    [`was begun ${at - tick} ms late`]: missed === "skip" && at - tick > 106_000,
  };
  return Object.entries(wrong).flatMap(([what, isSo]) => (isSo ? [`${loop}@${tick} ${what}`] : []));
}

function endingProblems(
  { loop, tick, completed }: Started,
  state: ServeState,
  givenUp: ReadonlySet<string>,
): readonly string[] {
  if (completed > 1) return [`${loop}@${tick} was done ${completed} times`];
  const isOpen = state.begun?.loop === loop && state.begun.tick === tick;
  return completed === 1 || isOpen || givenUp.has(`${loop}@${tick}`) ? [] : [`${loop}@${tick} was begun and lost`];
}

/** Ticks that were neither begun themselves, nor stood for by a later one, nor missed while the daemon was away. */
function lossesOf(ledger: Ledger, loop: Loop, { loops, missed }: Timetable): readonly string[] {
  const when = loops[loop];
  if (when.kind !== "ticks") return [];
  const begun = ledger.started.filter((one) => one.loop === loop).map(({ tick }) => tick);
  const known = new Set(begun);
  const newest = Math.max(...begun);
  const wasAway = (from: number, to: number) => ledger.away.some(([left, back]) => left <= to && back >= from);
  const absent = ticksUntil(ledger.now, when.ticks).filter((tick) => !known.has(tick));
  return [
    ...(ledger.state.loops[loop].handled === when.ticks.latest(ledger.now) ? [] : [`${loop} was left behind`]),
    ...absent.filter((tick) => !wasAway(tick, tick + 91_000)).map((tick) => `${loop}@${tick} was lost`),
    ...absent
      .filter((tick) => missed === "once" && tick > newest)
      .map((tick) => `${loop}@${tick}: no later one stands for it`),
  ];
}

function ticksUntil(end: number, ticks: Ticks): readonly number[] {
  const all: number[] = [];
  for (let tick = ticks.next(0) ?? end; tick <= end; tick = ticks.next(tick) ?? end + 1) all.push(tick);
  return all;
}
