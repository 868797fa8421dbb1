/** One test of the corpus as the tester's proposal, through the whole loop; the right code follows it. */
import { approval, file, goalMet, planText, repository, scriptedRun } from "../kit/target.mjs";
import { passesPlainly } from "./plain.mjs";

const isPython = (task) => task.runner === "pytest";
const testPath = (task) => (isPython(task) ? `tests/test_${task.name}.py` : `test/${task.name}.test.js`);

/** What stands in the repository before the task. */
function startOf(task) {
  const config = [
    "workflow: red-green",
    "models: { default: mailbox }",
    "independence: none",
    "limits: { orchestrations: 0 }",
    `suites: [{ runner: ${task.runner}${isPython(task) ? ", command: /usr/bin/python3 -m pytest" : ""} }]`,
    `dependencies: ${task.runner === "vitest" ? "{ from: node_modules }" : "{ install: none }"}`,
    "types: off",
  ];
  const spec = task.accept.map(([_id, text]) => `- ${text}`).join("\n");
  const common = {
    "millwright.yaml": `${config.join("\n")}\n`,
    [`specs/${task.name}.md`]: `# ${task.name}\n\n${spec}\n`,
  };
  const before = task.base === undefined ? {} : { [task.code]: task.base };
  if (isPython(task))
    return {
      ...common,
      ...before,
      "pytest.ini": "[pytest]\npythonpath = .\n",
      "src/__init__.py": "",
      "tests/test_begin.py": "def test_begin():\n    assert 1 + 1 == 2\n",
    };
  const bring =
    task.runner === "vitest"
      ? 'import { expect, test } from "vitest";\n\ntest("begins", () => {\n  expect(1 + 1).toBe(2);\n});\n'
      : 'import assert from "node:assert/strict";\nimport { test } from "node:test";\n\ntest("begins", () => {\n  assert.equal(1 + 1, 2);\n});\n';
  return {
    ...common,
    ...before,
    "package.json": '{ "name": "target", "type": "module", "private": true }\n',
    "src/begin.js": "export const begin = true;\n",
    "test/begin.test.js": bring,
  };
}

export function targetOf(task) {
  return repository(startOf(task), { runners: task.runner === "vitest" ? "ours" : "none" });
}

const planOf = (task) =>
  planText({
    plan: task.name,
    title: `The task ${task.name}`,
    tasks: [
      {
        id: "T1",
        title: `Write ${task.name}`,
        files: [task.code],
        tests: [testPath(task)],
        creates: task.creates,
        accept: task.accept,
      },
    ],
  });

/** Rules by which a maker's own answer was refused; what is expected (no code yet) is no refusal. */
function refusals(entries, role, gates) {
  const found = entries
    .filter(({ event }) => event.type === "gate-refused" || event.type === "proposal-refused")
    .filter(({ event }) => event.type === "proposal-refused" || gates === undefined || gates.includes(event.gate))
    .flatMap(({ event }) => event.findings)
    .filter((one) => one.answers === role && !/\/(?:no-tests-yet|nothing-yet|not-yet)$/.test(one.rule));
  return [...new Set(found.map((one) => one.rule))];
}

/**
 * `accepted`: door and red let the test be. `passes`: the right code then passes green. `later`: rules that refused the test
 * after red; `landed`: nothing did. `plain`: what exit codes alone say, on the base and on the right code.
 */
export async function trial(task, test, dir) {
  const criteria = task.accept.map(([id]) => id);
  const ended = new AbortController();
  const enough = () => {
    ended.abort();
    return "IMPOSSIBLE: the bench has seen what it wanted to see";
  };
  const once =
    (text) =>
    ({ attempt }) =>
      attempt === 1 ? text : enough();
  const answers = {
    architect: () => planOf(task),
    tester: once(file(testPath(task), test.text)),
    developer: once(file(task.code, task.right)),
    reviewer: () => approval(criteria, `${task.code}: stands there`),
    "goal-checker": () => goalMet,
    examiner: () => '{"checks": []}',
  };
  const script = (asked) => answers[asked.role](asked);
  const told = await scriptedRun(dir, { input: `specs/${task.name}.md`, script, signal: ended.signal });
  const at = told.entries.findIndex(({ event }) => event.type === "answered" && event.role === "developer");
  const [before, after] = at < 0 ? [told.entries, []] : [told.entries.slice(0, at), told.entries.slice(at)];
  const files = { ...startOf(task), [testPath(task)]: test.text };
  const plain = {
    base: passesPlainly(task.runner, files),
    right: passesPlainly(task.runner, { ...files, [task.code]: task.right }),
  };
  const green = after.find(({ event }) => event.gate === "green" && event.type === "gate-passed");
  const refused = refusals(after, "developer").length > 0;
  return {
    accepted: at >= 0,
    refusedBy: refusals(before, "tester"),
    // A test that an earlier gate refuses never meets the right code in the mill: then the runner alone says.
    passes: at >= 0 && !refused && (green !== undefined || plain.right),
    codeRefusedBy: refusals(after, "developer"),
    later: refusals(after, "tester"),
    landed: told.entries.some(({ event }) => event.type === "landed"),
    outcome: told.outcome,
    entries: told.entries,
    plain,
  };
}
