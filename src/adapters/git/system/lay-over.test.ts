import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { personsGit, type TargetRepository, targetRepository } from "../../../../test/kit/target-repository.ts";
import type { FileChange } from "../../../domain/work.ts";
import { type OpenedGit, openGit } from "./open-git.ts";

let target: TargetRepository;
let opened: OpenedGit;
let tree: string;
let blobs: readonly string[];

const FOLDERS = ["", "src/", "src/deep/er/", "src/deep/", "a b/", ".github/workflows/", "src-more/", "ünï/"];

beforeEach(async () => {
  const files = FOLDERS.flatMap((folder) => ["one.txt", "two.txt", "z"].map((name) => [`${folder}${name}`, name]));
  target = targetRepository(Object.fromEntries(files));
  opened = await openGit({ root: target.root, stateDir: join(target.root, ".millwright"), submodules: "refuse" });
  tree = (await opened.git.resolve("HEAD"))!.tree;
  blobs = await Promise.all(["new\n", "newer\n", ""].map((text) => opened.git.writeBlob(text)));
});
afterEach(async () => {
  await opened.close();
  target.remove();
});

/** The same layer, laid by a person's git through an index. */
function laidByHand(layer: readonly FileChange[], base = tree): string {
  const index = join(mkdtempSync(join(target.around, "index-")), "index");
  const run = (args: readonly string[], input = "") =>
    execFileSync("git", [...args], {
      cwd: target.root,
      input,
      encoding: "utf8",
      env: { ...process.env, GIT_INDEX_FILE: index },
    }).trim();
  run(["read-tree", base]);
  const lines = layer.map(({ path, blob, mode }) =>
    blob === null ? `0 ${"0".repeat(40)}\t${path}\0` : `${mode} ${blob}\t${path}\0`,
  );
  run(["update-index", "--add", "-z", "--index-info"], lines.join(""));
  return run(["write-tree"]);
}

/** A sequence that looks random and is the same each time. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * sides);
  };
}

function randomLayer(seed: number): readonly FileChange[] {
  const roll = dice(seed);
  const names = ["one.txt", "two.txt", "z", "three.txt", "four"];
  const changes = Array.from({ length: 1 + roll(9) }, (): FileChange => {
    const path = `${FOLDERS[roll(FOLDERS.length)]}${["", "", "fresh/"][roll(3)]}${names[roll(names.length)]}`;
    const mode = (["100644", "100755", "120000"] as const)[roll(3)]!;
    return { path, blob: roll(3) === 0 ? null : blobs[roll(blobs.length)]!, mode };
  });
  return [...new Map(changes.map((change) => [change.path, change])).values()];
}

test("a hundred layers give the trees that git's own index gives", async () => {
  for (let seed = 1; seed <= 100; seed += 1) {
    const layer = randomLayer(seed * 7919);
    expect(await opened.git.layOver(tree, layer), JSON.stringify(layer)).toBe(laidByHand(layer));
  }
});

test("a layer that deletes all leaves the empty tree", async () => {
  const layer = (await opened.git.list(tree)).map(({ path }): FileChange => ({ path, blob: null, mode: "100644" }));
  const empty = await opened.git.layOver(tree, layer);
  expect(empty).toBe(laidByHand(layer));
  expect(await opened.git.list(empty)).toEqual([]);
});

test("names that are no UTF-8 keep their bytes when a neighbour changes", async () => {
  const line = Buffer.concat([
    Buffer.from(`100644 blob ${blobs[0]}\t`),
    Buffer.from([0xff, 0x41, 0]),
    Buffer.from([0]),
  ]);
  const strange = execFileSync("git", ["mktree", "-z"], { cwd: target.root, input: line.subarray(0, -1) })
    .toString()
    .trim();
  const layer: FileChange[] = [{ path: "beside.txt", blob: blobs[1]!, mode: "100644" }];
  expect(await opened.git.layOver(strange, layer)).toBe(laidByHand(layer, strange));
});

describe("paths that git forbids", () => {
  test.each([
    ".git/config",
    "a/.GIT/x",
    "git~1/x",
    "a/../b",
    "./a",
    "a//b",
    "/a",
    ".git .",
    "a\\.git\\x",
    ".g\u200cit/x",
  ])("%j is never laid", async (path) => {
    const laying = opened.git.layOver(tree, [{ path, blob: blobs[0]!, mode: "100644" }]);
    await expect(laying).rejects.toMatchObject({ name: "StepFailure", code: "git-failed" });
  });

  test("a link in the place of .gitmodules is never laid", async () => {
    const laying = opened.git.layOver(tree, [{ path: ".gitmodules", blob: blobs[0]!, mode: "120000" }]);
    await expect(laying).rejects.toMatchObject({ name: "StepFailure" });
  });
});

test("listings and changes are those of git's own programs", async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const to = await opened.git.layOver(tree, randomLayer(seed * 104_729));
    const listed = personsGit(target.root, "ls-tree", "-r", "-z", to).split("\0").slice(0, -1);
    expect((await opened.git.list(to)).map(({ path, blob, mode }) => `${mode} blob ${blob}\t${path}`)).toEqual(listed);
    const fields = personsGit(target.root, "diff-tree", "-r", "-z", "--raw", "--no-renames", tree, to).split("\0");
    const seen = (await opened.git.changes(tree, to)).map((change) => [
      change.path,
      change.status[0]?.toUpperCase(),
      change.mode,
      change.before ?? "0".repeat(40),
      change.blob ?? "0".repeat(40),
    ]);
    const wanted = fields.slice(0, -1).flatMap((field, at) => {
      if (at % 2 === 1) return [];
      const [, mode, before, after, letter] = field.split(" ");
      return [[fields[at + 1], letter, mode, before, after]];
    });
    expect(seen).toEqual(wanted);
  }
});

test("a commit has the id that git's own program gives it", async () => {
  const head = (await opened.git.resolve("HEAD"))!.commit;
  for (const message of ["Subject\n\nBody with ünï\n", "no line end", "", "\n\nlead", "# hash\n"]) {
    const person = ["Millwright", "millwright@localhost", "@1700000000 +0000"];
    const env = Object.fromEntries(
      ["AUTHOR", "COMMITTER"].flatMap((who) =>
        ["NAME", "EMAIL", "DATE"].map((what, at) => [`GIT_${who}_${what}`, person[at]!]),
      ),
    );
    const args = ["commit-tree", tree, "-p", head, "-F", "-"];
    const wanted = execFileSync("git", args, { cwd: target.root, input: message, env: { ...process.env, ...env } });
    const written = await opened.git.commit({ tree, parents: [head], message, at: 1_700_000_000 });
    expect(written, JSON.stringify(message)).toBe(wanted.toString().trim());
  }
});

test("a commit of what is not there is refused", async () => {
  const none = "1".repeat(40);
  const head = (await opened.git.resolve("HEAD"))!.commit;
  const about = { message: "x\n", at: 1 };
  await expect(opened.git.commit({ tree: none, parents: [head], ...about })).rejects.toThrow(/missing tree/);
  await expect(opened.git.commit({ tree, parents: [none], ...about })).rejects.toThrow(/missing commit/);
  const missing: FileChange[] = [{ path: "x", blob: none, mode: "100644" }];
  await expect(opened.git.layOver(tree, missing)).rejects.toMatchObject({ code: "git-failed" });
});
