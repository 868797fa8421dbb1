import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { available } from "../../../../test/kit/available.ts";
import { compiledSources } from "../../../../test/kit/compiled.ts";
import { type TargetRepository, targetRepository } from "../../../../test/kit/target-repository.ts";
import { gitFailure } from "./git-failure.ts";

/** A mill on a small or read-only disk: it answers what the failure says, and whether what was there is still read. */
const MILL = `
const [, , module, root] = process.argv;
const { openGit } = await import(module);
const { randomBytes } = await import("node:crypto");
const answer = (failure) => { console.log(JSON.stringify({ name: failure.name, code: failure.code, remedy: failure.remedy, message: failure.message, hint: failure.hint })); };
try {
  const { git } = await openGit({ root, stateDir: root + "/.millwright", submodules: "refuse" });
  try {
    for (let at = 0; at < 100; at++) await git.writeBlob(randomBytes(500_000).toString("hex"));
  } catch (failure) { answer(failure); }
  const { tree } = await git.resolve("HEAD");
  console.log(await git.read(tree, "a.txt"));
} catch (failure) { answer(failure); }
process.exit(0);
`;

const BUBBLEWRAP = "bwrap";
const TEMPORARY = ["--tmpfs", "/var/tmp", "--setenv", "TMPDIR", "/var/tmp"];

let target: TargetRepository;
let script: string;
let module: string;

beforeAll(() => {
  module = pathToFileURL(join(compiledSources(), "adapters/git/system/open-git.js")).href;
}, 120_000);
beforeEach(() => {
  target = targetRepository({ "a.txt": "still there\n" });
  script = join(target.around, "mill.mjs");
  writeFileSync(script, MILL);
});
afterEach(() => target.remove());

function inside(binds: readonly string[], root: string): string {
  const args = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", ...binds];
  const ran = spawnSync(BUBBLEWRAP, [...args, process.execPath, script, module, root], { encoding: "utf8" });
  return ran.stdout + ran.stderr;
}

test("a full disk is said to be one, and what was written before is still read", (context) => {
  if (!available.bwrap) context.skip("bubblewrap is not installed");
  const small = join(target.around, "small");
  mkdirSync(small);
  const copy = ["cp", "-r", target.root, join(small, "repo")];
  const line = `${copy.map((part) => `'${part}'`).join(" ")} && exec '${process.execPath}' '${script}' '${module}' '${small}/repo'`;
  const mounts = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--bind", target.around, target.around];
  const ran = spawnSync(
    BUBBLEWRAP,
    [...mounts, "--size", "8000000", "--tmpfs", small, ...TEMPORARY, "sh", "-c", line],
    {
      encoding: "utf8",
    },
  );
  const [failure, text] = ran.stdout.split("\n");
  expect(JSON.parse(failure!), ran.stderr).toMatchObject({ name: "StepFailure", code: "disk-full", remedy: "ask" });
  expect(text).toBe("still there");
});

test("a read-only folder is said to be one", (context) => {
  if (!available.bwrap) context.skip("bubblewrap is not installed");
  const answer = JSON.parse(inside(TEMPORARY, target.root).split("\n")[0]!);
  expect(answer, answer.message).toMatchObject({
    name: "StepFailure",
    code: "git-failed",
    hint: expect.stringContaining("read-only"),
  });
});

test("a read-only object store is said to be one, and reading goes on", (context) => {
  if (!available.bwrap) context.skip("bubblewrap is not installed");
  const state = join(target.root, ".millwright");
  writeFileSync(join(target.around, "keep"), "");
  target.write({ ".millwright/.gitignore": "*\n" });
  const binds = ["--bind", state, state, ...TEMPORARY];
  const [failure, text] = inside(binds, target.root).split("\n");
  expect(JSON.parse(failure!)).toMatchObject({ code: "git-failed", hint: expect.stringContaining("read-only") });
  expect(text).toBe("still there");
});

test.each([
  ["fatal: write error: No space left on device", "disk-full", "ask"],
  ["error: file write error: Disk quota exceeded", "disk-full", "ask"],
  ["error: insufficient permission for adding an object to repository database", "git-failed", "ask"],
  ["fatal: Unable to create '/r/.git/refs/heads/loop/p.lock': File exists.", "git-failed", "retry"],
  ["error: object file .git/objects/ab/cd is empty\nfatal: loose object abcd is corrupt", "git-failed", "stop"],
  ["something new", "git-failed", "ask"],
])("%j is %s, and the failure says what to do", (said, code, remedy) => {
  const failure = gitFailure("git write-tree", said);
  expect(failure).toMatchObject({ code, remedy });
  expect(failure.hint.length).toBeGreaterThan(20);
  expect(failure.message).toContain(said);
});
