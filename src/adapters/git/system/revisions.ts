import { InputError } from "../../../domain/step-failure.ts";
import type { CommitId } from "../../../domain/work.ts";
import { askGit, type Place, runGit } from "./git-program.ts";
import type { Inspection } from "./inspection.ts";

function placeOf({ root, gitDir }: Pick<Inspection, "root" | "gitDir">): Place {
  return { cwd: root, variables: { GIT_DIR: gitDir, GIT_WORK_TREE: root } };
}

/**
 * The commit that a person names: a branch, a tag, a beginning of an id, `HEAD~3`.
 * @throws InputError when there is no such commit
 */
export async function commitNamed(inspection: Pick<Inspection, "root" | "gitDir">, name: string): Promise<CommitId> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
  const { code, out } = await runGit(placeOf(inspection), args, { answers: [0, 1, 128] });
  if (code === 0) return out.toString("utf8").trim();
  throw new InputError([
    `There is no commit ${JSON.stringify(name)} here. Name a branch, a tag or a commit; \`git log --oneline\` lists them.`,
  ]);
}

/** How many commits lead from one commit to another, and when the first one was made; undefined when it is gone. */
export async function distanceOf(
  inspection: Pick<Inspection, "root" | "gitDir">,
  from: CommitId,
  to: CommitId,
): Promise<{ readonly commits: number; readonly at: number } | undefined> {
  const place = placeOf(inspection);
  const known = await runGit(place, ["cat-file", "-e", `${from}^{commit}`], { answers: [0, 1, 128] });
  if (known.code !== 0) return undefined;
  const commits = Number(await askGit(place, ["rev-list", "--count", `${from}..${to}`]));
  return {
    commits,
    at: Number(await askGit(place, ["show", "--no-patch", "--no-show-signature", "--format=%ct", from])),
  };
}

/** True when the history of `of` (a commit or branch) holds the commit; false when either is not there. */
export async function isContained(
  inspection: Pick<Inspection, "root" | "gitDir">,
  commit: CommitId,
  of: string,
): Promise<boolean> {
  const args = ["merge-base", "--is-ancestor", commit, of];
  return (await runGit(placeOf(inspection), args, { answers: [0, 1, 128] })).code === 0;
}

/** The branches that the loop has made, like `loop/pricing`. */
export async function loopBranches(inspection: Pick<Inspection, "root" | "gitDir">): Promise<readonly string[]> {
  const said = await askGit(placeOf(inspection), ["for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads/loop/"]);
  return said.split("\n").filter((line) => line !== "");
}
