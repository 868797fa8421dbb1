import type { CommitId } from "../../../domain/work.ts";
import { linesOf, openConversation } from "./conversation.ts";
import type { Place } from "./git-program.ts";
import { idOf, isObjectId } from "./names.ts";

/** Reads and makes refs of the person's repository through git processes that stay open; each answer is of its moment. */
export interface RefDesk {
  /** The commit that a checked revision leads to. */
  commitOf(revision: string): Promise<CommitId | undefined>;
  /** Lets a ref that is only ours point to a commit, wherever it pointed. */
  set(ref: string, to: CommitId): Promise<void>;
  close(): Promise<void>;
}

export function openRefDesk(target: Place): RefDesk {
  const questions = openConversation(target, ["cat-file", "--batch-check=%(objectname)"], linesOf(1));
  // A transaction answers `start: ok` and `commit: ok`.
  const changes = openConversation(target, ["update-ref", "-m", "millwright: keep", "--stdin"], linesOf(2));
  return {
    async commitOf(revision) {
      const answer = await questions.ask(`${revision}^{commit}\n`);
      return isObjectId(answer) ? answer : undefined;
    },
    async set(ref, to) {
      await changes.ask(`start\nupdate ${ref} ${idOf(to)}\ncommit\n`);
    },
    async close() {
      await Promise.all([questions, changes].map((talk) => talk.close()));
    },
  };
}
