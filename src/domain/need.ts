import type { DiagnosticReport, DiagnosticTool, WrittenCases } from "./diagnostic.ts";
import { digestOfValue } from "./digest.ts";
import type { SuiteReport } from "./suite-report.ts";
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
    }
  | {
      readonly see: "stubs";
      readonly tree: TreeId;
      readonly creates: readonly string[];
      readonly mode: "throw" | "sentinel";
    }
  | { readonly see: "canary"; readonly tree: TreeId; readonly beside: readonly string[] }
  | { readonly see: "mutants"; readonly tree: TreeId; readonly lines: readonly string[]; readonly limit: number }
  | {
      readonly see: "diagnostics";
      readonly tool: DiagnosticTool;
      readonly tree: TreeId;
      readonly paths: readonly string[];
    }
  | { readonly see: "files"; readonly tree: TreeId; readonly paths: readonly string[] }
  | { readonly see: "changes"; readonly from: TreeId; readonly to: TreeId }
  | { readonly see: "cases"; readonly tree: TreeId; readonly path: string }
  | { readonly see: "command"; readonly tree: TreeId; readonly run: string }
  | { readonly see: "head"; readonly branch: string; readonly reading: number }
  | { readonly see: "judgement"; readonly judge: "reviewer" | "checker"; readonly from: TreeId; readonly to: TreeId };

export type NeedKind = Need["see"];

/** What was seen, by the kind of need. */
export interface Sights {
  readonly suite: SuiteReport;
  /** The tree with stubs laid over; `impossible` names the creates no stub can be made for; `made` is empty when all exist. */
  readonly stubs: { readonly tree: TreeId; readonly made: readonly string[]; readonly impossible: readonly string[] };
  /** The tree with a canary test laid over, and the canary's test id as its runner will report it; null when none can be made. */
  readonly canary: { readonly tree: TreeId; readonly file: string; readonly name: string } | null;
  readonly mutants: readonly { readonly tree: TreeId; readonly what: string }[];
  readonly diagnostics: DiagnosticReport;
  /** Text by path; a missing or binary file is absent. */
  readonly files: Readonly<Record<string, string>>;
  readonly changes: readonly TreeChange[];
  readonly cases: WrittenCases;
  readonly command: { readonly exitCode: number | null; readonly ended: string; readonly output: string };
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
