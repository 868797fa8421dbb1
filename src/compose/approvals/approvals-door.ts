import type { ApprovalStage, ApprovalSubject, Approvals, ApprovalWord } from "../../domain/approvals.ts";

/** Whose word lets stages pass in a run, and what waits for a person's. */
export interface ApprovalsLook {
  readonly run: string;
  readonly gates: Approvals;
  /** Oldest first; empty when nothing waits. */
  readonly waiting: readonly ApprovalSubject[];
}

/** Which of what waits is meant; what is absent has to follow from what is there. */
export interface ApprovalChoice {
  /** Id of a run; absent: the newest that waits for a word. */
  readonly run?: string | undefined;
  readonly stage?: ApprovalStage | undefined;
  readonly task?: string | undefined;
  /** Beginning of the digest that was looked at: another one is refused. */
  readonly digest?: string | undefined;
}

/** What waits, and what would happen: a unified diff, or the text of the plans. */
export interface ApprovalShown {
  readonly run: string;
  readonly subject: ApprovalSubject;
  readonly text: string;
}

/** A person's word. `by` is written down as it stands. */
export type PersonsWord = Pick<ApprovalWord, "decision" | "by"> & {
  readonly note?: string | undefined;
  /** Of a rejection: the task, plan or run ends instead of going back to its maker. */
  readonly end?: boolean | undefined;
};

/** How people let a run pass, or not. Nothing here asks a model, lands anything or needs the lock. */
export interface ApprovalsDoor {
  /** @throws InputError when there is no run */
  look(run?: string): Promise<ApprovalsLook>;
  /** @throws InputError when it is not clear what is meant, or it does not wait */
  show(choice: ApprovalChoice): Promise<ApprovalShown>;
  /** Writes the word down; `Mill.resume` goes on with it. @throws InputError as `show` does */
  say(choice: ApprovalChoice, word: PersonsWord): Promise<Omit<ApprovalShown, "text">>;
  /** Changes whose word lets stages pass, from the run's next look on; undefined: the newest run. @throws InputError */
  change(run: string | undefined, gates: Partial<Approvals>, by: string): Promise<ApprovalsLook>;
}
