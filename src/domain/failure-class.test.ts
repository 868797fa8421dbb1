import { describe, expect, test } from "vitest";
import { classOfRefusal, classOfStepFailure, type Failed } from "./failure-class.ts";
import { CATEGORIES, recognise } from "./failure-text.ts";

const refused = (rule: string, evidence = "", more: object = {}): Failed => ({
  gate: rule.split("/")[0] ?? "",
  findings: [{ rule, answers: "developer", message: "No.", evidence, ...more }],
});

describe("what is behind an output", () => {
  test.each([
    ["command-missing", "run.sh: line 3: frobnicate: command not found"],
    ["command-missing", "sh: 1: frobnicate: not found"],
    ["command-missing", "Error: spawn frobnicate ENOENT"],
    ["command-missing", "env: 'node18': No such file or directory"],
    ["python-module-missing", "Traceback (most recent call last):\nModuleNotFoundError: No module named 'flask'"],
    ["node-module-missing", "Error: Cannot find module 'left-pad'\nRequire stack:\n- /a/b.js"],
    ["path", "Error: Cannot find module './left-pad.js'"],
    ["permission", "PermissionError: [Errno 13] Permission denied: '/etc/shadow'"],
    ["permission", "Error: EACCES: permission denied, open '/etc/shadow'"],
    ["path", "cat: nothing.txt: No such file or directory"],
    ["timeout", "Error: Test timed out in 50ms."],
    ["assertion", "E       AssertionError: assert 3 == 4"],
    ["unknown", "TypeError: Cannot read properties of undefined (reading 'x')"],
    ["unknown", ""],
  ])("%s: %s", (category, text) => {
    expect(recognise(text).category).toBe(category);
  });

  test("a named cause wins over the failed test around it", () => {
    const text = "E   ModuleNotFoundError: No module named 'app'\n=== 1 failed in 0.1s ===";
    expect(recognise(text)).toMatchObject({ category: "python-module-missing" });
  });

  test("words inside of what was expected are no cause", () => {
    expect(recognise("AssertionError: expected 'permission denied' to be 'command not found: x'").category).toBe(
      "assertion",
    );
  });

  test("every category can be recognised with a confidence between 0 and 1", () => {
    for (const text of ["", "x: command not found", "AssertionError"])
      expect(recognise(text).confidence).toBeGreaterThan(0.3);
    expect(CATEGORIES).toHaveLength(8);
  });
});

describe("what is behind a refusal", () => {
  test.each([
    ["door/out-of-scope", "", "localization", "path"],
    ["door/protected", "", "localization", "permission"],
    ["door/edit-no-match", "", "patch", "unknown"],
    ["symbols/package-missing", "", "environment", "node-module-missing"],
    ["syntax/invalid", "x", "patch", "unknown"],
    ["types/TS2304", "error TS2304: Cannot find name 'x'", "patch", "unknown"],
    ["types/TS2305", "Module './a' has no exported member 'b'", "environment", "unknown"],
    ["green/fails", "AC1\nAssertionError: expected 1 to be 2", "patch", "assertion"],
    ["green/fails", "AC1\nError: ENOENT: no such file or directory, open 'x'", "localization", "path"],
    ["green/error", "ImportError: cannot import name 'get_db' from 'app.database'", "environment", "unknown"],
    ["green/error", "ModuleNotFoundError: No module named 'app.db'", "environment", "python-module-missing"],
    ["green/fails", "AC1\nExpected values to be strictly equal:\n\n-2 !== 2", "patch", "assertion"],
    ["green/exit-code", "Segmentation fault", "patch", "unknown"],
    ["review/unmet", "AssertionError", "patch", "unknown"],
  ])("%s %s: %s, %s", (rule, evidence, type, category) => {
    expect(classOfRefusal(refused(rule, evidence))).toMatchObject({ type, category });
  });

  test("is a Python module's absence by the path of the finding", () => {
    const seen = classOfRefusal(refused("symbols/package-missing", "", { path: "app/main.py" }));
    expect(seen).toEqual({ category: "python-module-missing", confidence: 1, type: "environment" });
  });

  test("without a finding is unknown", () => {
    expect(classOfRefusal({ gate: "green", findings: [] })).toMatchObject({ category: "unknown", type: "patch" });
  });
});

test("a step that could not be done is the environment's matter", () => {
  expect(classOfStepFailure({ code: "model-timeout", message: "No reply." })).toMatchObject({
    category: "timeout",
    type: "environment",
  });
  expect(classOfStepFailure({ code: "install-failed", message: "sh: 1: pnpm: not found" })).toMatchObject({
    category: "command-missing",
    type: "environment",
  });
});
