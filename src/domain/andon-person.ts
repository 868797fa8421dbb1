import type { Event, JournalEntry } from "./event.ts";
import type { IncidentReport } from "./incident.ts";
import type { Limits } from "./limits.ts";

type Fact = Pick<JournalEntry, "run" | "event">;

/**
 * A task that came back at a person's word, and ended without landing all the same, `limits.reported` times since the last
 * incident of its kind: another word would be a guess. Facts of all runs, oldest first; undefined when there is none in `run`.
 */
export function wordsInVain(
  facts: readonly Fact[],
  run: string,
  { reported }: Pick<Limits, "reported">,
): IncidentReport | undefined {
  const words: Words = { spoken: new Map(), vain: new Map() };
  for (const fact of facts) if (fact.run === run) hear(fact.event, words);
  const [task, said] = [...words.vain].find(([, said]) => said.length >= reported) ?? [];
  return task === undefined || said === undefined ? undefined : incidentOf(task, said, run);
}

interface Words {
  /** What a person said last, by task, until the task has ended. */
  readonly spoken: Map<string, string>;
  /** By task: words that did not help, each with what became of it. */
  readonly vain: Map<string, readonly string[]>;
}

function hear(event: Event, words: Words): void {
  const { spoken, vain } = words;
  if (event.type === "task-reopened" && event.word !== undefined) spoken.set(event.task, event.word);
  else if (event.type === "incident-opened" && event.at === PLACE) vain.delete(event.about ?? "");
  else if (event.type === "landed") vain.delete(event.task);
  else if (event.type === "task-ended" && event.outcome === "stuck") end(event.task, event.reason, words);
}

function end(task: string, reason: string, { spoken, vain }: Words): void {
  const word = spoken.get(task);
  spoken.delete(task);
  if (word !== undefined) vain.set(task, [...(vain.get(task) ?? []), `"${word}": ${reason}`]);
}

const PLACE = "a person's word";

function incidentOf(task: string, words: readonly string[], run: string): IncidentReport {
  return {
    key: `words-in-vain/${task}/${words.join("/")}`.slice(0, 200),
    run,
    task,
    kind: "reported",
    stops: true,
    at: PLACE,
    problem: `${task} came back at a person's word ${words.length} times and ended without landing each time`,
    evidence: words,
  };
}
