import { describe, expect, test } from "vitest";
import { bareSandbox } from "../../../test/kit/bare-sandbox.ts";
import { scriptDialect } from "../../../test/kit/toolchain-projects.ts";
import type { Suite } from "../../domain/config.ts";
import { type RunnerUnderTest, runOnce } from "./toolchain.contract.ts";

const dialect = scriptDialect({
  ending: "mjs",
  head: 'import { before, describe, test } from "node:test";',
  before: "before",
});

function under(suite: Partial<Suite> & Pick<Suite, "runner">): RunnerUnderTest {
  return { title: suite.runner, suite, sandbox: bareSandbox, dialect, called: /./ };
}

const files = (text: string) => ({ ...dialect.project, ...dialect.code, [dialect.testFile("price")]: text });

describe.each([
  under({
    runner: "junit",
    command: "node --test --test-reporter=junit --test-reporter-destination=out.xml test/price.test.mjs",
    report: "out.xml",
  }),
  under({ runner: "tap", command: "node --test --test-reporter=tap test/price.test.mjs" }),
])("a command that writes $title", (runner) => {
  test("passing, failing, and cut short from inside", { timeout: 60_000 }, async () => {
    const passing = await runOnce(runner, files(dialect.passing));
    expect(passing).toMatchObject({ grade: "tests", complete: true, exitCode: 0, errors: [], canary: true });
    expect(passing.cases.map((one) => [one.name, one.outcome])).toEqual([
      ["adds", "passed"],
      [expect.stringContaining("inside"), "passed"],
    ]);
    const mixed = await runOnce(runner, files(dialect.mixed));
    expect(mixed.cases.find((one) => /fails$/.test(one.name))).toMatchObject({
      outcome: "failed",
      failure: { kind: "assertion" },
    });
    expect(mixed.cases.find((one) => /left out/.test(one.name))?.outcome).toBe("skipped");
    const absent = await runOnce(runner, files(dialect.missingModule));
    expect(absent.cases.filter((one) => one.outcome === "passed")).toEqual([]);
    expect(absent.exitCode).not.toBe(0);
  });

  test("a report that the tree brings along is not believed", { timeout: 60_000 }, async () => {
    const silent = { ...runner, suite: { ...runner.suite, command: "true" } };
    const report = await runOnce(silent, {
      ...files(""),
      "out.xml": '<testsuites><testsuite name="a"><testcase name="b"/></testsuite></testsuites>',
    });
    expect(report).toMatchObject({ complete: false, cases: [] });
  });
});

test("a bare command is judged by its exit code, and says so", async () => {
  const bare = (command: string) => runOnce(under({ runner: "command", command }), files(""));
  expect(await bare("exit 3")).toMatchObject({
    grade: "exit-code",
    exitCode: 3,
    complete: true,
    canary: false,
    cases: [],
  });
  expect(await bare("echo '1 passed'")).toMatchObject({ grade: "exit-code", exitCode: 0, output: "1 passed" });
  await expect(bare("no-such-program")).rejects.toMatchObject({ code: "tests-cannot-run" });
});
