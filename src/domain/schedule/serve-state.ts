import { z } from "zod";
import { LOOPS, type Loop } from "./schedule-config.ts";

/** A loop that was begun; it stands in the state until it has ended, also over a restart. Times are milliseconds since 1970. */
const Begun = z.strictObject({
  loop: z.enum(LOOPS),
  /** The tick it was begun for. */
  tick: z.int(),
  at: z.int(),
  /** How often this tick was begun: more than once only after it was cut off. */
  times: z.int().min(1),
});
export type Begun = z.infer<typeof Begun>;

const LoopState = z.strictObject({
  /** The newest tick that needs nothing any more. */
  handled: z.int(),
  /** The newest tick of which it was noted that it has to wait. */
  noted: z.int().optional(),
});
export type LoopState = z.infer<typeof LoopState>;

/** What the daemon knows over a restart. It is kept before anything that follows from it happens. */
export const ServeState = z.strictObject({
  format: z.literal(1),
  loops: z.record(z.enum(LOOPS), LoopState),
  begun: Begun.optional(),
  /** Commit of the branch that is checked out, as it was when the documentation was begun last. */
  documented: z.string().optional(),
});
export type ServeState = z.infer<typeof ServeState>;

/** A daemon that was never there has missed nothing: only ticks after `now` count. */
export function firstState(now: number, head: string | undefined): ServeState {
  const loops = Object.fromEntries(LOOPS.map((loop) => [loop, { handled: now }])) as Record<Loop, LoopState>;
  return { format: 1, loops, ...(head === undefined ? {} : { documented: head }) };
}

/** The state once what was begun has ended. */
export function settled(state: ServeState): ServeState {
  const { begun: _begun, ...rest } = state;
  return rest;
}
