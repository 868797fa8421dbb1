import type { CorrectionChange } from "./correction.ts";
import type { SaidByGreen } from "./own-tests.ts";
import type { Answerer } from "./verdict.ts";

/** The roles that propose changes to a task's layers. */
export type MakerRole = "tester" | "developer" | "documenter";

/** One answer in a task's history. */
export interface Answered {
  readonly role: Answerer;
  readonly gate: string;
  /** Signature of the refusal that was answered. */
  readonly signature: string;
  /** How many findings that refusal had: fewer is progress. */
  readonly failing: number;
  readonly outcome: "admitted" | "refused" | "impossible";
  /** The rung of its ladder on which the maker answered. */
  readonly rung: number;
  /** What was refused, in one line: what a later diagnosis is made of. */
  readonly said: string;
  /** The work's tree with this answer; absent when nothing was admitted. */
  readonly tree?: string;
  /** Tests that stand and that the refused proposal would have changed. */
  readonly tampers?: readonly string[] | undefined;
  /** The file of the test infrastructure in which the remedy of what was answered lies. */
  readonly blocked?: string | undefined;
  /** What green had said of the work; undefined when something else was answered. */
  readonly green?: SaidByGreen | undefined;
  /** The answer left every file as it was. */
  readonly insists?: boolean;
  /** What corrections changed in what was admitted. */
  readonly changes?: readonly CorrectionChange[] | undefined;
  /** Names the set of findings that was answered, whatever their order. */
  readonly failures?: string;
}
