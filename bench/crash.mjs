/**
 * Kills survived of kills tried, as CSV on standard output: where, points, kills_tried, kills_survived. It is
 * the sweep of test/crash, counted: a mill in a process of its own is killed (SIGKILL) before and after every write of
 * its journal and inside of its steps, and resumed until it is done. A kill is survived when the run came out as if
 * nothing had happened: same commits, same facts, same story, nothing that had finished done again, nobody left running,
 * the person's checkout untouched. A write is one point and
 * two kills, one before it and one after it.
 *
 *   node bench/crash.mjs > bench/results/crash.csv
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, loadavg, release, tmpdir, totalmem, type } from "node:os";
import { join } from "node:path";
import { root } from "../scripts/house.mjs";

const folder = mkdtempSync(join(tmpdir(), "millwright-bench-crash-"));
const file = join(folder, "rows.csv");
const started = performance.now();
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const ran = spawnSync(process.execPath, [vitest, "run", "test/crash"], {
  cwd: root,
  env: { ...process.env, MILLWRIGHT_TESTS: "all", MILLWRIGHT_CRASH_CSV: file },
  stdio: ["ignore", 2, 2],
});
const seconds = Math.round((performance.now() - started) / 1000);
const gigabytes = Math.round(totalmem() / 2 ** 30);
const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}; ${gigabytes} GB; ${type()} ${release()}; Node ${process.version}; load ${loadavg()[0].toFixed(1)}`;
console.log("where,points,kills_tried,kills_survived");
process.stdout.write(readFileSync(file, "utf8"));
console.log(`# ${seconds} s in all, on ${machine}`);
rmSync(folder, { recursive: true, force: true });
process.exitCode = ran.status ?? 1;
