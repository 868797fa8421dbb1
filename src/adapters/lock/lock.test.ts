import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, expect, test } from "vitest";
import { compiledSources } from "../../../test/kit/compiled.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import { systemClock } from "../clock/system.ts";
import { acquireLock } from "./lock.ts";

const clock = systemClock();
const folders: string[] = [];
const children: ChildProcess[] = [];
const freshFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), "lock-"));
  folders.push(folder);
  return folder;
};
const command = "millwright run specs/x.md";
const failureOf = async (folder: string): Promise<StepFailure> => {
  try {
    (await acquireLock(folder, { command }, clock)).release();
  } catch (error) {
    if (error instanceof StepFailure) return error;
    throw error;
  }
  throw new Error("the lock was free");
};

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Another process that holds the lock, with a grandchild that outlives it. */
async function otherOwner(folder: string): Promise<ChildProcess> {
  const module = (path: string) => JSON.stringify(pathToFileURL(join(compiledSources(), path)).href);
  const script = join(freshFolder(), "owner.mjs");
  writeFileSync(
    script,
    `import { spawn } from "node:child_process";
     import { acquireLock } from ${module("adapters/lock/lock.js")};
     import { systemClock } from ${module("adapters/clock/system.js")};
     await acquireLock(${JSON.stringify(folder)}, { command: ${JSON.stringify(command)} }, systemClock());
     spawn("sleep", ["5"], { detached: true, stdio: "ignore" }).unref();
     process.stdout.write("locked\\n");
     setInterval(() => {}, 1000);`,
  );
  const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  await once(child.stdout, "data");
  return child;
}

test("a second process is told who has the lock and what to do", async () => {
  const folder = freshFolder();
  const owner = await otherOwner(folder);
  const failure = await failureOf(folder);
  expect(failure.code).toBe("environment");
  expect(failure.message).toContain(`process ${owner.pid} (millwright run specs/x.md, since 20`);
  expect(failure.hint).toContain(`kill -INT ${owner.pid}`);
});

test("kill -9 frees the lock at once, although a grandchild lives on", async () => {
  const folder = freshFolder();
  const owner = await otherOwner(folder);
  owner.kill("SIGKILL");
  await once(owner, "exit");
  const before = performance.now();
  const lock = await acquireLock(folder, { command }, clock);
  expect(performance.now() - before).toBeLessThan(500);
  lock.release();
});

test("released, it can be taken again; twice released is released", async () => {
  const folder = freshFolder();
  const lock = await acquireLock(folder, { command }, clock);
  const failure = await failureOf(folder);
  expect(failure.message).toContain(`process ${process.pid}`);
  lock.release();
  lock.release();
  (await acquireLock(folder, { command }, clock)).release();
});

test("a dead owner's name is not blamed", async () => {
  const folder = freshFolder();
  const owner = await otherOwner(folder);
  writeFileSync(join(folder, "lock.json"), JSON.stringify({ pid: 2 ** 22 + 1, startedAt: "x", command: "old" }));
  const failure = await failureOf(folder);
  expect(failure.message).toContain("another process");
  owner.kill("SIGKILL");
  await once(owner, "exit");
  (await acquireLock(folder, { command }, clock)).release();
});

test("a folder that cannot be made is an environment failure", async () => {
  const folder = freshFolder();
  writeFileSync(join(folder, "state"), "");
  expect(await failureOf(join(folder, "state"))).toMatchObject({ code: "environment", message: /cannot be taken/ });
});
