/**
 * Kills survived of kills tried. It is the sweep of test/crash, counted: a mill in a process of its own is killed
 * (SIGKILL) before and after every write of its journal and inside of its steps, and resumed until it is done. A kill is
 * survived when the run came out as if nothing had happened: the same commits to the byte, the same facts and story,
 * nothing that had finished done again, nobody left running, the person's checkout untouched.
 *
 *   node bench/crash.mjs
 *
 * where,points,kills tried,kills survived
 *
 * A write of the journal is one point and two kills. All kills of a run that came out wrong count as not survived.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../scripts/house.mjs";

const folder = mkdtempSync(join(tmpdir(), "millwright-bench-crash-"));
const file = join(folder, "rows.csv");
const vitest = join(root, "node_modules/vitest/vitest.mjs");
spawnSync(process.execPath, [vitest, "run", "test/crash"], {
  cwd: root,
  env: { ...process.env, MILLWRIGHT_TESTS: "all", MILLWRIGHT_CRASH_CSV: file },
  stdio: ["ignore", 2, 2],
});
if (existsSync(file)) console.log(`where,points,kills tried,kills survived\n${readFileSync(file, "utf8").trimEnd()}`);
else process.exitCode = 1;
rmSync(folder, { recursive: true, force: true });
