import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  personsGit,
  type TargetRepository,
  targetRepository,
  writeFiles,
} from "../../../../test/kit/target-repository.ts";
import type { Git } from "../../../engine/ports.ts";
import { type OpenedGit, openGit } from "./open-git.ts";

let target: TargetRepository;
let opened: OpenedGit;
let git: Git;
let dir: string;
let base: { commit: string; tree: string };
let next: string;
let rescued: string[];

async function commitOf(files: Readonly<Record<string, string>>): Promise<string> {
  const changes = Object.entries(files).map(async ([path, text]) => {
    return { path, blob: await git.writeBlob(text), mode: "100644" as const };
  });
  const tree = await git.layOver(base.tree, await Promise.all(changes));
  return await git.commit({ tree, parents: [base.commit], message: "Next\n", at: 1 });
}

async function open(): Promise<void> {
  const stateDir = join(target.root, ".millwright");
  const tell = (ref: string): number => rescued.push(ref);
  opened = await openGit({ root: target.root, stateDir, submodules: "refuse", rescued: tell });
  git = opened.git;
}

const read = (path: string): string => readFileSync(join(dir, path), "utf8");
const inTarget = (what: string): string => target.git("show", what);

beforeEach(async () => {
  target = targetRepository({ "a.txt": "a\n", "b/c.txt": "c\n", ".gitignore": "ignored\nbuild\n" });
  dir = join(target.around, "loop-plän mit Raum");
  rescued = [];
  await open();
  base = (await git.resolve("HEAD"))!;
  next = await commitOf({ "a.txt": "next\n", "new.txt": "new\n" });
  await git.show(dir, base.commit);
});
afterEach(async () => {
  await opened.close();
  target.remove();
});

describe("a person's edits in a shown worktree", () => {
  test("are kept as a commit of the person's own repository before another commit is shown", async () => {
    writeFiles(dir, { "a.txt": "mine\n", "notes/mine.txt": "untracked\n", ignored: "stays\n" });
    await git.show(dir, next);
    expect([read("a.txt"), read("new.txt"), read("ignored")]).toEqual(["next\n", "new\n", "stays\n"]);
    expect(existsSync(join(dir, "notes"))).toBe(false);
    expect(rescued).toHaveLength(1);
    expect(inTarget(`${rescued[0]}:a.txt`)).toBe("mine\n");
    expect(inTarget(`${rescued[0]}:notes/mine.txt`)).toBe("untracked\n");
    expect(target.git("rev-parse", `${rescued[0]}^`).trim()).toBe(base.commit);
    target.git("fsck", "--strict", "--full");
  });

  test("are kept when the commit shown is the same", async () => {
    writeFiles(dir, { "a.txt": "mine\n" });
    await git.show(dir, base.commit);
    expect(read("a.txt")).toBe("a\n");
    expect(inTarget(`${rescued[0]}:a.txt`)).toBe("mine\n");
  });

  test("are kept when they are commits, on a branch of their own or none", async () => {
    writeFiles(dir, { "a.txt": "committed\n" });
    personsGit(dir, "commit", "--quiet", "--all", "--message=Mine");
    const mine = personsGit(dir, "rev-parse", "HEAD").trim();
    await git.show(dir, next);
    expect(target.git("rev-parse", `${rescued[0]}^`).trim()).toBe(mine);
    expect(inTarget(`${mine}:a.txt`)).toBe("committed\n");
    target.git("fsck", "--strict", "--full");

    personsGit(dir, "commit", "--quiet", "--allow-empty", "--message=A thought, and no file");
    const thought = personsGit(dir, "rev-parse", "HEAD").trim();
    await git.show(dir, next);
    expect(target.git("rev-parse", `${rescued[1]}^`).trim()).toBe(thought);

    personsGit(dir, "switch", "--quiet", "--create", "mine");
    await git.show(dir, base.commit);
    expect(personsGit(dir, "rev-parse", "--abbrev-ref", "HEAD").trim()).toBe("HEAD");
    expect(rescued).toHaveLength(2);
  });

  test("are kept when they are staged, or are ignored files where the next commit has its own", async () => {
    writeFiles(dir, { "a.txt": "staged\n", "build/x/deep.txt": "ignored\n", ignored: "mine\n" });
    personsGit(dir, "add", "a.txt");
    const clash = await commitOf({ "ignored/here.txt": "theirs\n", build: "a file\n" });
    await git.show(dir, clash);
    expect([read("ignored/here.txt"), read("build"), read("a.txt")]).toEqual(["theirs\n", "a file\n", "a\n"]);
    expect(inTarget(`${rescued[0]}:build/x/deep.txt`)).toBe("ignored\n");
    expect(inTarget(`${rescued[0]}:ignored`)).toBe("mine\n");
    expect(inTarget(`${rescued[0]}:a.txt`)).toBe("staged\n");
    target.git("fsck", "--strict", "--full");
  });

  test("make no commit when there are none: a deleted file just comes back, and so does one that was cut off", async () => {
    rmSync(join(dir, "a.txt"));
    writeFileSync(join(dir, "b/c.txt"), "c");
    await git.show(dir, base.commit);
    await git.show(dir, next);
    expect(read("a.txt")).toBe("next\n");
    expect(rescued).toEqual([]);
  });
});

describe("a folder", () => {
  test("that somebody else filled is refused with the way out, and left alone", async () => {
    for (const [name, files] of Object.entries({
      "a folder": { "precious.txt": "mine\n" },
      "a repository": { ".git/HEAD": "ref: refs/heads/main\n" },
      "a pointer": { ".git": "gitdir: /elsewhere/worktrees/123456789abc\n", "precious.txt": "mine\n" },
    })) {
      const foreign = join(target.around, name);
      writeFiles(foreign, files);
      const refused = git.show(foreign, next);
      await expect(refused).rejects.toMatchObject({ code: "environment", hint: expect.stringContaining("worktrees:") });
      for (const [path, text] of Object.entries(files)) expect(readFileSync(join(foreign, path), "utf8")).toBe(text);
    }
    await expect(git.show(target.root, next)).rejects.toMatchObject({ code: "environment" });
  });

  test("that is empty, gone, or was deleted by a person is made again", async () => {
    rmSync(dir, { recursive: true });
    await git.show(dir, next);
    rmSync(dir, { recursive: true });
    mkdirSync(dir);
    await git.show(dir, base.commit);
    expect([read("a.txt"), personsGit(dir, "status", "--porcelain")]).toEqual(["a\n", ""]);
  });

  test("goes on being ours when the whole repository has moved", async () => {
    await opened.close();
    const moved = join(target.around, "moved");
    renameSync(target.root, moved);
    target = { ...target, root: moved, git: (...args) => personsGit(moved, ...args) };
    await open();
    await git.show(dir, next);
    expect([read("a.txt"), personsGit(dir, "rev-parse", "HEAD").trim()]).toEqual(["next\n", next]);
  });

  test("with the locks of a killed git in it is freed", async () => {
    const gitDir = personsGit(dir, "rev-parse", "--absolute-git-dir").trim();
    for (const lock of ["index.lock", "HEAD.lock"]) writeFileSync(join(gitDir, lock), "");
    await git.show(dir, next);
    expect(read("a.txt")).toBe("next\n");
  });
});

test("a person's plain git finds the whole history there, and its own hooks and config do nothing to ours", () => {
  expect(personsGit(dir, "log", "--format=%s").trim()).toBe("Begin");
  expect(personsGit(dir, "diff", next, "--stat")).toContain("new.txt");
  personsGit(dir, "fsck", "--full");
});
