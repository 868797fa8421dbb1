import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Files, plainTrees } from "../../../test/kit/plain-trees.ts";
import type { Dialect } from "../../../test/kit/toolchain-projects.ts";
import { Config, type Suite } from "../../domain/config.ts";
import type { Selection } from "../../domain/need.ts";
import type { SuiteReport } from "../../domain/suite-report.ts";
import type { Sandbox } from "../../engine/ports.ts";
import { openToolchain } from "./open-toolchain.ts";

export interface RunnerUnderTest {
  readonly title: string;
  readonly suite: Partial<Suite> & Pick<Suite, "runner">;
  readonly sandbox: Sandbox;
  readonly dialect: Dialect;
  /** A folder of installed packages. */
  readonly from?: string;
  /** What the report calls the runner. */
  readonly called: RegExp;
  readonly cannot?: readonly Weakness[];
}

/** What a runner does not tell, so that nothing is asked of it. */
export type Weakness = "hook" | "running case" | "id selection";

const LIMIT = 60_000;

/** Opens the runner's toolchain and runs one little project on it. */
export async function runOnce(
  runner: RunnerUnderTest,
  files: Files,
  options: { selection?: Selection; seconds?: number; patience?: 1 | 2; limits?: object } = {},
): Promise<SuiteReport> {
  const cacheDir = mkdtempSync(join(tmpdir(), "millwright-cache-"));
  const git = plainTrees();
  const dependencies = runner.from === undefined ? { install: "none" } : { install: "none", from: runner.from };
  const config = Config.parse({
    suites: [{ name: "tests", ...runner.suite }],
    dependencies,
    limits: options.limits ?? {},
  });
  const toolchain = await openToolchain({ config, root: cacheDir, sandbox: runner.sandbox, git, cacheDir });
  const { selection = { kind: "all" }, seconds = 40, patience = 1 } = options;
  return toolchain
    .suite({ tree: git.tree(files), selection, seconds, patience })
    .finally(() => rmSync(cacheDir, { recursive: true, force: true }));
}

