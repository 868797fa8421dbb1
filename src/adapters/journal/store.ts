import { Event, type JournalEntry } from "../../domain/event.ts";
import { redactedFact } from "../../domain/redacted-fact.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import type { Journal } from "../../engine/ports.ts";

/** One run as the journal lists it. */
export interface RunRow {
  readonly id: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Kind of the run's outcome; undefined while it is open: running, or cut off. */
  readonly outcome: string | undefined;
}

/** The journal of a repository: the facts of all its runs. */
export interface JournalStore {
  /** Starts the record of a run; a run that is there already is left as it is. */
  create(run: { readonly id: string; readonly title: string; readonly createdAt: number }): Promise<Journal>;
  /** The journal of one run. @throws StepFailure `journal-broken` when there is no such run, with the first use */
  open(runId: string): Journal;
  /** Every run, oldest first. */
  runs(): Promise<readonly RunRow[]>;
  /** The facts of all runs that were written after `seq`, in order. */
  entriesAfter(seq: number): Promise<readonly JournalEntry[]>;
  /** Calls `listener` with each fact once it is durable. The answer ends it. */
  watch(listener: (entry: JournalEntry) => void): () => void;
  close(): void;
}

/** A fact as its JSON text, redacted. A fact that could not be read again is a bug, and is thrown as one. */
export function textOfEvent(event: Event): string {
  const text = JSON.stringify(redactedFact(event));
  Event.parse(JSON.parse(text));
  return text;
}

/** A row's text as a fact. @throws StepFailure `journal-broken` */
export function eventOfText(text: string, where: string): Event {
  const event = Event.safeParse(parsedJson(text, where));
  if (event.success) return event.data;
  const wrong = event.error.issues[0];
  throw brokenJournal(`${where} is not a fact that this version knows (${wrong?.path.join(".")}: ${wrong?.message}).`);
}

/** @throws StepFailure `journal-broken` */
export function parsedJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw brokenJournal(`${where} is not JSON.`, cause);
  }
}

export function brokenJournal(message: string, cause?: unknown): StepFailure {
  return new StepFailure(message, {
    code: "journal-broken",
    remedy: "stop",
    hint: "Restore .millwright from a copy, or move the folder away and start a new run: what has landed is safe on its branch.",
    cause,
  });
}

export function unknownRun(run: string): StepFailure {
  return brokenJournal(`The journal has no run ${run}.`);
}
