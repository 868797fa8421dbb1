import { access, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../../domain/step-failure.ts";
import type { CommitId } from "../../../domain/work.ts";
import type { Git } from "../../../engine/ports.ts";
import { onDisk } from "./git-failure.ts";
import { askGit, type Place, runGit } from "./git-program.ts";
import type { Inspection } from "./inspection.ts";

/** One text file of the checkout as a commit of its own should leave it. */
export interface FileCommit {
  readonly path: string;
  /** Makes the new text from the one that stands there; of the branch's file and of the checkout's, which may differ in line ends. */
  readonly write: (before: string) => string;
  readonly message: string;
  /** Seconds since 1970. */
  readonly at: number;
}

type Checkout = Pick<Inspection, "root" | "gitDir" | "branch" | "head" | "dirty">;

/**
 * Writes one file and commits it, and nothing else, on the branch that is checked out: what else is changed or staged stays
 * as it is, no hook and no filter runs. Answers undefined when the file is like that already.
 * @throws InputError when the checkout is not in a state for it
 * @throws StepFailure `git-failed`, when the branch has moved meanwhile
 */
export async function commitFile(checkout: Checkout, git: Git, change: FileCommit): Promise<CommitId | undefined> {
  const { path } = change;
  const { branch, head } = await ready(checkout, path);
  const at = await git.resolve(head);
  const standing = (await git.list(at?.tree ?? "")).find((file) => file.path === path);
  if (at === undefined) throw new InputError([`The commit ${head} is gone.`]);
  if (standing !== undefined && !standing.mode.startsWith("100"))
    throw new InputError([`${path} is no plain file in ${branch} (a link?): nothing is written through it.`]);
  const before = standing === undefined ? "" : ((await git.read(at.tree, path)) ?? "");
  const after = change.write(before);
  if (standing !== undefined && after === before) return undefined;
  const blob = await git.writeBlob(after);
  const mode = standing?.mode === "100755" ? "100755" : "100644";
  const tree = await git.layOver(at.tree, [{ path, blob, mode }]);
  const commit = await git.commit({ tree, parents: [head], message: change.message, at: change.at });
  const undo = await writeShown(checkout, change, standing !== undefined);
  const place: Place = { cwd: checkout.root, variables: { GIT_DIR: checkout.gitDir, GIT_WORK_TREE: checkout.root } };
  try {
    await runGit(place, ["update-ref", "-m", `millwright: ${path}`, `refs/heads/${branch}`, commit, head]);
  } catch (error) {
    await undo();
    throw error;
  }
  await askGit(place, ["update-index", "--add", "--cacheinfo", `${mode},${blob},${path}`]);
  return commit;
}

async function ready({ root, gitDir, branch, head, dirty }: Checkout, path: string) {
  if (branch === undefined || head === undefined)
    throw new InputError([
      `No branch is checked out in ${root}: \`git switch <branch>\` first, so that the commit has a home.`,
    ]);
  for (const state of ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply"])
    if (await isThere(join(gitDir, state)))
      throw new InputError([`Git is in the middle of something in ${root} (${state}): end it first.`]);
  if (dirty.includes(path))
    throw new InputError([`${path} has changes that are not committed: commit or undo them first.`]);
  return { branch, head };
}

/** Writes the checkout's file, which may have other line ends than the branch's; answers how to take it back. */
async function writeShown(
  { root }: Checkout,
  { path, write }: FileCommit,
  isKnown: boolean,
): Promise<() => Promise<void>> {
  const file = join(root, path);
  const before = await readFile(file, "utf8").catch(() => undefined);
  if (before === undefined && isKnown) throw new InputError([`${path} cannot be read in the checkout.`]);
  if (before !== undefined && !isKnown)
    throw new InputError([`${path} is there, but git does not track it (is it ignored?): add it first.`]);
  await onDisk(`writing ${path}`, () => writeFile(file, write(before ?? "")));
  return () =>
    onDisk(`writing ${path}`, () => (before === undefined ? rm(file, { force: true }) : writeFile(file, before)));
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
