import { createHash } from "node:crypto";
import { lstat, readdir, readFile, realpath, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { StepFailure } from "../../../domain/step-failure.ts";
import type { CommitId } from "../../../domain/work.ts";
import { clearLock, makeFolder, put } from "./files.ts";
import { onDisk } from "./git-failure.ts";
import { runGit } from "./git-program.ts";
import { idOf, isObjectId } from "./names.ts";
import { rescue, type Shown } from "./rescue.ts";
import type { Workshop } from "./workshop.ts";

export interface ShowOptions {
  /** Told when a person's edits were moved aside, under which ref. */
  readonly rescued: (ref: string, dir: string) => void;
}

/** Shows a commit in `dir`. What a person changed there is kept as a commit first, under `refs/millwright/rescued/`. */
export async function show(workshop: Workshop, dir: string, commit: CommitId, options: ShowOptions): Promise<void> {
  const shown = await onDisk(`making ${dir}`, () => settle(workshop, resolve(dir)));
  if (shown.ours.length > 0) {
    const ref = await rescue(workshop, shown, commit);
    if (ref !== undefined) {
      options.rescued(ref, shown.dir);
      await runGit(shown.place, ["clean", "-f", "-d", "-q"]);
    }
  }
  const record = join(shown.gitDir, "millwright-shown");
  await onDisk(`writing ${record}`, () => put(record, [...shown.ours, commit].join("\n")));
  await runGit(shown.place, ["read-tree", "--reset", "-u", idOf(commit)]);
  await runGit(shown.place, ["update-ref", "--no-deref", "-m", "millwright: show", "HEAD", commit]);
  await onDisk(`writing ${record}`, () => put(record, commit));
}

/** Makes `dir` a worktree of ours, or mends one that is. All of it can be done again after a kill at any point. */
async function settle(workshop: Workshop, wanted: string): Promise<Shown> {
  await makeFolder(dirname(wanted));
  const dir = join(await realpath(dirname(wanted)), basename(wanted));
  const id = createHash("sha256").update(dir).digest("hex").slice(0, 12);
  const gitDir = join(workshop.engineDir, "worktrees", id);
  const pointer = join(dir, ".git");
  if (!(await isFree(dir))) await requireOurs(dir, pointer, id);
  const fresh = !(await exists(pointer));

  await makeFolder(dir);
  await makeFolder(gitDir);
  for (const planted of ["config.worktree", "hooks", "locked"])
    await rm(join(gitDir, planted), { recursive: true, force: true });
  await Promise.all(["index.lock", "HEAD.lock"].map((name) => clearLock(join(gitDir, name))));
  const before = fresh ? [] : await recorded(gitDir);
  if (fresh) await rm(join(gitDir, "index"), { force: true });
  await put(join(gitDir, "commondir"), "../..\n");
  await put(join(gitDir, "gitdir"), `${pointer}\n`);
  if (!(await exists(join(gitDir, "HEAD")))) await put(join(gitDir, "HEAD"), "ref: refs/heads/millwright\n");
  await put(pointer, `gitdir: ${gitDir}\n`);

  const variables = { GIT_DIR: gitDir, GIT_WORK_TREE: dir };
  return { dir, gitDir, place: { cwd: dir, variables }, ours: before };
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

async function isFree(dir: string): Promise<boolean> {
  const seen = await lstat(dir).catch(() => undefined);
  if (seen === undefined) return true;
  return seen.isDirectory() && (await readdir(dir)).length === 0;
}

/** A folder is ours when it points to the entry that we have for it; the engine's directory itself may have moved since. */
async function requireOurs(dir: string, pointer: string, id: string): Promise<void> {
  const seen = await lstat(pointer).catch(() => undefined);
  const text = seen?.isFile() ? await readFile(pointer, "utf8") : "";
  if (text.startsWith("gitdir: ") && text.trimEnd().endsWith(`/worktrees/${id}`)) return;
  throw new StepFailure(`${dir} is there already and is not a worktree of the mill's`, {
    code: "environment",
    remedy: "ask",
    hint: "Move or remove that folder, or name another place under `worktrees:` in millwright.yaml, then resume.",
  });
}

async function recorded(gitDir: string): Promise<readonly CommitId[]> {
  const text = await readFile(join(gitDir, "millwright-shown"), "utf8").catch(() => "");
  return text.split("\n").filter(isObjectId);
}
