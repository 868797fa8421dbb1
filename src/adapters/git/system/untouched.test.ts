import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { personsGit, targetRepository } from "../../../../test/kit/target-repository.ts";
import { openGit } from "./open-git.ts";

/** Every file of a folder with its digest, mode and time of change; the state folder and given paths left out. */
function imprint(root: string, without: readonly string[]): Record<string, string> {
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
    (path) => !without.some((left) => path === left || path.startsWith(`${left}/`)),
  );
  const seen = paths.map((path): [string, string] => {
    const stat = lstatSync(join(root, path));
    if (stat.isDirectory()) return [path, "folder"];
    const content = stat.isSymbolicLink() ? readlinkSync(join(root, path)) : readFileSync(join(root, path));
    return [path, `${createHash("sha256").update(content).digest("hex")} ${stat.mode} ${stat.mtimeMs}`];
  });
  return Object.fromEntries(seen);
}

/** Where landing may write: objects, our two kinds of refs, and their logs. */
const OURS = [
  ".millwright",
  ".git/objects",
  ".git/refs/heads/loop",
  ".git/refs/millwright",
  ".git/logs/refs/heads/loop",
];

test.each(["main", "detached"])(
  "landing leaves checkout, index, HEAD and branches as they were, byte for byte (%s)",
  async (head) => {
    const target = targetRepository({ "a.txt": "a\n", "run.sh": { run: "#!/bin/sh\n" }, link: { to: "a.txt" } });
    if (head === "detached") target.git("switch", "--quiet", "--detach");
    target.write({ "a.txt": "dirty\n", "staged.txt": "staged\n", "untracked.txt": "x\n" });
    target.git("add", "staged.txt");
    writeFileSync(join(target.root, ".git/index.lock"), "a person's git is at work\n");
    const before = imprint(target.root, OURS);

    const { git, inspection, close } = await openGit({
      root: target.root,
      stateDir: join(target.root, ".millwright"),
      submodules: "refuse",
    });
    expect(inspection.dirty).toEqual(["staged.txt", "a.txt", "untracked.txt"].sort());
    const base = (await git.resolve("HEAD"))!;
    const blob = await git.writeBlob("landed\n");
    const tree = await git.layOver(base.tree, [{ path: "a.txt", blob, mode: "100644" }]);
    const commit = await git.commit({ tree, parents: [base.commit], message: "Land\n", at: 1 });
    await git.keep("attempts/1", commit);
    expect(await git.advance("loop/plan", undefined, commit)).toBe(true);
    await git.show(join(target.around, "loop-plan"), commit);
    await (await git.export(tree)).dispose();
    await close();

    expect(imprint(target.root, OURS)).toEqual(before);
    expect(target.git("rev-parse", "loop/plan^{tree}").trim()).toBe(tree);
    target.remove();
  },
);

test("the state folder does not show up in a person's status", async () => {
  const target = targetRepository({ "a.txt": "a\n" });
  const { close } = await openGit({
    root: target.root,
    stateDir: join(target.root, ".millwright"),
    submodules: "refuse",
  });
  expect(target.git("status", "--porcelain")).toBe("");
  await close();
  target.remove();
});

test("a branch called loop stands in the way, and the failure says so", async () => {
  const target = targetRepository({ "a.txt": "a\n" });
  target.git("branch", "loop");
  const { git, close } = await openGit({
    root: target.root,
    stateDir: join(target.root, ".millwright"),
    submodules: "refuse",
  });
  const { commit } = (await git.resolve("HEAD"))!;
  await expect(git.advance("loop/plan", undefined, commit)).rejects.toMatchObject({
    code: "git-failed",
    hint: expect.stringContaining("git branch -m"),
  });
  await close();
  target.remove();
});

test("a branch that another worktree has checked out is not moved there either", async () => {
  const target = targetRepository({ "a.txt": "a\n" });
  mkdirSync(join(target.around, "other"));
  target.git("worktree", "add", "--quiet", "-b", "loop/plan", join(target.around, "other"));
  const { git, close } = await openGit({
    root: target.root,
    stateDir: join(target.root, ".millwright"),
    submodules: "refuse",
  });
  const { commit, tree } = (await git.resolve("loop/plan"))!;
  const next = await git.commit({ tree, parents: [commit], message: "Next\n", at: 1 });
  await expect(git.advance("loop/plan", commit, next)).rejects.toThrow(/checked out in .*other/);
  personsGit(join(target.around, "other"), "switch", "--quiet", "--detach");
  expect(await git.advance("loop/plan", commit, next)).toBe(true);
  await close();
  target.remove();
});
