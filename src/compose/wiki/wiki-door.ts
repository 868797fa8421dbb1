import type { WikiFinding } from "../../domain/wiki/finding.ts";
import type { WikiAnswer } from "../../domain/wiki/librarian.ts";
import type { CommitId } from "../../domain/work.ts";
import type { ReadInput } from "../read-input.ts";
import type { RunEnd, Watch } from "../run-end.ts";

export interface WikiInitEnd {
  /** Paths that were written; empty when the wiki was there. */
  readonly written: readonly string[];
  /** The commit on the branch that is checked out; absent when nothing was written. */
  readonly commit?: CommitId;
}

export interface LintOptions {
  /** Asks the librarian for contradictions too. */
  readonly contradictions: "ask" | "leave";
  /** `fix`: what the mill can put right itself becomes a commit, the rest a task of the documenter. */
  readonly mode: "report" | "fix";
}

export interface WikiLintEnd {
  /** Everything that is wrong and was not put right, by page and line. */
  readonly findings: readonly WikiFinding[];
  /** What the mill put right itself. */
  readonly fixed: readonly WikiFinding[];
  /** The commit with that on the branch that is checked out. */
  readonly commit?: CommitId;
  /** More findings than `limits.wikiFindings`: nothing was put right, a person is awaited. */
  readonly waits: boolean;
  /** The documenter's run over the rest. */
  readonly run?: RunEnd;
  /** Pages that had no room in the question for contradictions. */
  readonly unread: readonly string[];
  /** Contradictions that were said and left out, because a quotation is not there. */
  readonly dropped: number;
}

export interface IngestEnd extends RunEnd {
  /** Where the source is kept. */
  readonly source: string;
  readonly sha256: string;
}

export interface QueryEnd extends WikiAnswer {
  /** The page that the answer was filed as, and its commit. */
  readonly filed?: { readonly path: string; readonly commit: CommitId };
}

export interface DocumentOptions {
  /** A revision, or a time such as `1 week`; default: where the last documentation ended, else the last 50 commits. */
  readonly since?: string | undefined;
}

/** `nothing`: no commit since then changes anything but the wiki. */
export type DocumentEnd =
  | { readonly kind: "nothing"; readonly since: string }
  | (RunEnd & {
      readonly kind: "documented";
      readonly read: readonly string[];
      readonly unread: readonly string[];
      /** Says that older commits were not read, where that is so. */
      readonly earlier?: string;
    });

/** The wiki of a repository. Everything that is written lands by commit. */
export interface Wiki {
  /** Writes schema, index and log where they are missing. @throws InputError */
  init(): Promise<WikiInitEnd>;
  /** @throws InputError when there is no wiki; StepFailure */
  lint(options: LintOptions, watch: Watch): Promise<WikiLintEnd>;
  /** Keeps a file, a pull request of origin (`pr:12`) or the text at an http address unchanged and lets the documenter make pages of it. @throws InputError, StepFailure */
  ingest(source: string, watch: Watch): Promise<IngestEnd>;
  /** Answers from the pages; only what can be verified is said. @throws InputError, StepFailure */
  query(question: string, options: { readonly file: boolean }, watch: Watch): Promise<QueryEnd>;
  /** Brings the wiki up to date with what has changed. @throws InputError, StepFailure */
  document(options: DocumentOptions, watch: Watch): Promise<DocumentEnd>;
}

/** A plan that no person and no architect wrote. */
export interface GivenPlan {
  readonly input: ReadInput;
  /** The commit that the run starts from. */
  readonly base: CommitId;
  readonly workflow: string;
  /** Branch that is moved to the result. */
  readonly land?: string | undefined;
}

/** What the wiki needs of the mill that it belongs to. */
export interface WikiLoop {
  locked<Result>(command: string, watch: Watch, work: () => Promise<Result>): Promise<Result>;
  pursue(given: GivenPlan, watch: Watch): Promise<RunEnd>;
}
