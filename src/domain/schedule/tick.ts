import { LOOPS, type Loop } from "./schedule-config.ts";
import { type Begun, type LoopState, type ServeState, settled } from "./serve-state.ts";

/** The moments of one cron expression, in milliseconds since 1970; answers depend on the argument alone. */
export interface Ticks {
  /** The newest one that is not after `at`. */
  latest(at: number): number | undefined;
  /** The first one after `at`. */
  next(at: number): number | undefined;
}

/** When a loop is due: at the moments of its expression, once the branch has moved, or never. */
export type When =
  | { readonly kind: "ticks"; readonly ticks: Ticks }
  | { readonly kind: "after-merge" }
  | { readonly kind: "off" };

/** A schedule that can be asked. */
export interface Timetable {
  readonly loops: Readonly<Record<Loop, When>>;
  readonly missed: "once" | "skip";
}

/** Why nothing may begin now. */
export type Hold = "paused" | "line-stopped" | "busy";

/** What was looked at before deciding. */
export interface Seen {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly hold: Hold | undefined;
  /** Commit of the branch that is checked out. */
  readonly head: string | undefined;
}

/** What is written into the log of the schedule; `count` is how many ticks it stands for, counted up to 1,000. */
export type TickNote =
  | {
      readonly kind: "begin";
      readonly loop: Loop;
      readonly tick: number;
      readonly count: number;
      readonly times: number;
    }
  | { readonly kind: "held"; readonly loop: Loop; readonly tick: number; readonly why: Hold }
  | { readonly kind: "missed"; readonly loop: Loop; readonly tick: number; readonly count: number }
  | { readonly kind: "given-up"; readonly loop: Loop; readonly tick: number; readonly times: number }
  | { readonly kind: "clock-back"; readonly loop: Loop; readonly tick: number };

export interface Decision {
  /** Has to be kept before `start` begins. */
  readonly state: ServeState;
  readonly start: Begun | undefined;
  readonly notes: readonly TickNote[];
}

/** A tick that is begun this much later was missed, in milliseconds. */
export const GRACE = 90_000;
/** How often one tick may be begun when it is cut off each time. */
export const MOST_TIMES = 3;
const MOST_COUNTED = 1_000;
const CLOCK_JUMP = 3_600_000;

interface Due {
  readonly loop: Loop;
  /** The newest tick. */
  readonly tick: number;
  /** The oldest tick: whoever waits longest begins first. */
  readonly first: number;
  readonly count: number;
}

/**
 * What is to begin now, if anything: at most one loop, whose oldest open tick is the oldest of all. Ticks that passed are
 * begun once, as the latest of them, or noted as missed. What was cut off is begun again before anything else.
 */
export function decide(before: ServeState, seen: Seen, timetable: Timetable): Decision {
  const turned = made(before, seen);
  const { state } = turned;
  if (state.begun !== undefined) return again(turned, state.begun, seen, timetable.missed);
  const dues = LOOPS.flatMap((loop) => dueOf(loop, state, seen, timetable.loops[loop]));
  const late = dues.filter(({ loop, tick }) => isMissed(timetable, loop) && seen.now - tick > GRACE);
  const due = dues.filter((one) => !late.includes(one));
  const missed = late.reduce((sum, { loop, tick }) => handled(sum, loop, tick), state);
  const notes = [
    ...turned.notes,
    ...late.map(({ loop, tick, count }) => ({ kind: "missed" as const, loop, tick, count })),
  ];
  if (seen.hold !== undefined) return held(missed, notes, due, seen.hold);
  const [first] = due.toSorted((one, other) => one.first - other.first);
  if (first === undefined) return { state: missed, start: undefined, notes };
  return begin(missed, notes, first, seen);
}

/** A move of the branch is no moment that passes: it stays to be documented. */
function isMissed({ missed, loops }: Timetable, loop: Loop): boolean {
  return missed === "skip" && loops[loop].kind === "ticks";
}

