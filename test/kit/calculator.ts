import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import type { ModelRequest } from "../../src/domain/model-call.ts";
import { makeTarget, type Target } from "./target.ts";

/** A tiny TypeScript project: one function, one test, a spec that asks for one more. */
export function calculator(extra: Readonly<Record<string, string>> = {}, folder?: string): Target {
  return makeTarget({ ...FILES, ...extra }, folder);
}

const FILES = {
  "package.json": '{ "name": "calculator", "type": "module", "private": true }\n',
  "src/add.ts": "export function add(left: number, right: number): number {\n  return left + right;\n}\n",
  "tests/add.test.ts":
    'import { expect, test } from "vitest";\nimport { add } from "../src/add.ts";\n\ntest("adds", () => {\n  expect(add(1, 2)).toBe(3);\n});\n',
  "specs/subtract.md": "# Subtract\n\nWe want `subtract` in `src/subtract.ts`: `subtract(5, 3)` is 2.\n",
  "millwright.yaml":
    "workflow: red-green\nmodels: { default: mailbox }\nindependence: none\nsuites:\n  - runner: vitest\ndependencies: { from: node_modules }\n",
} as const;

export const PLAN = `---
plan: subtract
title: Numbers can be subtracted
tasks:
  - id: T1
    title: Subtract two numbers
    kind: feature
    purpose: People want differences.
    deliverables:
      - what: subtract in src/subtract.ts
        quality: pure
    files: [src/subtract.ts]
    tests: [tests/subtract.test.ts]
    creates: ["src/subtract.ts#subtract"]
    accept:
      - id: AC1
        text: '\`subtract(5, 3)\` of \`src/subtract.ts\` returns 2, and \`subtract(3, 5)\` returns -2'
---
## Context
Scripted.
`;

export const TESTS = `### FILE tests/subtract.test.ts
\`\`\`
import { expect, test } from "vitest";
import { subtract } from "../src/subtract.ts";

test("AC1 subtracts the right from the left", () => {
  expect(subtract(5, 3)).toBe(2);
  expect(subtract(3, 5)).toBe(-2);
});
\`\`\`
`;

export const CODE = `### FILE src/subtract.ts
\`\`\`
export function subtract(left: number, right: number): number {
  return left - right;
}
\`\`\`
`;

export const APPROVAL = JSON.stringify({
  criteria: [{ id: "AC1", met: true, evidence: "src/subtract.ts: return left - right", reason: "" }],
  findings: [],
  summary: "Subtracts.",
});

export const GOAL_MET = JSON.stringify({ decision: "MET", evidence: ["src/subtract.ts subtracts"] });

/** Answers by role and attempt; a role with fewer answers repeats its last one. What is not given is answered honestly. */
export function honest(wrong: Partial<Record<ModelRequest["role"], readonly string[]>> = {}): Script {
  const answers: Readonly<Record<string, readonly string[]>> = {
    architect: [PLAN],
    tester: [TESTS],
    developer: [CODE],
    reviewer: [APPROVAL],
    checker: [APPROVED],
    "goal-checker": [GOAL_MET],
    ...wrong,
  };
  return ({ role, attempt }) => {
    const own = answers[role] ?? [];
    return own[Math.min(attempt, own.length) - 1] ?? "";
  };
}

const APPROVED = JSON.stringify({
  headings: Object.fromEntries(
    ["scope", "tests", "quality", "spec", "documentation"].map((heading) => [
      heading,
      { decision: "APPROVE", reasons: ["seen"] },
    ]),
  ),
});
