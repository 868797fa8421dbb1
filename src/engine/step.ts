import { canonicalJson } from "../domain/digest.ts";
import type { Event } from "../domain/event.ts";
import { transientPause } from "../domain/patience.ts";
import { redactedFact } from "../domain/redacted-fact.ts";
import { interrupted } from "../domain/run-failures.ts";
import type { Shape } from "../domain/shape.ts";
import { StepFailure } from "../domain/step-failure.ts";
import type { Ports } from "./ports.ts";

/** A named piece of work, done at most once in a run. */
export interface Step<Result> {
  /** Its name in the journal; a format, so renaming one takes an ADR. */
  readonly key: string;
  readonly shape: Shape<Result>;
  /** How often a transient failure is tried in all; default 3. */
  readonly tries?: number;
  /** Seconds until the next try, or undefined to give up; in place of `tries`. */
  readonly patience?: (failure: StepFailure, tries: number, waited: number) => Promise<number | undefined>;
}

/**
 * Runs `work` once, ever; afterwards returns what the journal recorded. A transient failure is tried again; a failure is
 * journalled and never stored as a result.
 */
export async function step<Result>(ports: Ports, named: Step<Result>, work: () => Promise<Result>): Promise<Result> {
  const { key, shape } = named;
  const done = await ports.journal.find(`done/${key}`);
  if (done?.type === "step-completed") return shape.parse(done.result);
  await ports.journal.append(`begun/${key}`, { type: "step-started", step: key });
  const started = ports.clock.now();
  const result = shape.parse(await insist(ports, named, work));
  const seconds = Math.max(0, ports.clock.now() - started) / 1000;
  await ports.journal.append(`done/${key}`, { type: "step-completed", step: key, result, seconds });
  return result;
}

/** Writes a fact that another life of the run may tell otherwise: under the next free key, unless it says what the last one said. */
export async function appendChanged({ journal }: Ports, key: string, fact: Event): Promise<void> {
  const event = redactedFact(fact);
  let last: Event | undefined;
  for (let count = 1; ; count++) {
    const numbered = count === 1 ? key : `${key}/${count}`;
    const found = await journal.find(numbered);
    if (found === undefined && last !== undefined && canonicalJson(last) === canonicalJson(event)) return;
    if (found === undefined) return journal.append(numbered, event);
    last = found;
  }
}

async function insist<Result>(
  ports: Ports,
  { key, tries = 3, patience = async (failure, tried) => transientPause(failure, tried, tries) }: Step<Result>,
  work: () => Promise<Result>,
): Promise<Result> {
  const started = ports.clock.now();
  for (let attempt = 1; ; attempt++) {
    if (ports.signal.aborted) throw interrupted();
    try {
      return await work();
    } catch (error) {
      const failure = await recorded(ports, key, error);
      const pause = await patience(failure, attempt, Math.max(0, ports.clock.now() - started) / 1000);
      if (pause === undefined) throw failure;
      await ports.clock.sleep(1000 * pause, ports.signal);
    }
  }
}

/** Journals a failure and hands it back; anything that is not a StepFailure is a bug and goes on. */
async function recorded(ports: Ports, key: string, error: unknown): Promise<StepFailure> {
  if (!(error instanceof StepFailure)) throw error;
  await record(ports, key, error);
  return error;
}

async function record(ports: Ports, key: string, failure: StepFailure): Promise<void> {
  let count = 1;
  while (await ports.journal.find(`failed/${key}/${count}`)) count++;
  const { code, message, hint, remedy } = failure;
  await ports.journal.append(`failed/${key}/${count}`, { type: "step-failed", step: key, code, message, hint, remedy });
}
