import type { FailureType } from "../domain/failure-class.ts";
import type { Category } from "../domain/failure-text.ts";
import { timeText } from "../domain/time-text.ts";

/**
 * What became of an attempt: `open` until it is judged; `pass`: nothing was held against it; `refuse`; `deadlock`: refused in
 * the same way until the rules gave up on that way; `impossible`: the maker said so; `superseded`: somebody else's work did it.
 */
export type AttemptVerdict = "open" | "pass" | "refuse" | "deadlock" | "impossible" | "superseded";

/** One answer of a maker, and what became of it: a line of results.tsv. */
export interface ResultRow {
  /** Milliseconds since 1970 when the model answered. */
  readonly at: number;
  readonly run: string;
  /** Task id, or `plan`. */
  readonly task: string;
  readonly role: string;
  /** Counts from 1 for each role in a task. */
  readonly attempt: number;
  readonly model: string;
  /** The gate that refused, `door` for the proposal itself; else the last one that passed; "" when none has judged. */
  readonly gate: string;
  readonly verdict: AttemptVerdict;
  /** Undefined unless it was refused. */
  readonly type: FailureType | undefined;
  readonly category: Category | undefined;
  readonly confidence: number | undefined;
  readonly signature: string | undefined;
  /** Corrections that were active when the model answered. */
  readonly corrections: number;
  /** Sent and received, by the maker and by judges of this attempt. */
  readonly tokens: number;
  /** From the question to the verdict, without pauses before a resume. */
  readonly seconds: number;
}

/** True for an attempt that was held against its maker. */
export function isFailed({ verdict }: Pick<ResultRow, "verdict">): boolean {
  return verdict === "refuse" || verdict === "deadlock";
}

const COLUMNS: readonly (readonly [string, (row: ResultRow) => string | number])[] = [
  ["time", ({ at }) => timeText(at)],
  ["run", ({ run }) => run],
  ["task", ({ task }) => task],
  ["attempt", ({ attempt }) => attempt],
  ["model", ({ model }) => model],
  ["gate", ({ gate }) => gate],
  ["verdict", ({ verdict }) => verdict],
  ["type", ({ type }) => type ?? ""],
  ["category", ({ category }) => category ?? ""],
  ["signature", ({ signature }) => signature ?? ""],
  ["corrections", ({ corrections }) => corrections],
  ["tokens", ({ tokens }) => tokens],
  ["seconds", ({ seconds }) => seconds],
  ["role", ({ role }) => role],
  ["confidence", ({ confidence }) => confidence ?? ""],
];

/** The rows as tab-separated values with a head; an empty cell is `-`. */
export function resultsText(rows: readonly ResultRow[]): string {
  const head = COLUMNS.map(([name]) => name);
  const lines = rows.map((row) => COLUMNS.map(([, cell]) => cellText(cell(row))));
  return `${[head, ...lines].map((cells) => cells.join("\t")).join("\n")}\n`;
}

function cellText(value: string | number): string {
  const text = String(value).replace(/\p{Cc}+/gu, " ");
  return text === "" ? "-" : text;
}
