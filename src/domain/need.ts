import type { NamedCheck } from "./browser-check.ts";
import type { BrowserReport } from "./browser-report.ts";
import type { DiagnosticReport, DiagnosticTool, WrittenCases } from "./diagnostic.ts";
import { digestOfValue } from "./digest.ts";
import type { AskedCheck, Exam, Expectation, NumberedCheck } from "./held-out.ts";
import type { LiteralUse } from "./literal-use.ts";
import type { SuiteReport } from "./suite-report.ts";
import type { Criterion } from "./task.ts";
import type { WikiFacts } from "./wiki/wiki-page.ts";
import type { TreeChange, TreeId } from "./work.ts";

/** Which tests to run. */
export type Selection =
  | { readonly kind: "all" }
  | { readonly kind: "files"; readonly files: readonly string[] }
  | { readonly kind: "ids"; readonly ids: readonly string[] };

/** What a gate needs to see before it can judge: data only. Its digest keys the memo, so it holds every input. */
export type Need =
  | {
      readonly see: "suite";
      readonly tree: TreeId;
      readonly selection: Selection;
      /** 1 for the first look, 2 for a repetition, … */
      readonly repetition: number;
      /** Multiplies the configured time limit: 2 for a test that timed out, run alone. */
      readonly patience: 1 | 2;
      /** A time limit of its own, in place of the configured one. */
      readonly seconds?: number;
    }
  | {
      readonly see: "stubs";
      readonly tree: TreeId;
      readonly creates: readonly string[];
      readonly mode: "throw" | "sentinel";
    }
  | { readonly see: "canary"; readonly tree: TreeId; readonly beside: readonly string[] }
  | {
      /** Checks from the criteria alone, written once a task by the examiner. */
      readonly see: "exam";
      readonly criteria: readonly Criterion[];
      readonly creates: readonly string[];
      readonly most: number;
    }
  | {
      readonly see: "checks";
      readonly tree: TreeId;
      readonly checks: readonly NumberedCheck[];
      readonly beside: readonly string[];
    }
  /** What a second model derives for the same calls. */
  | { readonly see: "derivation"; readonly criteria: readonly Criterion[]; readonly checks: readonly AskedCheck[] }
  | { readonly see: "literals"; readonly tree: TreeId; readonly path: string }
  | { readonly see: "lines"; readonly from: TreeId; readonly to: TreeId; readonly paths: readonly string[] }
  | { readonly see: "mutants"; readonly tree: TreeId; readonly lines: readonly string[]; readonly limit: number }
  | {
      readonly see: "diagnostics";
      readonly tool: DiagnosticTool;
      readonly tree: TreeId;
      readonly paths: readonly string[];
    }
  | { readonly see: "files"; readonly tree: TreeId; readonly paths: readonly string[] }
  | { readonly see: "changes"; readonly from: TreeId; readonly to: TreeId }
  | { readonly see: "wiki"; readonly tree: TreeId }
  | { readonly see: "cases"; readonly tree: TreeId; readonly path: string }
  | { readonly see: "command"; readonly tree: TreeId; readonly run: string }
  | {
      readonly see: "browser";
      readonly tree: TreeId;
      readonly checks: readonly NamedCheck[];
      /** Multiplies how long a step waits: 2 for a check that failed, run again. */
      readonly patience: 1 | 2;
    }
  | { readonly see: "head"; readonly branch: string; readonly reading: number }
  | {
      readonly see: "judgement";
      readonly judge: "reviewer" | "checker";
      readonly from: TreeId;
      readonly to: TreeId;
      /** Small changes of the code that its tests do not notice. */
      readonly unnoticed?: readonly string[];
      /** Functions that may know only what the tests hold. */
      readonly doubtful?: readonly string[];
    };

export type NeedKind = Need["see"];

/** What was seen, by the kind of need. */
export interface Sights {
  readonly suite: SuiteReport;
  /** The tree with stubs laid over; `impossible` names the creates no stub can be made for; `made` is empty when all exist. */
  readonly stubs: { readonly tree: TreeId; readonly made: readonly string[]; readonly impossible: readonly string[] };
  /** The tree with a canary test laid over, and the canary's test id as its runner will report it; null when none can be made. */
  readonly canary: { readonly tree: TreeId; readonly file: string; readonly name: string } | null;
  readonly exam: Exam;
  /** The tree with the checks' file laid over; null where no runner is known that they can be written for. */
  readonly checks: { readonly tree: TreeId; readonly file: string } | null;
  /** By the checks' numbers; null where no second model is there. */
  readonly derivation: ReadonlyMap<number, Expectation> | null;
  readonly literals: LiteralUse;
  /** Lines that were added or changed, `path:from-to`. */
  readonly lines: readonly string[];
  readonly mutants: readonly { readonly tree: TreeId; readonly what: string }[];
  readonly diagnostics: DiagnosticReport;
  /** Text by path; a missing or binary file is absent. */
  readonly files: Readonly<Record<string, string>>;
  readonly changes: readonly TreeChange[];
  readonly wiki: WikiFacts;
  readonly cases: WrittenCases;
  readonly command: { readonly exitCode: number | null; readonly ended: string; readonly output: string };
  readonly browser: BrowserReport;
  readonly head: string;
  readonly judgement: unknown;
}

/** Observations made so far, by the digest of their need. */
export type Seen = ReadonlyMap<string, unknown>;

/** The digest of everything a need says. */
export function needKey(need: Need): string {
  return digestOfValue(need).slice(0, 32);
}

/** What was seen for `need`, or undefined when nobody has looked yet. */
export function sight<Kind extends NeedKind>(seen: Seen, need: Extract<Need, { see: Kind }>): Sights[Kind] | undefined {
  return seen.get(needKey(need)) as Sights[Kind] | undefined;
}
