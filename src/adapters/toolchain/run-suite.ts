import { rm } from "node:fs/promises";
import { join, posix } from "node:path";
import type { Config } from "../../domain/config.ts";
import type { SandboxResult } from "../../domain/sandbox-job.ts";
import type { SuiteReport } from "../../domain/suite-report.ts";
import type { Sandbox } from "../../engine/ports.ts";
import type { Checkout } from "./checkout.ts";
import { collects, fileOfId, type SuiteChoice } from "./choose-suites.ts";
import { foldRecords, type Told } from "./fold-records.ts";
import { insideText } from "./inside.ts";
import { type ReportContext, readJunit } from "./junit.ts";
import { readOutside } from "./outside-text.ts";
import { plainText, tailOf } from "./plain-text.ts";
import { readRecords } from "./records.ts";
import { inside, runEnvironment, runLimits } from "./run-environment.ts";
import type { Launch } from "./runner.ts";
import { cannotRun, cannotStart, errorFromOutput, lacksRunner } from "./runner-failure.ts";
import { jestMilliseconds } from "./runner-settings.ts";
import { RUNNER_ADAPTERS } from "./runners.ts";
import { changedTests, marksOf } from "./steady-files.ts";
import { readTap } from "./tap.ts";

export interface SuiteRun {
  readonly config: Config;
  readonly sandbox: Sandbox;
  readonly checkout: Checkout;
  /** Every file of the tree. */
  readonly paths: ReadonlySet<string>;
  readonly python: string;
  readonly seconds: number;
  /** Multiplies the limit that the runner itself sets for one test. */
  readonly patience: 1 | 2;
  readonly signal: AbortSignal | undefined;
}

const OUTPUT_LIMIT = 8000;
const REPORT_MEGABYTES = 64;

/** Runs one suite in the checkout and reads what its reporter left; says which test files were written meanwhile. */
export async function runSuite(choice: SuiteChoice, run: SuiteRun): Promise<SuiteReport> {
  const before = await marksOf(run.checkout.dir, choice, run.paths);
  const report = await reportedSuite(choice, run);
  const changed = changedTests(before, await marksOf(run.checkout.dir, choice, run.paths));
  return changed.length === 0 ? report : { ...report, errors: [...report.errors, ...changed] };
}

async function reportedSuite(choice: SuiteChoice, run: SuiteRun): Promise<SuiteReport> {
  const { suite } = choice;
  const adapter = RUNNER_ADAPTERS[suite.runner];
  if (adapter === undefined) return runCommand(choice, run);
  const files = adapter.needsFiles ? (choice.files ?? collected(choice, run.paths)) : choice.files;
  if (files?.length === 0) return empty(choice, run);
  const titles = titlesOf(choice, run.paths);
  const { reporters, scratch, report } = run.checkout;
  const testMilliseconds = await patientJest(choice, run);
  const launch = adapter.launch({ suite, reporters, scratch, files, titles, testMilliseconds, python: run.python });
  const key = await run.checkout.newKey();
  const env = { ...launch.env, MILLWRIGHT_REPORT: report, MILLWRIGHT_PATIENCE: String(run.patience) };
  const result = await start(choice, { ...launch, env }, run);
  const left = await readOutside(
    run.checkout.reportDir,
    join(run.checkout.reportDir, "records.jsonl"),
    REPORT_MEGABYTES,
  );
  const records = readRecords(left.kind === "text" ? left.text : "", key);
  const [first] = records.records;
  if (first?.kind !== "start") assertStarted(choice, result);
  const told = foldRecords(records, run.checkout.ground, result.ended);
  const refused = left.kind === "refused" ? [{ kind: "error" as const, message: `The report ${left.why}.` }] : [];
  const runner = first?.kind === "start" ? `${first.runner} ${first.version ?? ""}`.trim() : suite.runner;
  const cases = choice.ids
    ? told.cases.filter((one) => one.outcome !== "skipped" || choice.ids?.includes(one.id))
    : told.cases;
  return reportOf({ ...told, cases, errors: [...told.errors, ...refused] }, result, run, runner);
}

/** Jest's settings are frozen when its reporter sees them: it takes a longer limit on its command line only. */
async function patientJest({ suite }: SuiteChoice, { checkout, patience }: SuiteRun): Promise<number | undefined> {
  if (suite.runner !== "jest" || patience === 1) return undefined;
  const usual = await jestMilliseconds(join(checkout.dir, suite.dir));
  return usual === undefined ? undefined : usual * patience;
}

