import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { openMill } from "../../src/compose/open-mill.ts";
import type { Wiring } from "../../src/compose/wiring.ts";
import type { JournalEntry } from "../../src/domain/event.ts";
import type { RunOutcome } from "../../src/domain/outcome.ts";
import type { RunRequest } from "../../src/mill.ts";
import { available } from "./available.ts";
import type { Target } from "./target.ts";

/** How a run in a target ended, and its facts. */
export interface Told {
  readonly run: string;
  readonly outcome: RunOutcome;
  readonly entries: readonly JournalEntry[];
}

/** Runs the whole mill in a target with a scripted maker; in bubblewrap where it is, else without a sandbox. */
export async function tell(
  target: Target,
  script: Script,
  request: Partial<RunRequest> = {},
  wiring: Wiring = {},
): Promise<Told> {
  const mill = await openMill(target.dir, {}, { script, ...sandboxed(), ...wiring });
  try {
    const end = await mill.run({ input: "specs/subtract.md", ...request }, silent());
    return { ...end, entries: await mill.entries(end.run) };
  } finally {
    await mill.close();
  }
}

/** Goes on with the newest run that is not done. */
export async function goOn(target: Target, script: Script, wiring: Wiring = {}): Promise<Told> {
  const mill = await openMill(target.dir, {}, { script, ...sandboxed(), ...wiring });
  try {
    const end = await mill.resume(undefined, {}, silent());
    return { ...end, entries: await mill.entries(end.run) };
  } finally {
    await mill.close();
  }
}

export function silent(signal: AbortSignal = new AbortController().signal) {
  return { entry: () => undefined, glimpse: () => undefined, signal };
}

function sandboxed(): Wiring {
  return available.bwrap ? {} : { sandbox: "none" };
}

/** The rules that refused, in order: `gate: rule`. */
export function refusals(told: Told): readonly string[] {
  return told.entries.flatMap(({ event }) => {
    if (event.type !== "gate-refused" && event.type !== "proposal-refused") return [];
    const gate = event.type === "gate-refused" ? event.gate : "proposal";
    return [`${gate}: ${event.findings[0]?.rule}`];
  });
}
