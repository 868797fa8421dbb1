import { describe, expect, test } from "vitest";
import { available } from "../kit/available.ts";
import { PYTHON_CODE, PYTHON_TESTS, pythonSums, subtractingInPython } from "../kit/python-sums.ts";
import { facts, refusals, refusalText, tell } from "../kit/story.ts";
import { edit, file } from "../kit/sums.ts";
import { possessions, type Target } from "../kit/target.ts";

const slowly = 120_000;
const landedFiles = (target: Target) => target.git("diff", "--name-only", "main", "loop/subtract").split("\n").slice(1);

describe.runIf(available.pytest)("in Python, under pytest", () => {
  test.each<[string, string]>([
    ["at its top", PYTHON_TESTS.replace("\n\n\ndef", "\nimport os\nos._exit(0)\n\ndef")],
    ["in a test", PYTHON_TESTS.replace("    assert", "    import os\n    os._exit(0)\n    assert")],
    [
      "when all is over",
      PYTHON_TESTS.replace("\n\n\ndef", "\nimport atexit, os\natexit.register(os._exit, 0)\n\ndef")
        .replace("== 2", "== 2 or True")
        .replace("== -2", "== -2 or True"),
    ],
  ])(
    "a tester whose file calls os._exit(0) %s proves nothing, and is asked again",
    async (_name, bad) => {
      const target = pythonSums();
      const before = possessions(target);
      const told = await tell(target, subtractingInPython({ tester: [bad, PYTHON_TESTS] }));
      expect(told.outcome.kind, refusalText(told)).toBe("done");
      expect(
        refusals(told).filter((rule) => /red: red\/(?!nothing-yet)/.test(rule)),
        refusalText(told),
      ).not.toEqual([]);
      expect(landedFiles(target)).toEqual(["src/subtracting.py", "test/test_subtracting.py"]);
      expect(target.git("show", "loop/subtract:test/test_subtracting.py")).not.toContain("_exit");
      expect(possessions(target)).toEqual(before);
      target.remove();
    },
    slowly,
  );

  test.each<[string, string]>([
    ["when it is imported", "import os\nos._exit(0)\n\n\ndef subtract(left, right):\n    return 2"],
    ["when it is called", "import os\n\n\ndef subtract(left, right):\n    os._exit(0)"],
  ])(
    "a developer whose code calls os._exit(0) %s has not passed",
    async (_name, bad) => {
      const target = pythonSums();
      const told = await tell(
        target,
        subtractingInPython({ developer: [file("src/subtracting.py", bad), PYTHON_CODE] }),
      );
      expect(told.outcome.kind, refusalText(told)).toBe("done");
      expect(
        refusals(told).filter((rule) => /green: green\/(?!nothing-yet|not-yet)/.test(rule)),
        refusalText(told),
      ).not.toEqual([]);
      expect(target.git("show", "loop/subtract:src/subtracting.py")).toContain("left - right");
      target.remove();
    },
    slowly,
  );

  const patched = edit("conftest.py", "    return 5", "    return 6");
  const gutted = file("conftest.py", "def pytest_collection_modifyitems(items):\n    items[:] = []");
  test(
    "whoever edits, replaces or adds what steers the tests is refused at the door, and nothing of it lands",
    async () => {
      const settings = file("pytest.ini", "[pytest]\naddopts = -k nothing");
      const bad = {
        tester: [patched, gutted],
        developer: [
          patched,
          gutted.replace("conftest", "test/conftest"),
          gutted.replace("conftest", "src/conftest"),
          gutted.replace("conftest", "src/sitecustomize"),
          settings,
        ],
      };
      const target = pythonSums();
      target.write(
        "millwright.yaml",
        `${target.git("show", "HEAD:millwright.yaml")}\nlimits: { attempts: 20, sameSignature: 20 }\n`,
      );
      target.commit("Be patient");
      const told = await tell(
        target,
        subtractingInPython({
          tester: [...bad.tester.map((more) => `${PYTHON_TESTS}\n${more}`), PYTHON_TESTS],
          developer: [...bad.developer.map((more) => `${PYTHON_CODE}\n${more}`), PYTHON_CODE],
        }),
      );
      expect(told.outcome.kind, refusalText(told)).toBe("done");
      const refused = facts(told, "proposal-refused").map(({ role, findings }) => [
        role,
        findings[0]?.rule.split("/")[0],
      ]);
      const door = (role: "tester" | "developer") => bad[role].map(() => [role, "door"]);
      expect(refused, refusalText(told)).toEqual([...door("tester"), ...door("developer")]);
      expect(landedFiles(target)).toEqual(["src/subtracting.py", "test/test_subtracting.py"]);
      target.remove();
    },
    slowly,
  );
});
