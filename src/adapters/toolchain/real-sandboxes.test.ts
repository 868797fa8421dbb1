import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { available } from "../../../test/kit/available.ts";
import { pythonDialect, scriptDialect } from "../../../test/kit/toolchain-projects.ts";
import type { Sandbox } from "../../engine/ports.ts";
import { openBubblewrap } from "../sandbox/bubblewrap/open-bubblewrap.ts";
import { openNone } from "../sandbox/none/open-none.ts";
import { type RunnerUnderTest, runOnce } from "./toolchain.contract.ts";

/** The real sandboxes: with mounts, where packages are read-only and the export is always at the same place, and with links. */
describe.each([
  { title: "in bubblewrap (needs bwrap)", isThere: available.bwrap, open: (): Promise<Sandbox> => openBubblewrap() },
  { title: "without a sandbox", isThere: true, open: async (): Promise<Sandbox> => openNone() },
])("$title", ({ isThere, open }) => {
  const from = join(process.cwd(), "node_modules");
  const script = (head: string, before: "before" | "beforeAll") => scriptDialect({ ending: "mjs", head, before });
  const runners: readonly (Omit<RunnerUnderTest, "sandbox" | "called"> & { readonly runs: boolean })[] = [
    {
      title: "vitest",
      suite: { runner: "vitest" },
      from,
      dialect: script('import { beforeAll, describe, test } from "vitest";', "beforeAll"),
      runs: true,
    },
    {
      title: "jest",
      suite: { runner: "jest" },
      from,
      dialect: scriptDialect({ ending: "js", head: "", before: "beforeAll", isCommonJs: true }),
      runs: true,
    },
    { title: "mocha", suite: { runner: "mocha" }, from, dialect: script("const test = it;", "before"), runs: true },
    {
      title: "node:test",
      suite: { runner: "node-test" },
      dialect: script('import { before, describe, test } from "node:test";', "before"),
      runs: true,
    },
    { title: "pytest", suite: { runner: "pytest" }, dialect: pythonDialect(), runs: available.pytest },
  ];
  for (const { runs, ...runner } of runners) {
    test.runIf(runs && isThere)(`${runner.title} runs and reports`, { timeout: 60_000 }, async () => {
      const sandbox = await open();
      const { dialect } = runner;
      const config = {
        "vitest.config.mts": 'import { defineConfig } from "vitest/config";\nexport default defineConfig({});\n',
      };
      const files = {
        ...dialect.project,
        ...dialect.code,
        ...(runner.title === "vitest" ? config : {}),
        [dialect.testFile("mixed")]: dialect.mixed,
      };
      const report = await runOnce({ ...runner, sandbox, called: /./ }, files);
      expect(report).toMatchObject({ complete: true, ended: "exited", errors: [], sandbox: sandbox.name });
      expect(report.cases.filter((one) => one.outcome === "passed").length).toBeGreaterThan(2);
      expect(new Set(report.cases.map((one) => one.file))).toEqual(new Set([dialect.testFile("mixed")]));
      expect(report.cases.find((one) => /fails$/.test(one.name))?.failure?.kind).toBe("assertion");
    });
  }
});
