import type { JournalStore } from "../adapters/journal/store.ts";
import type { JournalEntry } from "../domain/event.ts";
import type { Failed, FailedFinding } from "../domain/failure-class.ts";
import { leading } from "../domain/leading-finding.ts";
import type { SeenFailure } from "../domain/memory-rules.ts";
import { signatureOf } from "../domain/signature.ts";
import { isFailed, type ResultRow } from "../views/result-row.ts";
import { foldResults } from "../views/results.ts";

/** What the journal tells of one run that really happened. */
export interface RememberedRun {
  readonly run: string;
  /** Commit whose AGENTS.md its makers were told. */
  readonly base: string;
  /** Tasks that ended. */
  readonly tasks: number;
  readonly attempts: readonly ResultRow[];
  readonly failures: readonly SeenFailure[];
  readonly landed: number;
}

/** All runs of a journal, oldest first. Replays are left out: they would count the failures of their recording again. */
export async function rememberedRuns(store: JournalStore): Promise<readonly RememberedRun[]> {
  const runs = new Map<string, JournalEntry[]>();
  for (const entry of await store.entriesAfter(0)) {
    const known = runs.get(entry.run);
    if (known === undefined) runs.set(entry.run, [entry]);
    else known.push(entry);
  }
  return [...runs].flatMap(([run, entries]) => {
    const started = entries.map(({ event }) => event).find((event) => event.type === "run-started");
    if (started?.type !== "run-started" || started.replayed === true) return [];
    const attempts = foldResults(entries).rows;
    const ended = (type: string) => entries.filter(({ event }) => event.type === type).length;
    const base = started.base.commit;
    const failures = failuresOf(entries, attempts);
    return [{ run, base, tasks: ended("task-ended"), landed: ended("landed"), attempts, failures }];
  });
}

/** Each attempt that was held against its maker, with the finding that decided. */
function failuresOf(entries: readonly JournalEntry[], rows: readonly ResultRow[]): readonly SeenFailure[] {
  const refusals = new Map(
    entries.flatMap(({ event }) => refusalIn(event)).map((failed) => [signatureOf(failed), failed]),
  );
  return rows.filter(isFailed).flatMap((row) => {
    const { run, task, at, signature = "", type = "", category = "" } = row;
    const failed = refusals.get(signature);
    const found = failed && leading(failed);
    if (failed === undefined || found === undefined) return [];
    const { rule, path } = found;
    return [{ run, task, at, signature, type, category, rule, path, text: textOf(failed, found) }];
  });
}

function refusalIn(event: JournalEntry["event"]): readonly Failed[] {
  switch (event.type) {
    case "gate-refused":
      return [{ gate: event.gate, findings: event.findings }];
    case "proposal-refused":
      return [{ gate: "door", findings: event.findings }];
    case "plan-refused":
      return [{ gate: "plan", findings: event.findings }];
    default:
      return [];
  }
}

const MOST_TEXT = 4000;

function textOf({ findings }: Failed, { rule }: FailedFinding): string {
  const [first] = findings.filter((finding) => finding.rule === rule);
  return `${first?.message ?? ""}\n${first?.evidence ?? ""}`.slice(0, MOST_TEXT);
}
