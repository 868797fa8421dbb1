import type { LoggedLine } from "../domain/schedule/serve-log.ts";
import { plainLine } from "./plain.ts";

type Told = Readonly<Record<string, unknown>>;

/** How a moment (milliseconds since 1970) is told. */
type Time = (at: number) => string;

/** A line of the schedule's log, for people; a kind that is not known is told as it is. */
export function noteText(note: LoggedLine, time: Time): string {
  const { tick } = note;
  const words = WORDS[note.kind]?.({ ...note, tick: typeof tick === "number" ? time(tick) : "" }) ?? note.kind;
  return plainLine(`${time(note.at)} ${words}`, 400);
}

const WORDS: Readonly<Record<string, (said: Told) => string>> = {
  up: ({ pid }) => `up, process ${pid}`,
  down: ({ reason }) => `down: ${reason}`,
  begin: ({ loop, tick, count, times }) =>
    `${loop} begins for ${tick}${Number(count) > 1 ? `, and ${Number(count) - 1} earlier` : ""}${Number(times) > 1 ? `, time ${times}` : ""}`,
  held: ({ loop, tick, why }) => `${loop} of ${tick} waits: ${why}`,
  missed: ({ loop, tick, count }) => `${loop} missed ${count} up to ${tick}`,
  "given-up": ({ loop, tick, times }) => `${loop} of ${tick} given up after ${times}`,
  "clock-back": ({ loop }) => `${loop}: the clock went back`,
  chose: ({ plan, because }) => (plan === undefined ? `no plan: ${because}` : `plan ${plan}: ${because}`),
  problem: ({ message }) => `problem: ${message}`,
  end: ({ loop, end }) => {
    const { kind, reason, run } = end as Told;
    return `${loop} ended ${kind}${run === undefined ? "" : ` (${run})`}: ${reason}`;
  },
};
