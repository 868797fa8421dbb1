import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { available } from "../../../test/kit/available.ts";
import { bareSandbox } from "../../../test/kit/bare-sandbox.ts";
import type { Files } from "../../../test/kit/plain-trees.ts";
import { pythonDialect, scriptDialect } from "../../../test/kit/toolchain-projects.ts";
import { type RunnerUnderTest, runOnce } from "./toolchain.contract.ts";

const from = join(process.cwd(), "node_modules");
const vitestHead = 'import { beforeAll, describe, test } from "vitest";';

/** Settings of a target that would hide what happened: stop at the first failure, try again, pass without tests. */
const settings: readonly (Pick<RunnerUnderTest, "suite" | "dialect" | "from"> & {
  files: Files;
  flaky: string;
  runs: boolean;
})[] = [
  {
    suite: { runner: "vitest" },
    from,
    dialect: scriptDialect({ ending: "mjs", head: vitestHead, before: "beforeAll" }),
    files: {
      "vitest.config.mjs":
        'export default { test: { bail: 1, retry: 3, passWithNoTests: true, allowOnly: true, reporters: ["json"], coverage: { enabled: true, thresholds: { lines: 100 } } } };\n',
    },
    flaky: `${vitestHead}\nlet times = 0;\n`,
    runs: true,
  },
  {
    suite: { runner: "jest" },
    from,
    dialect: scriptDialect({ ending: "js", head: "", before: "beforeAll", isCommonJs: true }),
    files: {
      "package.json": JSON.stringify({
        jest: {
          bail: true,
          collectCoverage: true,
          coverageThreshold: { global: { lines: 100 } },
          reporters: ["default"],
        },
      }),
    },
    flaky: "let times = 1;\n",
    runs: true,
  },
  {
    suite: { runner: "mocha" },
    from,
    dialect: scriptDialect({ ending: "mjs", head: "const test = it;", before: "before" }),
    files: { ".mocharc.json": JSON.stringify({ bail: true, retries: 3, reporter: "json", "forbid-only": false }) },
    flaky: "const test = it;\nlet times = 0;\n",
    runs: true,
  },
  {
    suite: { runner: "pytest" },
    dialect: pythonDialect(),
    files: { "pytest.ini": "[pytest]\npythonpath = src\naddopts = -x --tb=no -q --color=yes\n" },
    flaky: "",
    runs: available.pytest,
  },
];

for (const { files, flaky, runs, ...runner } of settings) {
  describe.runIf(runs)(`${runner.suite.runner}, with settings that hide things`, () => {
    const under: RunnerUnderTest = { ...runner, title: "", sandbox: bareSandbox, called: /./ };
    const { dialect } = runner;
    const project = { ...dialect.project, ...dialect.code, ...files };

    test("runs on after a failure and tries nothing again", { timeout: 60_000 }, async () => {
      const again =
        flaky.startsWith("let times = 1") || flaky === ""
          ? ""
          : `${flaky}test("flaky", () => { times += 1; if (times < 2) throw new Error("first time"); });\n`;
      const report = await runOnce(under, {
        ...project,
        [dialect.testFile("hook")]: dialect.brokenHook,
        [dialect.testFile("mixed")]: dialect.mixed,
        ...(again === "" ? {} : { [dialect.testFile("flaky")]: again }),
      });
      expect(report).toMatchObject({ complete: true, errors: [] });
      expect(report.cases.filter((one) => one.outcome === "failed").length).toBeGreaterThanOrEqual(4);
      expect(report.cases.find((one) => /Grüße/.test(one.name))?.outcome).toBe("passed");
      if (again !== "") expect(report.cases.find((one) => one.name === "flaky")?.outcome).toBe("failed");
    });

    test("an honest project still passes", { timeout: 60_000 }, async () => {
      const report = await runOnce(under, { ...project, [dialect.testFile("price")]: dialect.passing });
      expect(report).toMatchObject({
        complete: true,
        errors: [],
        exitCode: 0,
        cases: [{ outcome: "passed" }, { outcome: "passed" }],
      });
    });

    if (dialect.only !== undefined)
      test("`.only` is still seen", { timeout: 60_000 }, async () => {
        const report = await runOnce(under, { ...project, [dialect.testFile("only")]: dialect.only ?? "" });
        expect(report.errors.length + report.cases.filter((one) => one.outcome !== "passed").length).toBeGreaterThan(0);
      });
  });
}
