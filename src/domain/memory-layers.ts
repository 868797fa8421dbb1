import type { Scores, Verdict } from "./memory-bench.ts";
import type { JudgedRule, ProposedRules } from "./memory-rules.ts";

/** The six layers of the mill's memory, the longest lived first. */
export const MEMORY_LAYERS = [
  { name: "git history", lasts: "for ever", holds: "what landed, and why" },
  { name: "project index", lasts: "as long as the project", holds: "names, summaries and words of the code" },
  { name: "results", lasts: "as long as .millwright/", holds: "every attempt and what became of it" },
  { name: "AGENTS.md", lasts: "across sessions", holds: "what makers are told about this repository" },
  { name: "working memory", lasts: "one cycle", holds: "the loops that are open now" },
  { name: "failure patterns", lasts: "until they stop helping", holds: "rules learned from failures that recurred" },
] as const;
export type LayerName = (typeof MEMORY_LAYERS)[number]["name"];

/** How a layer stands. */
export interface LayerState {
  readonly name: LayerName;
  /** In one line. */
  readonly state: string;
  /** What else there is to know, a line each. */
  readonly notes: readonly string[];
}

/** The rules for the managed block, and how they stand. */
export interface RulesState extends Pick<ProposedRules, "added" | "retired" | "rules"> {
  readonly standing: readonly JudgedRule[];
  /** Failure classes that have no room. */
  readonly waiting: number;
  /** Why nothing is proposed; undefined when something may be. */
  readonly off: string | undefined;
}

/** All that the mill remembers of a repository. */
export interface MemoryState {
  readonly layers: readonly LayerState[];
  readonly rules: RulesState;
}

/** What became of `millwright memory --apply`. */
export interface AppliedRules {
  /** Undefined when there was nothing to write. */
  readonly commit: string | undefined;
  readonly branch: string | undefined;
  readonly added: readonly string[];
  readonly retired: readonly string[];
}

/** What `index bench` measured, and its verdict in one line. */
export interface IndexBenchEnd {
  readonly verdict: {
    readonly indexed: string;
    readonly newest: string;
    readonly files: number;
    readonly parts: number;
    readonly model?: string | undefined;
    readonly ways: readonly { readonly name: string; readonly scores: Scores }[];
    readonly verdict: Verdict | { readonly kind: "no-model" };
  };
  readonly text: string;
}
