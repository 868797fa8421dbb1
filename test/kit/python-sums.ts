import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { type Answers, approval, file, planWith, subtracting } from "./sums.ts";
import { makeTarget, type Target } from "./target.ts";

/** The sums in Python under the system's pytest; nothing to install. */
export function pythonSums(extra: Readonly<Record<string, string>> = {}): Target {
  return makeTarget({ ...FILES, ...extra });
}

const FILES = {
  "pytest.ini": "[pytest]\npythonpath = src\n",
  "conftest.py": "import pytest\n\n\n@pytest.fixture\ndef five():\n    return 5\n",
  "src/adding.py": "def add(left, right):\n    return left + right\n",
  "test/test_adding.py": "from adding import add\n\n\ndef test_adds(five):\n    assert add(five, 2) == 7\n",
  "specs/subtract.md": "# Subtract\n\nWe want `subtract` in `src/subtracting.py`: `subtract(5, 3)` is 2.\n",
  "millwright.yaml": `models: { default: mailbox }
independence: none
suites:
  - { runner: pytest, command: /usr/bin/python3 -m pytest }
dependencies: { install: none }
types: off
lint: off
`,
} as const;

const PLAN = planWith([
  {
    accept: { AC1: "`subtract(5, 3)` of `src/subtracting.py` returns 2, and `subtract(3, 5)` returns -2" },
    files: ["src/subtracting.py"],
    tests: ["test/test_subtracting.py"],
    creates: ["src/subtracting.py#subtract"],
  },
]);

export const PYTHON_TESTS = file(
  "test/test_subtracting.py",
  "from subtracting import subtract\n\n\ndef test_AC1_subtracts():\n    assert subtract(5, 3) == 2\n    assert subtract(3, 5) == -2",
);

export const PYTHON_CODE = file("src/subtracting.py", "def subtract(left, right):\n    return left - right");

/** Answers honestly in Python, but for what is given. */
export function subtractingInPython(wrong: Answers = {}): Script {
  return subtracting({
    architect: [PLAN],
    tester: [PYTHON_TESTS],
    developer: [PYTHON_CODE],
    reviewer: [approval("AC1")],
    ...wrong,
  });
}
