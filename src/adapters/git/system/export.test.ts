import { execFileSync } from "node:child_process";
import {
  chmodSync,
  type Dirent,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { personsGit, type TargetRepository, targetRepository } from "../../../../test/kit/target-repository.ts";
import type { FileChange } from "../../../domain/work.ts";
import { type OpenedGit, openGit } from "./open-git.ts";

let target: TargetRepository;
let opened: OpenedGit;
let tree: string;
let fixed: string;

async function open(fixedExport?: string): Promise<OpenedGit> {
  return await openGit({
    root: target.root,
    stateDir: join(target.root, ".millwright"),
    submodules: "refuse",
    fixedExport,
  });
}

beforeEach(async () => {
  target = targetRepository({ "a.txt": "a\n", "dir/b.txt": "b\n" });
  fixed = join(target.around, "fixed");
  opened = await open();
  tree = (await opened.git.resolve("HEAD"))!.tree;
});
afterEach(async () => {
  await opened.close();
  target.remove();
});

describe("fresh exports", () => {
  test("are each in a folder of their own that no other user can look into, outside the repository", async () => {
    const all = await Promise.all([1, 2, 3].map(() => opened.git.export(tree)));
    expect(new Set(all.map(({ dir }) => dir)).size).toBe(3);
    for (const { dir, dispose } of all) {
      expect(dir.startsWith(target.root)).toBe(false);
      expect(statSync(dirname(dir)).mode & 0o077).toBe(0);
      await dispose();
      expect(existsSync(dir)).toBe(false);
    }
    await opened.close();
    expect(all.some(({ dir }) => existsSync(dirname(dir)))).toBe(false);
  });

  test("are removed with what a test left there, read-only folders and links out included", async () => {
    const { dir, dispose } = await opened.git.export(tree);
    const precious = join(target.around, "precious");
    mkdirSync(precious);
    writeFileSync(join(precious, "file"), "stays\n");
    symlinkSync(precious, join(dir, "way-out"));
    chmodSync(join(dir, "dir"), 0o555);
    chmodSync(dir, 0o555);
    await dispose();
    expect(existsSync(dir)).toBe(false);
    expect(readFileSync(join(precious, "file"), "utf8")).toBe("stays\n");
  });

  test("of a dead process are cleared when the repository is opened again; those of a live one stay", async () => {
    const { dir, dispose } = await opened.git.export(tree);
    const dead = join(dirname(dir), "999999999-dead");
    const scratch = join(target.root, ".millwright/repo.git/scratch/999999999-dead");
    for (const left of [dead, scratch]) mkdirSync(left);
    const again = await open();
    expect([dead, scratch, dir].map((path) => existsSync(path))).toEqual([false, false, true]);
    await again.close();
    await dispose();
  });

  test("follow no link that a tree puts in the way of its own files", async () => {
    const outside = join(target.around, "outside");
    mkdirSync(outside);
    const link = await opened.git.writeBlob(outside);
    const linked = await opened.git.layOver(tree, [{ path: "way", blob: link, mode: "120000" }]);
    const { dir, dispose } = await opened.git.export(linked);
    expect(lstatSync(join(dir, "way")).isSymbolicLink()).toBe(true);
    const inside = [{ path: "way/in.txt", blob: link, mode: "100644" as const }];
    await expect(opened.git.layOver(linked, inside)).rejects.toMatchObject({ code: "git-failed" });
    expect(readdirSync(outside)).toEqual([]);
    await dispose();
  });

  test("leave nothing behind when the tree is not there", async () => {
    await expect(opened.git.export("1".repeat(40))).rejects.toMatchObject({ code: "git-failed" });
    await expect(opened.git.export("--help")).rejects.toThrow(/not an object id/);
  });
});

describe("one export after the other", () => {
  const FIRST = {
    "a.txt": "a\n",
    "dir/b.txt": "b\n",
    "dir/deep/er/c": "c\n",
    run: { run: "#!/bin/sh\n" },
    "src/x": "x",
  };
  const LAYERS: readonly (readonly [path: string, text: string | null, mode: FileChange["mode"]])[][] = [
    [["a.txt", "changed\n", "100644"]],
    [["dir/deep/er/c", null, "100644"]],
    [["new/folder/file", "new\n", "100755"]],
    [["a.txt", "dir/b.txt", "120000"]],
    [
      ["run", "#!/bin/sh\n", "100644"],
      ["src/x", "x", "100755"],
    ],
    [
      ["src", "a file now\n", "100644"],
      ["src/x", null, "100644"],
    ],
    [
      ["a.txt", null, "100644"],
      ["a.txt/inside", "a folder now\n", "100644"],
    ],
    [
      [".github/ci.yml", "on: push\n", "100644"],
      ["ünï ☃", "name\n", "100644"],
    ],
    [],
  ];

  /** Every entry with its kind, its rights and what it holds. */
  function look(dir: string): readonly string[] {
    return readdirSync(dir, { recursive: true, withFileTypes: true })
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        const { mode } = lstatSync(path);
        return `${path.slice(dir.length)} ${mode.toString(8)} ${heldBy(entry, path)}`;
      })
      .sort();
  }

  function heldBy(entry: Dirent, path: string): string {
    if (entry.isSymbolicLink()) return readlinkSync(path);
    return entry.isFile() ? readFileSync(path, "utf8") : "";
  }

  test.each(["fresh", "fixed"])(
    "each is what git itself writes, whatever was done to the one before (%s)",
    async (kind) => {
      await opened.close();
      target.remove();
      target = targetRepository(FIRST);
      fixed = join(target.around, "fixed");
      opened = await open(kind === "fixed" ? fixed : undefined);
      tree = (await opened.git.resolve("HEAD"))!.tree;
      for (const [round, changes] of [...LAYERS, ...LAYERS].entries()) {
        const layer = await Promise.all(
          changes.map(async ([path, text, mode]) => ({
            path,
            blob: text === null ? null : await opened.git.writeBlob(text),
            mode,
          })),
        );
        const wanted = await opened.git.layOver(tree, layer);
        const { dir, dispose } = await opened.git.export(wanted);
        const byGit = join(target.around, `by-git-${round}`);
        mkdirSync(byGit);
        personsGit(target.root, `--work-tree=${byGit}`, "read-tree", `--index-output=${byGit}.index`, wanted);
        const env = { ...process.env, GIT_INDEX_FILE: `${byGit}.index` };
        execFileSync("git", [`--work-tree=${byGit}`, "checkout-index", "-a", "-f"], { cwd: target.root, env });
        expect(look(dir)).toEqual(look(byGit));
        writeFileSync(join(dir, "run"), "tampered\n");
        mkdirSync(join(dir, "__pycache__"));
        writeFileSync(join(dir, "__pycache__/a.pyc"), "stale\n");
        await dispose();
        expect(existsSync(dir)).toBe(false);
      }
    },
  );

  test("leave nothing behind when the mill closes while the next is being made", async () => {
    const { dir, dispose } = await opened.git.export(tree);
    await dispose();
    await opened.close();
    expect(existsSync(dirname(dir))).toBe(false);
  });
});

