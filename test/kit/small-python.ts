import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { approval, byTask, file, planWith } from "./sums.ts";
import { makeTarget, type Target } from "./target.ts";

/** A function a task that multiplies: what its tester and its developer send, answer by answer; the last one repeats. */
export interface PythonTask {
  readonly name: string;
  readonly times: number;
  readonly tester: readonly string[];
  readonly developer: readonly string[];
}

const WORKFLOW = `name: small
description: Whether it works, and no more.
makers: { tests: tester, code: developer }
gates:
${["door", "red", "syntax", "symbols", "green", "review", "current"].map((gate) => `  - gate: ${gate}\n`).join("")}`;

/** Functions in `src/` under the system's pytest, with a fixture `five` in `conftest.py`; nothing to install. */
export function fives(extra: Readonly<Record<string, string>> = {}): Target {
  return makeTarget({
    "pytest.ini": "[pytest]\npythonpath = src\n",
    "conftest.py": "import pytest\n\n\n@pytest.fixture\ndef five():\n    return 5\n",
    "src/one.py": "def one(value):\n    return value\n",
    "src/timing.py": "def times(value, factor):\n    return value * factor\n",
    "test/test_one.py": "from one import one\n\n\ndef test_is_one(five):\n    assert one(five) == 5\n",
    "workflows/small.yaml": WORKFLOW,
    "millwright.yaml": `workflow: small
models: { default: mailbox }
independence: none
suites:
  - { runner: pytest, command: /usr/bin/python3 -m pytest }
dependencies: { install: none }
types: off
lint: off
`,
    ...extra,
  });
}

/** The test of a function; without the fixture it looks at a `five` of its own, which is 6. */
export function testOfFives(id: string, { name, times }: { readonly name: string; readonly times: number }, own = "") {
  const head = own === "" ? "" : `${own}\n\n\n`;
  const taken = own === "" ? "five" : "";
  return file(
    `test/test_${name}.py`,
    `from ${name} import ${name}\n\n${head}def test_${id}_${name}(${taken}):\n    assert ${name}(five) == ${5 * times}`,
  );
}

export function codeOfFives({ name, times }: { readonly name: string; readonly times: number }, module = "timing") {
  return file(
    `src/${name}.py`,
    `from ${module} import times\n\n\ndef ${name}(value):\n    return times(value, ${times})`,
  );
}

/** Plans the tasks and answers for all of them; the orchestrator lets a task begin again as it is. */
export function pythonScript(plan: string, tasks: readonly PythonTask[]): Script {
  const drafts = tasks.map(({ name, times }, at) => ({
    id: `T${at + 1}`,
    accept: { [`AC${at + 1}`]: `\`${name}(5)\` of \`src/${name}.py\` returns ${5 * times}` },
    files: [`src/${name}.py`],
    tests: [`test/test_${name}.py`],
    creates: [`src/${name}.py#${name}`],
    more: { title: `Make ${name}` },
  }));
  const whole = planWith(drafts, { plan, title: plan });
  const listed = /tasks: (\[[\s\S]*\])\n---/.exec(whole)?.[1] ?? "[]";
  const planned: readonly unknown[] = JSON.parse(listed);
  const answers = tasks.map(({ tester, developer }, at) => {
    const again = `---\n${JSON.stringify(planned[at], null, 2)}\n---\nBegin again.\n`;
    const own = { tester, developer, reviewer: [approval(`AC${at + 1}`)], orchestrator: [again], architect: [again] };
    return [`T${at + 1}`, own] as const;
  });
  return byTask(whole, Object.fromEntries(answers));
}
