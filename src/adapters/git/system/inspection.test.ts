import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { personsGit, targetRepository, writeFiles } from "../../../../test/kit/target-repository.ts";
import { InputError } from "../../../domain/step-failure.ts";
import { inspectRepository, refusals } from "./inspection.ts";
import { openGit } from "./open-git.ts";

const left: string[] = [];
afterEach(() => {
  for (const dir of left.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function target(format?: "sha256") {
  const made = targetRepository({ "a.txt": "a\n", "dir/b.txt": "b\n", ".gitignore": "ignored/\n" }, format);
  left.push(made.around);
  return made;
}

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "millwright inspect é "));
  left.push(dir);
  return dir;
}

async function wayOut(root: string): Promise<string> {
  const failure = await openGit({ root, stateDir: join(root, ".millwright"), submodules: "refuse" }).catch(
    (error) => error,
  );
  expect(failure).toBeInstanceOf(InputError);
  return failure.message;
}

describe("what is seen", () => {
  test("of a plain checkout, from any folder in it", async () => {
    const { root, git } = target();
    const head = git("rev-parse", "HEAD").trim();
    expect(await inspectRepository(join(root, "dir"))).toEqual({
      root,
      gitDir: join(root, ".git"),
      sharedDir: join(root, ".git"),
      objectsDir: join(root, ".git/objects"),
      objectFormat: "sha1",
      branch: "main",
      head,
      bare: false,
      shallow: false,
      partial: false,
      linked: false,
      submodules: [],
      dirty: [],
    });
  });

  test("a detached HEAD, SHA-256, a linked worktree, a shallow clone", async () => {
    const { root, around, git } = target("sha256");
    git("commit", "--quiet", "--allow-empty", "--message=Second");
    git("worktree", "add", "--quiet", "--detach", join(around, "linked"));
    personsGit(around, "clone", "--quiet", "--depth=1", `file://${root}`, "shallow");
    expect(await inspectRepository(join(around, "linked"))).toMatchObject({
      branch: undefined,
      linked: true,
      objectFormat: "sha256",
      sharedDir: join(root, ".git"),
    });
    expect(await inspectRepository(join(around, "shallow"))).toMatchObject({ shallow: true, partial: false });
  });

  test("changed, staged, untracked and deleted paths, and nothing that is ignored or only touched", async () => {
    const { root, git, write } = target();
    write({
      "a.txt": "changed\n",
      "new one.txt": "x\n",
      "fresh/x.txt": "x\n",
      "ignored/x": "x\n",
      "staged.txt": "s\n",
    });
    git("add", "staged.txt");
    git("rm", "--quiet", "--cached", ".gitignore");
    utimesSync(join(root, "dir/b.txt"), 1_000_000, 1_000_000);
    const { dirty } = await inspectRepository(root);
    expect([...new Set(dirty)].sort()).toEqual([".gitignore", "a.txt", "fresh/", "new one.txt", "staged.txt"]);
  });

  test("an edit of the same length in the very second of the last add", async () => {
    const { root, git, write } = target();
    await sleep(1_000 - (Date.now() % 1_000));
    write({ "a.txt": "a\n" });
    git("add", "--all");
    write({ "a.txt": "b\n" });
    // The copy of the index that is looked at is made in a later second than the edit.
    await sleep(1_100);
    expect((await inspectRepository(root)).dirty).toEqual(["a.txt"]);
  });

  test("a checkout with a split index and Windows line ends is clean", async () => {
    const { root, git } = target();
    git("config", "core.autocrlf", "true");
    git("update-index", "--split-index");
    rmSync(join(root, "a.txt"));
    git("checkout", "--", "a.txt");
    expect(readFileSync(join(root, "a.txt"), "utf8")).toBe("a\r\n");
    utimesSync(join(root, "a.txt"), 1_000_000, 1_000_000);
    expect((await inspectRepository(root)).dirty).toEqual([]);
  });
});

describe("what is refused, each with the way out", () => {
  test("a folder that is not there, and one without a repository", async () => {
    expect(await wayOut(join(folder(), "none"))).toContain("does not exist");
    expect(await wayOut(folder())).toContain("git init");
  });

  test("a repository without a commit", async () => {
    const dir = folder();
    personsGit(dir, "init", "--quiet");
    expect(await wayOut(dir)).toContain("git commit --allow-empty");
  });

  test("a bare repository, and the inside of a git directory", async () => {
    const { root, around } = target();
    personsGit(around, "clone", "--quiet", "--bare", root, "bare.git");
    expect(await wayOut(join(around, "bare.git"))).toContain("git clone");
    expect(await wayOut(join(root, ".git/refs"))).toContain("inside a git directory");
  });

  test("a partial clone", async () => {
    const { root, around, git } = target();
    git("config", "uploadpack.allowFilter", "true");
    personsGit(around, "clone", "--quiet", "--filter=blob:none", `file://${root}`, "partial");
    expect(await wayOut(join(around, "partial"))).toContain("without `--filter`");
  });

  test("submodules, unless they may be empty", async () => {
    const { root, git } = target();
    git("update-index", "--add", "--cacheinfo", `160000,${git("rev-parse", "HEAD").trim()},vendor/lib`);
    git("commit", "--quiet", "--message=Add a submodule");
    expect(await wayOut(root)).toMatch(/vendor\/lib.*submodules: empty/);
    const inspection = await inspectRepository(root);
    expect(refusals(inspection, "empty")).toEqual([]);

    const { git: opened, close } = await openGit({ root, stateDir: join(root, ".millwright"), submodules: "empty" });
    const { tree } = (await opened.resolve("HEAD"))!;
    expect((await opened.list(tree)).find((entry) => entry.path === "vendor/lib")?.mode).toBe("160000");
    const { dir, dispose } = await opened.export(tree);
    expect(readdirSync(join(dir, "vendor/lib"))).toEqual([]);
    await dispose();
    await close();
  });

  test("a broken config, in git's own words", async () => {
    const { root, write } = target();
    write({ ".git/config": "[core\n" });
    expect(await wayOut(root)).toMatch(/cannot read the repository.*bad config line 1/);
  });

  test("a repository that brings a state folder along, and one that is a link", async () => {
    const { root, git, write } = target();
    write({ ".millwright/repo.git/config": '[core]\n\tfsmonitor = "touch marker"\n' });
    git("add", "--force", "--all");
    git("commit", "--quiet", "--message=Bring a git directory along");
    expect(await wayOut(root)).toContain("git rm -r --cached .millwright");

    const other = target();
    mkdirSync(join(other.around, "elsewhere"));
    writeFiles(other.root, { ".millwright/repo.git": { to: "../../elsewhere" } });
    expect(await wayOut(other.root)).toMatch(/repo.git is a link to another place/);
  });
});
