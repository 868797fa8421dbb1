import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { compiledSources } from "../../../../test/kit/compiled.ts";
import { personsGit, type TargetRepository, targetRepository } from "../../../../test/kit/target-repository.ts";
import { openGit } from "./open-git.ts";

/** A mill that lands and shows as fast as it can, until it is killed. */
const MILL = `
const [, , module, root, dir] = process.argv;
const { openGit } = await import(module);
const { git } = await openGit({ root, stateDir: root + "/.millwright", submodules: "refuse" });
const first = await git.resolve("HEAD");
let now = await git.resolve("loop/plan") ?? (await git.advance("loop/plan", undefined, first.commit), first);
process.stdout.write("ready\\n");
for (let at = 0; ; at++) {
  const layer = [];
  for (let file = 0; file < 40; file++) {
    layer.push({ path: "src/file" + file + ".txt", blob: await git.writeBlob(process.pid + " " + at + " " + file + "\\n"), mode: "100644" });
    if (file > 2) layer.at(-1).blob = layer[file % 3].blob;
  }
  const tree = await git.layOver(now.tree, layer);
  const commit = await git.commit({ tree, parents: [now.commit], message: "Round " + at, at });
  await git.keep("attempts/" + at, commit);
  await git.advance("loop/plan", now.commit, commit);
  await git.show(dir, commit);
  const { dispose } = await git.export(tree);
  await dispose();
  now = { commit, tree };
}
`;

const KILLS = 8;
let target: TargetRepository;
let module: string;

beforeAll(() => {
  module = pathToFileURL(join(compiledSources(), "adapters/git/system/open-git.js")).href;
}, 120_000);

beforeEach(() => {
  const files = Array.from({ length: 300 }, (_none, at): [string, string] => [`dir${at % 9}/file${at}.txt`, `${at}\n`]);
  target = targetRepository(Object.fromEntries(files));
});
afterEach(() => target.remove());

/** The git processes that a mill has started and that run now. */
function children(pid: number): readonly number[] {
  const listed = spawnSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" });
  return listed.stdout
    .split("\n")
    .map(Number)
    .filter((child) => child > 0);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended first.
  }
}

async function ready(mill: ChildProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let said = "";
    mill.stderr?.on("data", (chunk) => {
      said += chunk;
    });
    mill.stdout?.once("data", () => resolve());
    mill.once("close", () => reject(new Error(`the mill ended by itself: ${said}`)));
  });
}

/**
 * Starts a mill, lets it work for a while, and kills it with its git in the middle of whatever they do. It is stopped first: a
 * git that it began between a look at the processes and its end would go on beside the next mill.
 */
async function killedMill(script: string, dir: string, milliseconds: number): Promise<void> {
  const mill = spawn(process.execPath, [script, module, target.root, dir], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => mill.once("close", resolve));
  await ready(mill);
  await sleep(milliseconds);
  mill.kill("SIGSTOP");
  const gits = children(mill.pid!);
  kill(mill.pid!);
  for (const pid of gits) kill(pid);
  await ended;
}

test(`a mill that was killed ${KILLS} times leaves a sound repository that opens again`, {
  timeout: 240_000,
}, async () => {
  const script = join(target.around, "mill.mjs");
  const dir = join(target.around, "shown");
  writeFileSync(script, MILL);
  for (let at = 0; at < KILLS; at++) {
    await killedMill(script, dir, 35 + at * 33);
    target.git("fsck", "--full", "--strict");
    const rescued: string[] = [];
    const { git, close } = await openGit({
      root: target.root,
      stateDir: join(target.root, ".millwright"),
      submodules: "refuse",
      rescued: (ref) => rescued.push(ref),
    });
    const now = (await git.resolve("loop/plan"))!;
    const next = await git.commit({ tree: now.tree, parents: [now.commit], message: "After\n", at });
    expect(await git.advance("loop/plan", now.commit, next)).toBe(true);
    await git.show(dir, next);
    expect(personsGit(dir, "status", "--porcelain")).toBe("");
    expect(personsGit(dir, "rev-parse", "HEAD").trim()).toBe(next);
    // What the mill itself left half done is no edit of a person's.
    expect(rescued).toEqual([]);
    await close();
  }
  expect(target.git("status", "--porcelain")).toBe("");
  target.git("fsck", "--full", "--strict");
});

test("the locks of a killed mill on its own refs are cleared; a person's stay", async () => {
  const stateDir = join(target.root, ".millwright");
  const first = await openGit({ root: target.root, stateDir, submodules: "refuse" });
  const { commit, tree } = (await first.git.resolve("HEAD"))!;
  await first.git.advance("loop/plan", undefined, commit);
  await first.git.keep("attempts/1", commit);
  await first.close();
  const ours = ["refs/heads/loop/plan.lock", "refs/millwright/attempts/1.lock"].map((path) =>
    join(target.root, ".git", path),
  );
  const persons = ["index.lock", "HEAD.lock", "refs/heads/main.lock"].map((path) => join(target.root, ".git", path));
  for (const lock of [...ours, ...persons]) writeFileSync(lock, "left\n");

  const { git, close } = await openGit({ root: target.root, stateDir, submodules: "refuse" });
  expect(ours.map((lock) => existsSync(lock))).toEqual([false, false]);
  expect(persons.map((lock) => readFileSync(lock, "utf8"))).toEqual(["left\n", "left\n", "left\n"]);
  const next = await git.commit({ tree, parents: [commit], message: "Next\n", at: 1 });
  expect(await git.advance("loop/plan", commit, next)).toBe(true);
  await close();
  for (const lock of persons) rmSync(lock);
});

test("a git that was killed while it read is started again", async () => {
  const { git, close } = await openGit({
    root: target.root,
    stateDir: join(target.root, ".millwright"),
    submodules: "refuse",
  });
  const { tree } = (await git.resolve("HEAD"))!;
  expect(await git.read(tree, "dir1/file1.txt")).toBe("1\n");
  for (const pid of children(process.pid)) {
    const command = spawnSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" }).stdout;
    if (command.includes("cat-file --batch")) kill(pid);
  }
  await sleep(100);
  expect(await git.read(tree, "dir1/file1.txt")).toBe("1\n");
  await close();
});