/** What every runner with per-test results must tell, whatever it is called. */
export function toolchainContract(runner: RunnerUnderTest): void {
  const { dialect } = runner;
  const weak = new Set<Weakness>(runner.cannot);
  const project = (tests: Files): Files => ({
    ...dialect.project,
    ...dialect.code,
    ...Object.fromEntries(Object.entries(tests).map(([name, text]) => [dialect.testFile(name), text])),
  });
  const named = (report: SuiteReport, part: string | RegExp) => report.cases.filter((one) => one.name.match(part));
  const accepted = (report: SuiteReport) =>
    report.complete &&
    report.exitCode === 0 &&
    report.errors.length === 0 &&
    report.cases.every((one) => one.outcome === "passed");

  describe(runner.title, () => {
    test("a passing project: each test by id, complete, nothing else", { timeout: LIMIT }, async () => {
      const report = await runOnce(runner, project({ price: dialect.passing }));
      expect(report.errors).toEqual([]);
      expect(report.cases.map((one) => one.outcome)).toEqual(["passed", "passed"]);
      expect(accepted(report)).toBe(true);
      expect(report).toMatchObject({ grade: "tests", ended: "exited", canary: true, sandbox: runner.sandbox.name });
      expect(report.runner).toMatch(runner.called);
      const file = dialect.testFile("price");
      expect(report.cases[0]?.id).toMatch(new RegExp(`^${file} > (.* > )?(test_)?adds$`));
      expect(report.cases[1]?.id).toMatch(/ > (Test)?[gG]roup > (test_)?inside$/);
      expect(new Set(report.cases.map((one) => one.file))).toEqual(new Set([file]));
    });

    describe("a project where much goes wrong", () => {
      let report: SuiteReport;
      beforeAll(async () => {
        report = await runOnce(
          runner,
          project({ mixed: dialect.mixed, hook: dialect.brokenHook, paints: dialect.paints }),
        );
      }, LIMIT);
      const one = (part: RegExp) => {
        const [found] = named(report, part);
        if (found === undefined) throw new Error(`no ${part} in ${JSON.stringify(report, null, 1)}`);
        return found;
      };

      test("is complete, and every test has its own outcome", () => {
        expect(report).toMatchObject({ complete: true, ended: "exited" });
        expect(report.exitCode).not.toBe(0);
        expect(one(/adds$/).outcome).toBe("passed");
        expect(one(/left[ _]out$/).outcome).toBe("skipped");
        expect(one(/inside$/).outcome).toBe("passed");
        expect(one(/Grüße.*世界/).outcome).toBe("passed");
      });

      test("failures say what kind they are, and where", () => {
        expect(one(/fails$/).failure).toMatchObject({ kind: "assertion" });
        expect(one(/throws$/).failure).toMatchObject({
          kind: "error",
          message: expect.stringContaining("out of range"),
        });
        expect(one(/fails$/).failure?.line).toBe(
          dialect.mixed.split("\n").findIndex((line) => /total\(\[1\]\)/.test(line)) + 1,
        );
        expect(one(/names[ _]nothing/).failure).toMatchObject({ kind: "missing-name", missing: "undefinedName" });
      });

      test("tests of the same name stay apart", () => {
        const same = named(report, /same/);
        expect(same.map((each) => each.outcome)).toEqual(["passed", "failed"]);
        expect(new Set(same.map((each) => each.id)).size).toBe(2);
      });

      test("a hook that fails fails the tests it was for", () => {
        const never = named(report, /never[ _]runs/).map((each) => each.failure);
        const told = [...never, ...report.errors.filter((error) => error.message.includes("no database"))];
        expect(told.length).toBeGreaterThan(0);
        if (!weak.has("hook"))
          expect(told[0]).toMatchObject({ kind: "hook", message: expect.stringContaining("no database") });
      });

      test("nothing that a terminal would obey is left", () => {
        expect(one(/paints/).failure?.message).toContain("red end");
        expect(one(/paints/).failure?.message).not.toContain("title");
        const written = [report.output, ...report.cases.flatMap((each) => [each.id, each.failure?.message ?? ""])].join(
          "",
        );
        expect([...written].filter((sign) => sign !== "\n" && /\p{Cc}/u.test(sign))).toEqual([]);
      });
    });

    test("a module that is not there is named", { timeout: LIMIT }, async () => {
      const report = await runOnce(runner, project({ absent: dialect.missingModule }));
      const told = [...report.errors, ...report.cases.flatMap((each) => each.failure ?? [])];
      expect(told).toContainEqual(
        expect.objectContaining({
          kind: "missing-module",
          missing: expect.stringMatching(/^(src\/)?absent(\.m?js)?$/),
        }),
      );
      expect(accepted(report)).toBe(false);
      expect(report.errors[0]?.file).toBe(dialect.testFile("absent"));
    });

    test("a name that is not exported is named", { timeout: LIMIT }, async () => {
      const report = await runOnce(runner, project({ nothere: dialect.missingName }));
      const told = [...report.errors, ...report.cases.flatMap((each) => each.failure ?? [])];
      expect(told).toContainEqual(expect.objectContaining({ kind: "missing-name", missing: "nothere" }));
      expect(accepted(report)).toBe(false);
    });

    test("a name that the code under test misses is told with its file", { timeout: LIMIT }, async () => {
      const report = await runOnce(runner, project({ faulty: dialect.faulty }));
      const [code, own] = [/faulty[ _]code/, /faulty[ _]test/].map((part) => named(report, part)[0]?.failure);
      expect(code).toMatchObject({ kind: "missing-name", thrownIn: expect.stringMatching(/^src\/price\.\w+$/) });
      expect(own).toMatchObject({ kind: "missing-name", missing: "fold" });
      expect(own?.thrownIn).toBeUndefined();
    });

    test("a test file that cannot be parsed", { timeout: LIMIT }, async () => {
      const report = await runOnce(runner, project({ broken: dialect.syntax }));
      expect([...report.errors, ...report.cases.flatMap((each) => each.failure ?? [])]).toContainEqual(
        expect.objectContaining({ kind: "syntax" }),
      );
      expect(report.cases.filter((each) => each.outcome === "passed")).toEqual([]);
    });

    test("a test file without tests, and no test file at all, are no success", { timeout: LIMIT }, async () => {
      for (const tests of [{ empty: dialect.empty }, {}]) {
        const report = await runOnce(runner, project(tests as Files));
        expect(report.cases).toEqual([]);
        expect(report.errors.length).toBeGreaterThan(0);
      }
    });

    test("leaving the process with code 0 inside a test is seen", { timeout: LIMIT }, async () => {
      const report = await runOnce(runner, project({ exits: dialect.exits }));
      expect(accepted(report)).toBe(false);
      expect(named(report, /after/).some((each) => each.outcome === "passed")).toBe(false);
    });

    test("a test that never ends is cut off and named", { timeout: LIMIT }, async () => {
      const report = await runOnce(runner, project({ hangs: dialect.hangs }), { seconds: 6 });
      expect(report).toMatchObject({ ended: "timeout", complete: false });
      const told = [...report.cases.filter((each) => each.outcome === "failed"), ...report.errors];
      expect(told.map((each) => each.file)).toContain(dialect.testFile("hangs"));
      if (!weak.has("running case")) expect(named(report, /hangs/)[0]?.failure).toMatchObject({ kind: "timeout" });
    });

    test("a runner that is not there is no verdict", { timeout: LIMIT }, async () => {
      const without = { ...runner, suite: { ...runner.suite, command: "no-such-runner --now" } };
      const failure = await runOnce(without, project({ price: dialect.passing })).catch((error: unknown) => error);
      expect(failure).toMatchObject({
        code: "tests-cannot-run",
        remedy: "ask",
        hint: expect.stringContaining("millwright.yaml"),
      });
    });

    test("a command that does not start the runner is no verdict", { timeout: LIMIT }, async () => {
      const deaf = { ...runner, suite: { ...runner.suite, command: "true" } };
      const failure = await runOnce(deaf, project({ price: dialect.passing })).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: "tests-cannot-run", message: expect.stringContaining("reporter") });
    });

    test("a flood of output is cut off", { timeout: LIMIT }, async () => {
      const report = await runOnce(runner, project({ floods: dialect.floods }), {
        limits: { outputMegabytes: 2 },
        seconds: 20,
      });
      expect(report.complete).toBe(false);
      expect(["output", "timeout"]).toContain(report.ended);
      expect(report.output.length).toBeLessThanOrEqual(8000);
    });

    test("forged records count nothing", { timeout: LIMIT }, async () => {
      const report = await runOnce(runner, project({ forges: dialect.forges }));
      expect(report.cases.map((each) => each.name).filter((name) => /^forged/.test(name))).toEqual([]);
      expect(named(report, /forges/).map((each) => each.outcome)).toEqual(["passed"]);
    });

    if (dialect.only !== undefined)
      test("`.only` is no success", { timeout: LIMIT }, async () => {
        const report = await runOnce(runner, project({ only: dialect.only ?? "" }));
        expect(accepted(report)).toBe(false);
      });

    if (dialect.rejects !== undefined)
      test("a rejection that nobody handles is seen", { timeout: LIMIT }, async () => {
        const report = await runOnce(runner, project({ rejects: dialect.rejects ?? "" }));
        expect(JSON.stringify([report.errors, report.cases])).toContain("nobody waits");
        expect(accepted(report)).toBe(false);
      });

    test("only the asked-for files and tests run", { timeout: LIMIT }, async () => {
      const files = project({ price: dialect.passing, mixed: dialect.mixed });
      const all = await runOnce(runner, files, { selection: { kind: "files", files: [dialect.testFile("price")] } });
      expect(new Set(all.cases.map((each) => each.file))).toEqual(new Set([dialect.testFile("price")]));
      const [id = ""] = all.cases.map((each) => each.id);
      const single = await runOnce(runner, files, { selection: { kind: "ids", ids: [id] } });
      expect(single.cases.find((each) => each.id === id)?.outcome).toBe("passed");
      if (!weak.has("id selection")) expect(single.cases.map((each) => each.id)).toEqual([id]);
      const none = await runOnce(runner, files, { selection: { kind: "files", files: ["test/gone.test.js"] } });
      expect(none.errors[0]?.file).toBe("test/gone.test.js");
    });
  });
}