function begin(state: ServeState, notes: readonly TickNote[], due: Due, seen: Seen): Decision {
  const { loop, tick, count } = due;
  const start: Begun = { loop, tick, at: seen.now, times: 1 };
  const documented = loop === "document" && seen.head !== undefined ? { documented: seen.head } : {};
  return {
    state: { ...handled(state, loop, tick), ...documented, begun: start },
    start,
    notes: [...notes, { kind: "begin", loop, tick, count, times: 1 }],
  };
}

/** What was begun and not ended is begun again, unless ticks that were missed are to be left, or it was tried enough. */
function again(
  { state, notes }: Pick<Decision, "state" | "notes">,
  begun: Begun,
  seen: Seen,
  missed: Timetable["missed"],
): Decision {
  const { loop, tick, times } = begun;
  if (missed === "skip" || times >= MOST_TIMES)
    return { state: settled(state), start: undefined, notes: [...notes, { kind: "given-up", loop, tick, times }] };
  if (seen.hold !== undefined) return held(state, notes, [{ loop, tick, first: tick, count: 1 }], seen.hold);
  const start: Begun = { loop, tick, at: seen.now, times: times + 1 };
  return {
    state: { ...state, begun: start },
    start,
    notes: [...notes, { kind: "begin", loop, tick, count: 1, times: times + 1 }],
  };
}

function held(state: ServeState, notes: readonly TickNote[], due: readonly Due[], why: Hold): Decision {
  const fresh = due.filter(({ loop, tick }) => state.loops[loop].noted !== tick);
  return {
    state: fresh.reduce((sum, { loop, tick }) => withLoop(sum, loop, { ...sum.loops[loop], noted: tick }), state),
    start: undefined,
    notes: [...notes, ...fresh.map(({ loop, tick }) => ({ kind: "held" as const, loop, tick, why }))],
  };
}

function dueOf(loop: Loop, state: ServeState, seen: Seen, when: When): readonly Due[] {
  const { handled: before } = state.loops[loop];
  if (when.kind === "off") return [];
  if (when.kind === "after-merge") {
    const { documented } = state;
    if (seen.head === undefined || documented === undefined || documented === seen.head) return [];
    // The tick is the moment at which the move was seen first, so that a restart does not make a second one of it.
    const tick = state.loops[loop].noted ?? seen.now;
    return [{ loop, tick, first: tick, count: 1 }];
  }
  const tick = when.ticks.latest(seen.now);
  if (tick === undefined || tick <= before) return [];
  return [{ loop, tick, ...passed(when.ticks, before, tick) }];
}

/** How many ticks there are after `before`, up to `last`, and the oldest of them. */
function passed(ticks: Ticks, before: number, last: number): { readonly first: number; readonly count: number } {
  let count = 1;
  const first = ticks.next(before) ?? last;
  for (let at = first; at < last && count < MOST_COUNTED; count += 1) at = ticks.next(at) ?? last;
  return { first, count };
}

function handled(state: ServeState, loop: Loop, tick: number): ServeState {
  return withLoop(state, loop, { handled: tick });
}

function withLoop(state: ServeState, loop: Loop, own: LoopState): ServeState {
  return { ...state, loops: { ...state.loops, [loop]: own } };
}

/**
 * A clock that was wrong by more than an hour and is right again must not keep a loop still until then; and where no commit
 * was documented yet, the first one that is seen is where documentation begins.
 */
function made(before: ServeState, { now, head }: Seen): Pick<Decision, "state" | "notes"> {
  const ahead = LOOPS.filter((loop) => before.loops[loop].handled > now + CLOCK_JUMP);
  const state = ahead.reduce((sum, loop) => handled(sum, loop, now), before);
  return {
    state: state.documented === undefined && head !== undefined ? { ...state, documented: head } : state,
    notes: ahead.map((loop) => ({ kind: "clock-back" as const, loop, tick: before.loops[loop].handled })),
  };
}

/** The first moment after `now` at which something is due by its expression; undefined: never. */
export function nextTick(now: number, { loops }: Timetable): number | undefined {
  const nexts = LOOPS.flatMap((loop) => {
    const when = loops[loop];
    return when.kind === "ticks" ? [when.ticks.next(now) ?? Number.POSITIVE_INFINITY] : [];
  });
  const first = Math.min(...nexts);
  return Number.isFinite(first) ? first : undefined;
}
