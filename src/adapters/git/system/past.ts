import type { CommitId } from "../../../domain/work.ts";
import { type Place, runGit } from "./git-program.ts";
import type { Inspection } from "./inspection.ts";

/** One commit of the past, with the paths that it touched. */
export interface PassedCommit {
  readonly commit: CommitId;
  readonly subject: string;
  readonly paths: readonly string[];
}

type Where = Pick<Inspection, "root" | "gitDir">;

function placeOf({ root, gitDir }: Where): Place {
  return { cwd: root, variables: { GIT_DIR: gitDir, GIT_WORK_TREE: root } };
}

/** The commit that changed each file below these folders last, as seen from `at`. */
export async function lastChanges(
  where: Where,
  at: CommitId,
  folders: readonly string[],
): Promise<ReadonlyMap<string, CommitId>> {
  const commits = await logOf(where, [at, "--", ...folders]);
  const last = new Map<string, CommitId>();
  for (const { commit, paths } of commits) for (const path of paths) if (!last.has(path)) last.set(path, commit);
  return last;
}

/** The oldest commit that added this file, as seen from `at`; undefined when none did. */
export async function addedIn(where: Where, at: CommitId, path: string): Promise<CommitId | undefined> {
  const commits = await logOf(where, ["--diff-filter=A", at, "--", path]);
  return commits.at(-1)?.commit;
}

/** Commits that lead to `to` and not to `from` and are no merges, newest first; `from` undefined: all of them. */
export async function commitsSince(
  where: Where,
  from: CommitId | undefined,
  to: CommitId,
): Promise<readonly PassedCommit[]> {
  return logOf(where, ["--no-merges", ...(from === undefined ? [] : [`^${from}`]), to]);
}

/** The commit `count` steps before `at` along its first parents; undefined when the history is no longer than that. */
export async function commitBefore(where: Where, at: CommitId, count: number): Promise<CommitId | undefined> {
  const { out } = await runGit(placeOf(where), ["rev-list", "--first-parent", `--skip=${count}`, "--max-count=1", at]);
  return out.toString("utf8").trim() || undefined;
}

/**
 * The commit that a person means: a revision, or a time such as `1 week` or `2026-11-01`, for which it is the last commit
 * before it. `nothing`: the history begins later; undefined: it is neither.
 */
export async function meantCommit(where: Where, at: CommitId, said: string): Promise<CommitId | "nothing" | undefined> {
  const place = placeOf(where);
  const revision = await runGit(place, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${said}^{commit}`], {
    answers: [0, 1, 128],
  });
  if (revision.code === 0) return revision.out.toString("utf8").trim();
  const phrase = said.trim().replace(/\s+/g, " ");
  const isTime = /^\d+ (?:second|minute|hour|day|week|month|year)s?(?: ago)?$/.test(phrase);
  const isDate = /^\d{4}-\d{2}-\d{2}([T ][\d:]+Z?)?$/.test(phrase);
  if (!isTime && !isDate && phrase !== "yesterday") return undefined;
  const before = isTime && !phrase.endsWith("ago") ? `${phrase} ago` : phrase;
  const { out } = await runGit(place, ["rev-list", "-1", `--before=${before}`, at]);
  return out.toString("utf8").trim() || "nothing";
}

async function logOf(where: Where, args: readonly string[]): Promise<readonly PassedCommit[]> {
  const plain = [
    "log",
    "-z",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--name-only",
    "--format=%x01%H%x00%s%x00",
  ];
  const { out } = await runGit(placeOf(where), [...plain, ...args]);
  return out
    .toString("utf8")
    .split("\u0001")
    .slice(1)
    .map((text) => {
      const [commit = "", subject = "", ...rest] = text.split("\0");
      return { commit, subject, paths: rest.map((path) => path.replace(/^\n/, "")).filter((path) => path !== "") };
    });
}