function collected(choice: SuiteChoice, paths: ReadonlySet<string>): readonly string[] {
  return [...paths]
    .filter((path) => collects(choice.profile, path) && !path.split("/").includes("node_modules"))
    .map((path) => posix.relative(choice.suite.dir, path))
    .sort();
}

/** Suites and names of the chosen ids; the ordinal of a duplicate cannot be asked for. */
function titlesOf(choice: SuiteChoice, paths: ReadonlySet<string>): readonly (readonly string[])[] | undefined {
  return choice.ids
    ?.filter((id) => choice.files?.includes(posix.relative(choice.suite.dir, fileOfId(id, paths))))
    .map((id) =>
      id
        .slice(fileOfId(id, paths).length + " > ".length)
        .replace(/ #\d+$/, "")
        .split(" > "),
    );
}

async function start(choice: SuiteChoice, launch: Launch, run: SuiteRun): Promise<SandboxResult> {
  const { root, scratch, mounts } = run.checkout;
  const environment = runEnvironment({ root, dir: choice.suite.dir, scratch });
  return run.sandbox.run(
    {
      argv: ["sh", "-c", `${launch.command} "$@"`, "sh", ...launch.flags],
      cwd: inside(root, choice.suite.dir),
      mounts,
      env: { ...environment, ...launch.env },
      network: false,
      limits: runLimits(run.config, run.seconds),
    },
    run.signal,
  );
}

/** Before any record: is it the runner that is missing, or the target's own set-up that fails? */
function assertStarted(choice: SuiteChoice, result: SandboxResult): void {
  if (result.ended !== "exited") return;
  const output = `${result.stdout}\n${result.stderr}`;
  if (lacksRunner(choice.suite, result.exitCode, output)) throw cannotRun(choice.suite, output);
  if (result.exitCode === 0) throw cannotStart(choice.suite, output);
}

async function runCommand(choice: SuiteChoice, run: SuiteRun): Promise<SuiteReport> {
  const { suite } = choice;
  const command = suite.command ?? "";
  const reportFile = join(run.checkout.dir, suite.dir, suite.report ?? "");
  // A report that the tree itself brings along tells nothing of this run.
  if (suite.runner === "junit") await rm(reportFile, { recursive: true, force: true });
  const result = await start(choice, { command: `${command} #`, flags: [], env: {} }, run);
  const output = `${result.stdout}\n${result.stderr}`;
  if (result.ended === "exited" && lacksRunner(suite, result.exitCode, output)) throw cannotRun(suite, output);
  if (suite.runner === "command") {
    const told = { cases: [], errors: [], complete: result.ended === "exited" };
    return { ...reportOf(told, result, run, "command"), errors: [], grade: "exit-code", canary: false };
  }
  const context: ReportContext = { ground: run.checkout.ground, paths: run.paths, dir: suite.dir, suite: suite.name };
  const told =
    suite.runner === "junit" ? await junitTold(reportFile, context, run) : await readTap(result.stdout, context);
  return reportOf({ ...told, complete: told.complete && result.ended === "exited" }, result, run, suite.runner);
}

async function junitTold(file: string, context: ReportContext, run: SuiteRun): Promise<Told> {
  const left = await readOutside(run.checkout.dir, file, REPORT_MEGABYTES);
  if (left.kind === "text") return readJunit(left.text, context);
  const why = left.kind === "missing" ? "was not written" : left.why;
  return { cases: [], errors: [{ kind: "error", message: `The JUnit file ${why}.` }], complete: false };
}

function empty(choice: SuiteChoice, run: SuiteRun): SuiteReport {
  const result: SandboxResult = { ended: "exited", exitCode: 1, stdout: "", stderr: "", seconds: 0 };
  return reportOf({ cases: [], errors: [], complete: true }, result, run, choice.profile.version);
}

function reportOf(told: Told, result: SandboxResult, run: SuiteRun, runner: string): SuiteReport {
  const output = insideText(plainText(`${result.stdout}\n${result.stderr}`), run.checkout.ground.roots).trim();
  const isSilent = told.cases.length === 0 && told.errors.length === 0;
  const errors = isSilent ? [errorFromOutput(output, result, run.checkout.ground, told.complete)] : told.errors;
  return {
    grade: "tests",
    ended: result.ended,
    exitCode: result.exitCode,
    complete: told.complete && result.ended === "exited",
    canary: true,
    cases: [...told.cases],
    errors: [...errors],
    runner,
    sandbox: run.sandbox.name,
    output: tailOf(output, OUTPUT_LIMIT),
  };
}
