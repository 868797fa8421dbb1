import { describe, expect, it } from "vitest";
import { state, task } from "../../test/kit/gate-states.ts";
import type { Answered } from "./answered.ts";
import { escalationOf, infrastructureFault } from "./infrastructure-fault.ts";
import type { ToolProfile } from "./tool-profile.ts";
import type { Refusal } from "./verdict.ts";

const profile: ToolProfile = {
  suites: [
    {
      name: "tests",
      runner: "pytest",
      version: "",
      dir: ".",
      tests: ["test/**"],
      infrastructure: ["**/conftest.py", "pytest.ini", "test/setup.ts", "vitest.config.ts"],
    },
  ],
  manifests: [],
};
const own = (path: string) => [{ path, blob: "b", mode: "100644" as const }];
const here = (tests: readonly string[] = []) => ({
  ...state({ task: task() }),
  profile,
  work: { base: { commit: "c", tree: "t" }, tests: tests.flatMap(own), code: [], trees: { red: "t", work: "t" } },
});
const said = (rule: string, evidence: string): Refusal => ({
  gate: "red",
  findings: [{ rule, answers: "tester", message: "It could not be judged.", evidence }],
});
const CONFTEST = [
  "ImportError while loading conftest 'conftest.py'.",
  "conftest.py:1: in <module>",
  "    raise RuntimeError('no database here')",
  "E   RuntimeError: no database here",
].join("\n");

describe("the test infrastructure itself is broken", () => {
  it.each([
    ["a conftest that raises", "red/cut-short", CONFTEST, "conftest.py"],
    [
      "a conftest that does not parse",
      "green/error",
      "ImportError while loading conftest '/target/conftest.py'.\n/usr/lib/python3.11/ast.py:50: in parse\nE     File \"conftest.py\", line 1\nE       def five(:\nE   SyntaxError: invalid syntax",
      "conftest.py",
    ],
    [
      "a config with an option that there is not",
      "red/cut-short",
      "ERROR: usage: __main__.py [options]\n__main__.py: error: unrecognized arguments: --no-such-option\n  inifile: pytest.ini\n  rootdir: .",
      "pytest.ini",
    ],
    [
      "a set-up file that throws",
      "green/error",
      "Error: no database here\n ❯ test/setup.ts:1:7\n ❯ src/price.ts:2:1",
      "test/setup.ts",
    ],
  ])("%s", (_name, rule, evidence, path) => {
    expect(infrastructureFault(said(rule, evidence), here())).toMatchObject({ path, what: expect.any(String) });
  });

  it.each([
    [
      "an error of the code that a conftest imports",
      "red/cut-short",
      CONFTEST.replace("\n    raise", "\nsrc/app.py:3: in <module>\n    raise"),
    ],
    ["a module that a conftest misses", "red/cut-short", CONFTEST.replaceAll("RuntimeError", "ModuleNotFoundError")],
    [
      "a set-up file that only stands in the traceback",
      "green/error",
      "Error: no\n ❯ src/price.ts:2:1\n ❯ test/setup.ts:1:7",
    ],
    ["a failing test", "green/fails", "Error: no\n ❯ test/setup.ts:1:7"],
    ["what the door says of the file", "door/infrastructure", CONFTEST],
  ])("is not: %s", (_name, rule, evidence) => {
    expect(infrastructureFault(said(rule, evidence), here())).toBeUndefined();
  });

  it("is not a file that the task itself has added", () => {
    expect(infrastructureFault(said("red/cut-short", CONFTEST), here(["conftest.py"]))).toBeUndefined();
  });

  it("is a person's matter on second sight, with the change that it takes", () => {
    const fault = infrastructureFault(said("red/cut-short", CONFTEST), here());
    const seen = (blocked: string | undefined) => [{ role: "tester", blocked } as unknown as Answered];
    expect(escalationOf(fault, [], 2)).toBeUndefined();
    expect(escalationOf(fault, seen("pytest.ini"), 2)).toBeUndefined();
    expect(escalationOf(fault, seen("conftest.py"), 2)).toMatch(/change of conftest\.py: .*no database here/);
    expect(escalationOf(undefined, seen("conftest.py"), 2)).toBeUndefined();
  });
});
