import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { clearRunFolders, makeRunFolder } from "./run-folder.ts";

test("what a killed process left is removed, also when its tests had locked it; a living one's and another machine's stay", async () => {
  const { pid } = spawnSync("true");
  const own = await makeRunFolder();
  const dead = (await makeRunFolder()).replace(`-${process.pid}-`, `-${pid}-`);
  renameSync(dead.replace(`-${pid}-`, `-${process.pid}-`), dead);
  mkdirSync(join(dead, "report/locked"), { recursive: true });
  writeFileSync(join(dead, "report/locked/file"), "");
  chmodSync(join(dead, "report/locked"), 0o500);
  const elsewhere = dead.replace(/-run-[0-9a-f]+-/, "-run-zzzzzz-");
  mkdirSync(elsewhere);

  await clearRunFolders();
  expect([own, dead, elsewhere].map((path) => existsSync(path))).toEqual([true, false, true]);
  for (const path of [own, elsewhere]) rmSync(path, { recursive: true });
});
