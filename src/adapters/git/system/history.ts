import type { CommitId } from "../../../domain/work.ts";
import { askGit, type Place, records, runGit } from "./git-program.ts";
import type { Inspection } from "./inspection.ts";

/** A commit with one parent, and the files that it changed. */
export interface PastCommit {
  readonly commit: CommitId;
  readonly subject: string;
  /** Paths that were there before and were changed, not moved, not removed. */
  readonly changed: readonly string[];
}

function placeOf({ root, gitDir }: Pick<Inspection, "root" | "gitDir">): Place {
  return { cwd: root, variables: { GIT_DIR: gitDir, GIT_WORK_TREE: root } };
}

/** How many commits lead to a commit. */
export async function countCommits(inspection: Pick<Inspection, "root" | "gitDir">, at: CommitId): Promise<number> {
  return Number(await askGit(placeOf(inspection), ["rev-list", "--count", at]));
}

/** The newest commits that lead to `at` and are no merges, newest first, at most `most`. */
export async function pastCommits(
  inspection: Pick<Inspection, "root" | "gitDir">,
  at: CommitId,
  most: number,
): Promise<readonly PastCommit[]> {
  const format = "--format=%x01%H%x00%s%x00";
  const args = ["log", "-z", "--no-merges", "--no-renames", "--no-ext-diff", "--no-textconv", "--name-status", format];
  const { out } = await runGit(placeOf(inspection), [...args, `--max-count=${most}`, at]);
  return out
    .toString("utf8")
    .split("\u0001")
    .slice(1)
    .map((text) => {
      const [commit = "", subject = "", ...rest] = records(Buffer.from(text));
      const cells = rest.map((cell) => cell.replace(/^\n/, "")).filter((cell) => cell !== "");
      return { commit, subject, changed: modified(cells) };
    });
}

/** `M`, path, `A`, path …: the paths that were only changed. */
function modified(cells: readonly string[]): readonly string[] {
  return cells.flatMap((cell, at) => (at % 2 === 1 && cells[at - 1] === "M" ? [cell] : []));
}
