import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { openMill } from "../../src/compose/open-mill.ts";
import type { Wiring } from "../../src/compose/wiring.ts";
import type { Event, JournalEntry } from "../../src/domain/event.ts";
import type { RunOutcome } from "../../src/domain/outcome.ts";
import type { Mill, RunRequest } from "../../src/mill.ts";
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

export function sandboxed(): Wiring {
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

/** Every refusal with its findings' words, for messages of failing stories. */
export function refusalText(told: Told): string {
  const lines = told.entries.flatMap(({ event }) => {
    if (event.type === "step-failed") return [`step-failed ${event.step}: ${event.message} | ${event.hint}`];
    if (event.type !== "gate-refused" && event.type !== "proposal-refused" && event.type !== "plan-refused") return [];
    return event.findings.map((finding) => `${finding.rule}: ${finding.message} ${finding.evidence ?? ""}`);
  });
  return [JSON.stringify(told.outcome), ...lines].join("\n");
}

/** The facts of one type, in order. */
export function facts<Type extends Event["type"]>(told: Told, type: Type): readonly Extract<Event, { type: Type }>[] {
  return told.entries.flatMap(({ event }) => (event.type === type ? [event as Extract<Event, { type: Type }>] : []));
}

/** Does something in an opened mill, and closes it. */
export async function within<Result>(
  target: Target,
  wiring: Wiring,
  work: (mill: Mill) => Promise<Result>,
): Promise<Result> {
  const mill = await openMill(target.dir, {}, { ...sandboxed(), ...wiring });
  try {
    return await work(mill);
  } finally {
    await mill.close();
  }
}
