import type { ServeNote, WorkEnd } from "../../domain/schedule/serve-log.ts";
import { type Begun, firstState, type ServeState, settled } from "../../domain/schedule/serve-state.ts";
import { decide, type Hold, nextTick, type Timetable } from "../../domain/schedule/tick.ts";
import type { Clock } from "../../engine/ports.ts";

/** What the daemon looks at before each decision. */
export interface Look {
  readonly timetable: Timetable;
  readonly hold: Hold | undefined;
  /** The newest commit of the checked-out branch that is worth documenting. */
  readonly head: string | undefined;
}

/** The world of the daemon. */
export interface DaemonWorld {
  readonly clock: Clock;
  /** What was kept last; undefined: never. */
  read(): Promise<ServeState | undefined>;
  /** Keeps the state as a whole or not at all. */
  keep(state: ServeState): Promise<void>;
  note(note: ServeNote): Promise<void>;
  look(): Promise<Look>;
  /** Does what was begun; an aborted signal ends it after its step. */
  work(begun: Begun, signal: AbortSignal): Promise<WorkEnd>;
  /** How something ended that was begun by a daemon which is no more; undefined: it did not end. */
  ended(begun: Begun): Promise<WorkEnd | undefined>;
  readonly signal: AbortSignal;
}

/** Longest time without a look at what a person may have changed (pause, line, config, branch), in milliseconds. */
export const POLL = 15_000;

/**
 * Begins loops as the schedule says, one at a time, until the signal is aborted. What is decided is kept before it is
 * done, so that a restart neither loses nor doubles a tick.
 */
export async function runDaemon(world: DaemonWorld): Promise<void> {
  let state = await recovered(world);
  let problem = "";
  while (!world.signal.aborted) {
    try {
      state = await oneTurn(state, world);
      problem = "";
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== problem) await world.note({ kind: "problem", message });
      problem = message;
      // What was kept counts, whatever could be done of it.
      state = (await world.read().catch(() => undefined)) ?? state;
      await world.clock.sleep(POLL, world.signal);
    }
  }
}

/** The state that was kept. What had ended before that could be noted is settled now. */
async function recovered(world: DaemonWorld): Promise<ServeState> {
  const kept = await world.read();
  if (kept === undefined) {
    const first = firstState(world.clock.now(), undefined);
    await world.keep(first);
    return first;
  }
  const end = kept.begun && (await world.ended(kept.begun));
  return end && kept.begun ? settle(kept, kept.begun, end, world) : kept;
}

async function oneTurn(before: ServeState, world: DaemonWorld): Promise<ServeState> {
  const { clock, signal } = world;
  const { timetable, hold, head } = await world.look();
  const now = clock.now();
  const { state, start, notes } = decide(before, { now, hold, head }, timetable);
  for (const note of notes) await world.note(note);
  if (state !== before) await world.keep(state);
  if (start === undefined) {
    const next = nextTick(now, timetable) ?? Number.POSITIVE_INFINITY;
    await clock.sleep(Math.max(1, Math.min(POLL, next - now)), signal);
    return state;
  }
  const end = await world.work(start, signal);
  if (end.kind === "busy" || (end.kind === "cancelled" && signal.aborted)) {
    // It stays begun, and whoever comes next goes on with it. Nobody failed, so the time does not count.
    const waiting = { ...state, begun: { ...start, times: Math.max(1, start.times - 1) } };
    await world.keep(waiting);
    await world.note({ kind: "end", loop: start.loop, tick: start.tick, end });
    await clock.sleep(POLL, signal);
    return waiting;
  }
  return settle(state, start, end, world);
}

async function settle(state: ServeState, begun: Begun, end: WorkEnd, world: DaemonWorld): Promise<ServeState> {
  const after = settled(state);
  await world.keep(after);
  await world.note({ kind: "end", loop: begun.loop, tick: begun.tick, end });
  return after;
}
