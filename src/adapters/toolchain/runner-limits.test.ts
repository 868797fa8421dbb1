import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { available } from "../../../test/kit/available.ts";
import { bareSandbox } from "../../../test/kit/bare-sandbox.ts";
import { pythonDialect } from "../../../test/kit/toolchain-projects.ts";
import { runOnce } from "./toolchain.contract.ts";

const from = join(process.cwd(), "node_modules");
const SLOW = '"slow", async () => { await new Promise((resolve) => setTimeout(resolve, 1200)); });\n';

describe.each([
  {
    runner: "vitest" as const,
    "vitest.config.mjs": "export default { test: { testTimeout: 1000 } };\n",
    "slow.test.mjs": `import { test } from "vitest";\ntest(${SLOW}`,
  },
  {
    runner: "jest" as const,
    "jest.config.js": "module.exports = { testTimeout: 1_000 };\n",
    "slow.test.js": `test(${SLOW}`,
  },
  { runner: "mocha" as const, ".mocharc.json": '{ "timeout": 1000 }', "test/slow.mjs": `it(${SLOW}` },
])("a test that is slower than the limit of $runner", ({ runner, ...files }) => {
  const under = { title: "", suite: { runner }, sandbox: bareSandbox, from, dialect: pythonDialect(), called: /./ };
  const project = { "package.json": "{}", ...files } as Readonly<Record<string, string>>;

  test("is told as a time-out, and passes with twice the patience", { timeout: 60_000 }, async () => {
    const hasty = await runOnce(under, project);
    expect(hasty.cases).toMatchObject([{ outcome: "failed", failure: { kind: "timeout" } }]);
    const patient = await runOnce(under, project, { patience: 2 });
    expect(patient).toMatchObject({ complete: true, errors: [], cases: [{ outcome: "passed" }] });
  });
});

test.runIf(available.pytest)(
  "pytest runs the honest tests beside a file that cannot be collected, and tells both",
  { timeout: 60_000 },
  async () => {
    const under = { title: "", suite: { runner: "pytest" as const }, sandbox: bareSandbox, dialect: pythonDialect() };
    const honest = { "test_a.py": "def test_adds():\n    assert 1 + 2 == 3\n" };
    const broken = { ...honest, "test_b.py": "from nowhere_at_all import thing\n\ndef test_b():\n    assert thing\n" };
    const green = await runOnce({ ...under, called: /./ }, honest);
    expect(green).toMatchObject({ complete: true, exitCode: 0, errors: [], cases: [{ outcome: "passed" }] });
    const red = await runOnce({ ...under, called: /./ }, broken);
    expect(red.cases).toMatchObject([{ file: "test_a.py", outcome: "passed" }]);
    expect(red.errors).toMatchObject([{ file: "test_b.py", kind: "missing-module" }]);
    expect(red.exitCode).not.toBe(0);
  },
);
