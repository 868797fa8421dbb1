import { lstat, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InputError, StepFailure } from "../../../domain/step-failure.ts";
import type { CommitId } from "../../../domain/work.ts";
import type { Git } from "../../../engine/ports.ts";
import { onDisk } from "./git-failure.ts";
import { type Place, runGit } from "./git-program.ts";
import type { Inspection } from "./inspection.ts";

/** A file that a person has approved. */
export interface ApprovedFile {
  /** Inside the repository, forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly message: string;
  /** Seconds since 1970. */
  readonly at: number;
}

interface Checkout extends Pick<Inspection, "root" | "gitDir"> {
  /** The mill's own folder. */
  readonly stateDir: string;
}

/**
 * Commits one file, and nothing else that stands in the checkout or its index, on the branch that is checked out; no hook,
 * filter or signature of the target's choosing is run. Doing it again after it was cut off ends with the same commit.
 * @throws InputError when HEAD is detached, a merge is under way, or the path holds something else that is not committed
 */
export async function commitPath(checkout: Checkout, git: Git, file: ApprovedFile): Promise<CommitId> {
  const { root, gitDir } = checkout;
  const place: Place = { cwd: root, variables: { GIT_DIR: gitDir, GIT_WORK_TREE: root } };
  const branch = await branchOf(place);
  await refuseMidway(gitDir);
  const head = await git.resolve(`refs/heads/${branch}`);
  if (head === undefined) throw new InputError([`${branch} has no commit yet: make one first.`]);
  const committed = await git.read(head.tree, file.path);
  await refuseUnclean(checkout, place, { file, committed });
  const blob = await git.writeBlob(file.text);
  await write(checkout, file);
  await runGit(place, ["update-index", "--add", "--cacheinfo", `100644,${blob},${file.path}`]);
  if (committed === file.text) return head.commit;
  const tree = await git.layOver(head.tree, [{ path: file.path, blob, mode: "100644" }]);
  const commit = await git.commit({ tree, parents: [head.commit], message: file.message, at: file.at });
  const args = ["update-ref", "-m", "millwright: approve a correction", `refs/heads/${branch}`, commit, head.commit];
  const { code, errors } = await runGit(place, args, { answers: [0, 1, 128] });
  if (code !== 0) throw moved(branch, errors);
  return commit;
}

async function branchOf(place: Place): Promise<string> {
  const { code, out } = await runGit(place, ["symbolic-ref", "--quiet", "--short", "HEAD"], { answers: [0, 1] });
  if (code === 0) return out.toString("utf8").trimEnd();
  throw new InputError([
    "HEAD is detached, so there is no branch that a correction could be committed on: check out a branch (`git switch <branch>`), then approve again.",
  ]);
}

async function refuseMidway(gitDir: string): Promise<void> {
  for (const name of ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply"])
    if (await lstat(join(gitDir, name)).catch(() => undefined))
      throw new InputError([
        `A merge, rebase or pick is under way in this checkout (${name}): end it, then approve again.`,
      ]);
}

interface Wanted {
  readonly file: ApprovedFile;
  /** What HEAD has there. */
  readonly committed: string | undefined;
}

/** In the checkout and in the index the path holds what HEAD has, or what an approval before this one has put there. */
async function refuseUnclean({ root }: Checkout, place: Place, { file, committed }: Wanted): Promise<void> {
  const { path, text } = file;
  for (const part of [dirname(path), path])
    if ((await lstat(join(root, part)).catch(() => undefined))?.isSymbolicLink())
      throw new InputError([`${part} is a symbolic link: a correction is not written through it.`]);
  const there = await readFile(join(root, path), "utf8").catch(() => undefined);
  const { code, out } = await runGit(place, ["cat-file", "blob", `:${path}`], { answers: [0, 128] });
  const staged = code === 0 ? out.toString("utf8") : undefined;
  const clean = (found: string | undefined) => same(found, committed) || same(found, text);
  if (clean(there) && clean(staged)) return;
  throw new InputError([
    `${path} holds something that is not committed: commit it or put it away, then approve again.`,
  ]);
}

/** A checkout may turn line ends. */
function same(one: string | undefined, other: string | undefined): boolean {
  return one?.replaceAll("\r\n", "\n") === other?.replaceAll("\r\n", "\n");
}

async function write({ root, stateDir }: Checkout, { path, text }: ApprovedFile): Promise<void> {
  const [target, part] = [join(root, path), join(stateDir, "approved.part")];
  await onDisk(`writing ${path}`, async () => {
    await mkdir(dirname(target), { recursive: true });
    try {
      await writeFile(part, text);
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
    hint: "Approve again.",
  });
}
