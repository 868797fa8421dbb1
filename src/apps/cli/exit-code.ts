import type { JournalEntry } from "../../domain/event.ts";
import type { RunOutcome } from "../../domain/outcome.ts";
import { InputError, StepFailure } from "../../domain/step-failure.ts";

/** How the command line ends; these numbers are a promise. */
export const EXIT = { done: 0, stuck: 1, usage: 2, waiting: 3, environment: 4, bug: 70, interrupted: 130 } as const;

/** The lines of `--help` that say what the exit codes mean. */
export const EXIT_HELP = `Exit codes:
  0    done
  1    stuck: the run ended without all of its work landed
  2    usage or config: something in what you wrote is wrong
  3    waiting for a person
  4    environment: model never reached, sandbox, disk, git or network
  70   a bug in millwright
  130  interrupted; the run can be resumed`;

/** What `stopped` means depends on who stopped it: here always something that the run could not find out. */
const OF_OUTCOME: Readonly<Record<RunOutcome["kind"], number>> = {
  done: EXIT.done,
  stuck: EXIT.stuck,
  waiting: EXIT.waiting,
  stopped: EXIT.environment,
  cancelled: EXIT.interrupted,
};

/** Nobody waits for a person when no model was ever reached: then it is the environment that is not there. */
export function exitCodeOf(outcome: RunOutcome, entries: readonly JournalEntry[] = []): number {
  return outcome.kind === "waiting" && neverReached(entries) ? EXIT.environment : OF_OUTCOME[outcome.kind];
}

function neverReached(entries: readonly JournalEntry[]): boolean {
  if (entries.some(({ event }) => event.type === "answered")) return false;
  const last = entries.findLast(({ event }) => event.type === "step-failed")?.event;
  return last?.type === "step-failed" && ["model-unreachable", "environment"].includes(last.code);
}

export function exitCodeOfError(error: unknown): number {
  if (error instanceof InputError) return EXIT.usage;
  if (!(error instanceof StepFailure)) return EXIT.bug;
  if (error.code === "cancelled") return EXIT.interrupted;
  return ["budget-spent", "line-stopped"].includes(error.code) ? EXIT.waiting : EXIT.environment;
}
