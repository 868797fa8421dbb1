/**
 * Runs the tests offline: without any key of the environment, so that no test can spend money by accident.
 * `npm test -- src/domain` narrows, `npm test -- --slow` (or MILLWRIGHT_TESTS=all) adds the crash and end-to-end tests.
 * What was not run is named with its reason; the last line, alone, is `N passed, N failed`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesUnder, root } from "./house.mjs";

const SECRET = /(_API_KEY|_TOKEN|_SECRET)$/i;
const SLOW = /^test\/(crash|e2e)\//;
const LIVE = /^test\/live\//;

const narrowed = process.argv.slice(2).filter((argument) => argument !== "--slow");
const slow = process.argv.includes("--slow") || process.env.MILLWRIGHT_TESTS === "all";
const reports = mkdtempSync(join(tmpdir(), "millwright-tests-"));
const reportFile = join(reports, "report.json");
const skippedFile = join(reports, "skipped.json");

function environment() {
  const scrubbed = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SECRET.test(name)));
  delete scrubbed.FORCE_COLOR;
  delete scrubbed.MILLWRIGHT_TESTS;
  const wanted = slow ? { MILLWRIGHT_TESTS: "all" } : {};
  return { ...scrubbed, ...wanted, NO_COLOR: "1", MILLWRIGHT_SKIPPED_REPORT: skippedFile };
}

function runVitest() {
  const reporters = ["--reporter=default", "--reporter=json", "--reporter=./scripts/skipped-reporter.mjs"];
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const args = [vitest, "run", ...reporters, `--outputFile.json=${reportFile}`, ...narrowed];
  return spawnSync(process.execPath, args, { cwd: root, env: environment(), stdio: "inherit" });
}

const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined);

/** Tests counted; a file that did not load, and a run that failed with no failed test, each count as one failure. */
function count(report, status) {
  if (report === undefined) return { passed: 0, failed: 1, why: "vitest left no report" };
  const unloaded = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  const passed = report.numPassedTests;
  const failed = report.numFailedTests + unloaded.length;
  if (status === 0 || failed > 0) return { passed, failed };
  const none = report.numTotalTests === 0 ? "no test was found" : "vitest failed outside of every test";
  return { passed, failed: 1, why: none };
}

/** What a reader might believe was run, and was not. */
function notRun() {
  const skipped = (read(skippedFile) ?? []).map(({ file, name, why }) => `${file} > ${name}: ${why}`);
  const tests = filesUnder("test").filter((path) => path.endsWith(".test.ts"));
  const dear = tests.filter((path) => LIVE.test(path)).map((path) => `${path}: calls real models; only by hand`);
  const patient = tests.filter((path) => !slow && SLOW.test(path)).map((path) => `${path}: slow; npm test -- --slow`);
  return narrowed.length > 0
    ? [...skipped, `everything outside ${narrowed.join(" ")}`]
    : [...skipped, ...patient, ...dear];
}

const { status, signal } = runVitest();
const { passed, failed, why } = count(read(reportFile), status);
const left = notRun();
rmSync(reports, { recursive: true, force: true });

if (left.length > 0) console.log(`Not run (${left.length}):\n${left.map((line) => `  ${line}`).join("\n")}`);
if (signal) console.log(`vitest was ended by ${signal}`);
if (why) console.log(`Counted as one failure: ${why}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = status === 0 && failed === 0 ? 0 : 1;