describe("one fixed folder", () => {
  test("is emptied before each export, and serves one at a time in the order of asking", async () => {
    await opened.close();
    opened = await open(fixed);
    const second = await opened.git.layOver(tree, [
      { path: "a.txt", blob: await opened.git.writeBlob("2\n"), mode: "100644" },
    ]);
    const one = await opened.git.export(tree);
    writeFileSync(join(one.dir, "left.pyc"), "stale\n");
    let served = false;
    const waiting = opened.git.export(second).then((two) => {
      served = true;
      return two;
    });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(served).toBe(false);
    await Promise.all([one.dispose(), one.dispose()]);
    const two = await waiting;
    expect(two.dir).toBe(one.dir);
    expect(readdirSync(two.dir).sort()).toEqual(["a.txt", "dir"]);
    expect(readFileSync(join(two.dir, "a.txt"), "utf8")).toBe("2\n");
    await two.dispose();
  });

  test("goes on after an export that failed", async () => {
    await opened.close();
    opened = await open(fixed);
    await expect(opened.git.export("1".repeat(40))).rejects.toMatchObject({ code: "git-failed" });
    await (await opened.git.export(tree)).dispose();
  });

  test("that holds somebody's files is refused and left alone; what a killed mill left there is emptied", async () => {
    mkdirSync(fixed);
    writeFileSync(join(fixed, "precious"), "mine\n");
    await expect(open(fixed)).rejects.toMatchObject({
      code: "environment",
      hint: expect.stringContaining("another folder"),
    });
    expect(readFileSync(join(fixed, "precious"), "utf8")).toBe("mine\n");

    const other = join(target.around, "other");
    const killed = await open(other);
    await killed.git.export(tree);
    await killed.close();
    const next = await open(other);
    const { dir, dispose } = await next.git.export(tree);
    expect(readdirSync(dir).sort()).toEqual(["a.txt", "dir"]);
    await dispose();
    await next.close();
  });
});
