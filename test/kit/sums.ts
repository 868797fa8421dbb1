import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import type { ModelRequest } from "../../src/domain/model-call.ts";
import { honest } from "./calculator.ts";
import { makeTarget, type Target } from "./target.ts";

type Files = Readonly<Record<string, string>>;

export const SUMS_CONFIG = `workflow: red-green
models: { default: mailbox }
independence: none
suites:
  - runner: node-test
dependencies: { install: none }
types: off
`;

/** The quickest target there is: plain JavaScript under node:test, nothing to install. */
export function sums(extra: Files = {}, folder?: string): Target {
  return makeTarget({ ...FILES, ...extra }, folder);
}

const FILES: Files = {
  "package.json": '{ "name": "sums", "type": "module", "private": true }\n',
  "src/add.js": "export function add(left, right) {\n  return left + right;\n}\n",
  "test/add.test.js": testOf("add", "adds", "assert.equal(add(1, 2), 3);"),
  "specs/subtract.md": "# Subtract\n\nWe want `subtract` in `src/subtract.js`: `subtract(5, 3)` is 2.\n",
  "millwright.yaml": SUMS_CONFIG,
};

/** A test file for one function of `src/<name>.js`. */
export function testOf(name: string, title: string, ...body: readonly string[]): string {
  return [
    'import assert from "node:assert/strict";',
    'import { test } from "node:test";',
    `import { ${name} } from "../src/${name}.js";`,
    "",
    `test(${JSON.stringify(title)}, () => {`,
    ...body.map((line) => `  ${line}`),
    "});",
    "",
  ].join("\n");
}

export function file(path: string, text: string): string {
  return `### FILE ${path}\n\`\`\`\n${text.trimEnd()}\n\`\`\`\n`;
}

/** An edit of a part of a file. */
export function edit(path: string, search: string, replace: string): string {
  return `### EDIT ${path}\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;
}

/** A task of a plan; lists are written as YAML flow sequences. */
export interface TaskDraft {
  readonly id?: string;
  readonly kind?: string;
  readonly accept?: Readonly<Record<string, string>>;
  readonly needs?: readonly string[];
  readonly files?: readonly string[];
  readonly tests?: readonly string[];
  readonly creates?: readonly string[];
  readonly more?: Readonly<Record<string, unknown>>;
}

const SUBTRACT: Required<TaskDraft> = {
  id: "T1",
  kind: "feature",
  accept: { AC1: "`subtract(5, 3)` of `src/subtract.js` returns 2, and `subtract(3, 5)` returns -2" },
  needs: [],
  files: ["src/subtract.js"],
  tests: ["test/subtract.test.js"],
  creates: ["src/subtract.js#subtract"],
  more: {},
};

/** A plan as an architect writes it; below the first keys, JSON is YAML. */
export function planWith(tasks: readonly TaskDraft[], header: Readonly<Record<string, unknown>> = {}): string {
  const front = {
    plan: "subtract",
    title: "Numbers can be subtracted",
    ...header,
    tasks: tasks.map((draft) => {
      const { accept, more, ...task } = { ...SUBTRACT, ...draft };
      const criteria = Object.entries(accept).map(([id, text]) => ({ id, text }));
      const said = {
        title: `Do ${task.id}`,
        purpose: "People want it.",
        deliverables: [{ what: "what the criteria say", quality: "pure" }],
      };
      return { ...said, ...task, accept: criteria, ...more };
    }),
  };
  const lines = Object.entries(front).map(([key, value]) => `${key}: ${JSON.stringify(value, null, 2)}`);
  return `---\n${lines.join("\n")}\n---\n## Context\nScripted.\n`;
}

export const SUBTRACT_PLAN = planWith([{}]);

export const SUBTRACT_TESTS = file(
  "test/subtract.test.js",
  testOf(
    "subtract",
    "AC1 subtracts the right from the left",
    "assert.equal(subtract(5, 3), 2);",
    "assert.equal(subtract(3, 5), -2);",
  ),
);

export const SUBTRACT_CODE = file(
  "src/subtract.js",
  "export function subtract(left, right) {\n  return left - right;\n}",
);

/** A reviewer's answer that meets the criteria with these ids. */
export function approval(...ids: readonly string[]): string {
  const criteria = ids.map((id) => ({ id, met: true, evidence: "seen in the difference", reason: "" }));
  return JSON.stringify({ criteria, findings: [], summary: "Read it." });
}

export type Answers = Partial<Record<ModelRequest["role"], readonly string[]>>;

/** Answers honestly for the subtract task, but for what is given; lists are by attempt, and the last one repeats. */
export function subtracting(wrong: Answers = {}): Script {
  return honest({
    architect: [SUBTRACT_PLAN],
    tester: [SUBTRACT_TESTS],
    developer: [SUBTRACT_CODE],
    reviewer: [approval("AC1")],
    ...wrong,
  });
}

/** Answers by task, then as `subtracting` does: for plans with several tasks. */
export function byTask(plan: string, answers: Readonly<Record<string, Answers>>): Script {
  const rest = subtracting({ architect: [plan] });
  return (request) => {
    const own = answers[request.task]?.[request.role];
    return own ? (own[Math.min(request.attempt, own.length) - 1] ?? "") : rest(request);
  };
}
