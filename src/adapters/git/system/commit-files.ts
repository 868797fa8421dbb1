import { lstat, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InputError, StepFailure } from "../../../domain/step-failure.ts";
import type { CommitId, FileChange, TreeId } from "../../../domain/work.ts";
import type { Git } from "../../../engine/ports.ts";
import { onDisk } from "./git-failure.ts";
import { type Place, runGit } from "./git-program.ts";
import type { Inspection } from "./inspection.ts";

/** One text file of the checkout as a commit of its own should leave it. */
export interface WrittenFile {
  /** Inside the repository, forward slashes. */
  readonly path: string;
  /** Makes the new text from the one that stands there, `""` where none does; of the branch's file and of the checkout's, which may differ in line ends. */
  readonly write: (before: string) => string;
}

export interface FileCommit extends WrittenFile {
  readonly message: string;
  /** Seconds since 1970. */
  readonly at: number;
}

export interface Checkout extends Pick<Inspection, "root" | "gitDir"> {
  /** The mill's own folder. */
  readonly stateDir: string;
}

/** `commitFiles` for one file. */
export async function commitFile(checkout: Checkout, git: Git, file: FileCommit): Promise<CommitId> {
  const { message, at } = file;
  return commitFiles(checkout, git, { files: [file], message, at });
}

/**
 * Commits these files, and nothing else that stands in the checkout or its index, on the branch that is checked out; no hook,
 * filter or signature of the target's choosing is run. Doing it again after it was cut off ends with the same commit; where
 * nothing changes, the answer is the commit that is there.
 * @throws InputError when HEAD is detached, a merge is under way, or a path is a link or holds something that is not committed
 * @throws StepFailure `git-failed`, when the branch has moved meanwhile
 */
export async function commitFiles(
  checkout: Checkout,
  git: Git,
  change: { readonly files: readonly WrittenFile[]; readonly message: string; readonly at: number },
): Promise<CommitId> {
  const { root, gitDir } = checkout;
  const place: Place = { cwd: root, variables: { GIT_DIR: gitDir, GIT_WORK_TREE: root } };
  const branch = await branchOf(place);
  await refuseMidway(checkout);
  const head = await git.resolve(`refs/heads/${branch}`);
  if (head === undefined) throw new InputError([`${branch} has no commit yet: make one first.`]);
  const wanted: Wanted[] = [];
  for (const file of change.files) wanted.push(await wantedOf(file, checkout, { git, place, tree: head.tree }));
  for (const one of wanted) await write(checkout, one);
  const layer: FileChange[] = [];
  for (const { path, mode, after } of wanted) layer.push({ path, mode, blob: await git.writeBlob(after) });
  for (const { path, mode, blob } of layer)
    await runGit(place, ["update-index", "--add", "--cacheinfo", `${mode},${blob},${path}`]);
  const tree = await git.layOver(head.tree, layer);
  if (tree === head.tree) return head.commit;
  const commit = await git.commit({ tree, parents: [head.commit], message: change.message, at: change.at });
  const reason = `millwright: ${change.message.split("\n")[0]}`;
  const args = ["update-ref", "-m", reason, `refs/heads/${branch}`, commit, head.commit];
  const { code, errors } = await runGit(place, args, { answers: [0, 1, 128] });
  if (code !== 0) throw moved(branch, errors);
  return commit;
}

async function branchOf(place: Place): Promise<string> {
  const { code, out } = await runGit(place, ["symbolic-ref", "--quiet", "--short", "HEAD"], { answers: [0, 1] });
  if (code === 0) return out.toString("utf8").trimEnd();
  throw new InputError([
    `HEAD is detached. No branch is checked out in ${place.cwd} that could be committed on: \`git switch <branch>\` first.`,
  ]);
}

async function refuseMidway({ root, gitDir }: Checkout): Promise<void> {
  for (const name of ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply"])
    if (await lstat(join(gitDir, name)).catch(() => undefined))
      throw new InputError([`A merge, rebase or pick is under way in ${root} (${name}): end it first.`]);
}

/** A file that may be written. */
interface Wanted {
  readonly path: string;
  readonly mode: "100644" | "100755";
  /** What the branch is to have. */
  readonly after: string;
  /** What the checkout is to have; undefined where it has it. */
  readonly shown: string | undefined;
}

interface Repository {
  readonly git: Git;
  readonly place: Place;
  readonly tree: TreeId;
}

/** In the checkout and in the index the path holds what HEAD has, or what was put there before this was cut off. */
async function wantedOf(file: WrittenFile, { root }: Checkout, { git, place, tree }: Repository): Promise<Wanted> {
  const { path } = file;
  const standing = (await git.list(tree)).find((one) => one.path === path);
  const isPlain = standing === undefined || standing.mode.startsWith("100");
  if (!isPlain || (await isBehindLink(root, path)))
    throw new InputError([`${path} is no plain file (a symbolic link?): nothing is written through it.`]);
  const committed = standing === undefined ? undefined : await git.read(tree, path);
  const after = file.write(committed ?? "");
  const there = await readFile(join(root, path), "utf8").catch(() => undefined);
  const { code, out } = await runGit(place, ["cat-file", "blob", `:${path}`], { answers: [0, 128] });
  const staged = code === 0 ? out.toString("utf8") : undefined;
  const isClean = (found: string | undefined) => same(found, committed) || same(found, after);
  if (!isClean(there) || !isClean(staged))
    throw new InputError([`${path} holds something that is not committed: commit it or put it away first.`]);
  const mode = standing?.mode === "100755" ? "100755" : "100644";
  return { path, mode, after, shown: same(there, after) ? undefined : file.write(there ?? "") };
}

async function isBehindLink(root: string, path: string): Promise<boolean> {
  const parts = path.split("/");
  for (let length = 1; length <= parts.length; length++) {
    const found = await lstat(join(root, ...parts.slice(0, length))).catch(() => undefined);
    if (found?.isSymbolicLink()) return true;
  }
  return false;
}

/** A checkout may turn line ends. */
function same(one: string | undefined, other: string | undefined): boolean {
  return one?.replaceAll("\r\n", "\n") === other?.replaceAll("\r\n", "\n");
}

/** Written beside and renamed into its place, with the rights that the file has. */
async function write({ root, stateDir }: Checkout, { path, mode, shown }: Wanted): Promise<void> {
  if (shown === undefined) return;
  const [target, part] = [join(root, path), join(stateDir, "commit.part")];
  await onDisk(`writing ${path}`, async () => {
    await mkdir(dirname(target), { recursive: true });
    try {
      await writeFile(part, shown, { mode: mode === "100755" ? 0o777 : 0o666 });
      await rename(part, target);
    } finally {
      await rm(part, { force: true });
    }
  });
}

function moved(branch: string, errors: string): StepFailure {
  return new StepFailure(`${branch} has moved meanwhile: ${errors.trim()}`, {
    code: "git-failed",
    remedy: "retry",
    hint: "Do it again.",
  });
}
