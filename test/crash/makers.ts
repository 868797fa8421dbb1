import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { ModelRequest } from "../../src/domain/model-call.ts";

/** The id of the run, which is the same in every world. */
export const RUN = "r20260101-000000-crsh";

/**
 * A little project, and makers that answer for it with a mistake of each kind: an architect refused by the plan's rules,
 * a tester refused by red, a developer refused at the door and by green, a judge whose reply is unusable, and somebody
 * else who moves the branch, once before the gates look and once between the last look and the landing.
 */
export const FILES = {
  "package.json": '{ "name": "numbers", "type": "module", "private": true }\n',
  "src/add.js": "export function add(left, right) {\n  return left + right;\n}\n",
  "tests/add.test.js": testFile("adds", "add", "add(1, 2), 3"),
  // Every test says that it was run, and that it saw all of its dependency.
  "support/seen.js": `import { basename } from "node:path";
import { whole } from "tool";
import { tell } from "./tell.js";

if (!whole) throw new Error("half of a dependency");
await tell(new URL("../../side/", import.meta.url), "runs", basename(process.argv[1] ?? ""));
`,
  // Writes down what happened, and waits for a kill when one is wanted here.
  "support/tell.js": `import { appendFileSync, existsSync, writeFileSync } from "node:fs";

export async function tell(side, file, line) {
  if (!existsSync(side)) return;
  appendFileSync(new URL(file, side), line + "\\n");
  if (!existsSync(new URL("hold-" + file, side))) return;
  writeFileSync(new URL("held", side), String(process.pid));
  await new Promise((done) => setTimeout(done, 60_000));
}
`,
  "support/install.js": `import { mkdirSync, writeFileSync } from "node:fs";
import { tell } from "./tell.js";

const index = new URL("../node_modules/tool/index.js", import.meta.url);
mkdirSync(new URL(".", index), { recursive: true });
writeFileSync(new URL("package.json", index), '{ "name": "tool", "type": "module", "exports": "./index.js" }');
writeFileSync(index, "export const whole = false;");
await tell(new URL("../../../../../../../tmp/side/", import.meta.url), "installs", "install");
writeFileSync(index, "export const whole = true;");
`,
  ".gitignore": "node_modules\n",
  "specs/numbers.md":
    "# Numbers\n\nWe want `subtract` in `src/subtract.js`: `subtract(5, 3)` is 2. And `multiply` in `src/multiply.js`: `multiply(5, 3)` is 15.\n",
  "millwright.yaml":
    'models: { default: mailbox }\nindependence: none\nsuites:\n  - { runner: node-test, files: ["tests/*.test.js"] }\ndependencies: { install: node support/install.js }\nlint: off\ntypes: off\n',
} as const;

function testFile(title: string, name: string, ...claims: readonly string[]): string {
  return `import assert from "node:assert/strict";
import { test } from "node:test";
import { ${name} } from "../src/${name}.js";
import "../support/seen.js";

test("${title}", () => {
${claims.map((claim) => `  assert.equal(${claim});`).join("\n")}
});
`;
}

const VAGUE = `---
plan: numbers
title: More can be done with numbers
goal:
  - run: node --test tests
  - file: src/subtract.js
tasks:
  - id: T1
    title: Subtract two numbers
    kind: feature
    purpose: People want differences.
    deliverables: [{ what: subtract in src/subtract.js, quality: pure }]
    files: [src/subtract.js]
    tests: [tests/subtract.test.js]
    creates: ["src/subtract.js#subtract"]
    accept: [{ id: AC1, text: subtract works properly }]
  - id: T2
    title: Multiply two numbers
    kind: feature
    purpose: People want products.
    needs: [T1]
    deliverables: [{ what: multiply in src/multiply.js, quality: pure }]
    files: [src/multiply.js]
    tests: [tests/multiply.test.js]
    creates: ["src/multiply.js#multiply"]
    accept: [{ id: AC2, text: '\`multiply(5, 3)\` of \`src/multiply.js\` returns 15' }]
---
## Context
Scripted.
`;

const PLAN = VAGUE.replace(
  "subtract works properly",
  "'`subtract(5, 3)` of `src/subtract.js` returns 2, and `subtract(3, 5)` returns -2'",
);

const file = (path: string, text: string) => `### FILE ${path}\n\`\`\`\n${text}\`\`\`\n`;

const tests = (name: string, title: string, ...claims: readonly string[]) =>
  file(`tests/${name}.test.js`, testFile(title, name, ...claims));

const code = (name: string, operator: string) =>
  file(`src/${name}.js`, `export function ${name}(left, right) {\n  return left ${operator} right;\n}\n`);

const approval = (id: string) =>
  JSON.stringify({
    criteria: [{ id, met: true, evidence: "return left", reason: "" }],
    findings: [],
    summary: "It does.",
  });

const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  "plan/architect": [VAGUE, PLAN],
  "T1/tester": [
    tests("subtract", "subtracts", "subtract(5, 3), 2", "subtract(3, 5), -2"),
    tests("subtract", "AC1 subtracts", "subtract(5, 3), 2", "subtract(3, 5), -2"),
  ],
  "T1/developer": [file("src/add.js", "export const add = 1;\n"), code("subtract", "+"), code("subtract", "-")],
  "T1/reviewer": [approval("AC1")],
  "T2/tester": [tests("multiply", "AC2 multiplies", "multiply(5, 3), 15")],
  "T2/developer": [code("multiply", "*")],
  "T2/reviewer": ["I like it.", approval("AC2")],
  "goal/goal-checker": [JSON.stringify({ decision: "MET", evidence: ["both are there"] })],
};

/** The reply to a question, and what happens in the world while the model thinks. */
export function reply({ task, role, attempt }: ModelRequest, dir: string): string {
  if (task === "T1" && role === "reviewer") somebodyElse(dir, "first");
  if (role === "examiner") return "";
  const said = ANSWERS[`${task}/${role}`]?.[attempt - 1];
  if (said === undefined) throw new Error(`no answer is written for ${task}/${role}/${attempt}`);
  return said;
}

const BRANCH = "refs/heads/loop/numbers";

/** Somebody else lands a note on the plan's branch, once. */
export function somebodyElse(dir: string, note: string): void {
  const message = `Note: ${note}`;
  if (git(dir, "log", "--format=%s", BRANCH).split("\n").includes(message)) return;
  const index = { GIT_INDEX_FILE: join(dir, ".git", `index-of-${note}`) };
  const blob = git(dir, "hash-object", "-w", "--stdin", { input: `${note}\n` });
  git(dir, "read-tree", BRANCH, { env: index });
  git(dir, "update-index", "--add", "--cacheinfo", `100644,${blob},notes/${note}.md`, { env: index });
  const tree = git(dir, "write-tree", { env: index });
  const head = git(dir, "rev-parse", BRANCH);
  git(dir, "update-ref", BRANCH, git(dir, "commit-tree", tree, "-p", head, "-m", message), head);
}

type GitOptions = { readonly input?: string; readonly env?: Readonly<Record<string, string>> };

/** A person's plain git. */
export function git(dir: string, ...words: readonly (string | GitOptions)[]): string {
  const args = words.filter((word) => typeof word === "string");
  const options = words.find((word): word is GitOptions => typeof word === "object");
  const done = spawnSync("git", args, {
    cwd: dir,
    encoding: "utf8",
    input: options?.input,
    env: { ...PERSON, PATH: process.env.PATH ?? "", HOME: dir, ...options?.env },
  });
  if (done.status !== 0) throw new Error(`git ${args.join(" ")}: ${done.stderr}`);
  return done.stdout.trimEnd();
}

const PERSON = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "A Person",
  GIT_AUTHOR_EMAIL: "person@example.invalid",
  GIT_COMMITTER_NAME: "A Person",
  GIT_COMMITTER_EMAIL: "person@example.invalid",
  GIT_AUTHOR_DATE: "2026-01-01T00:00:00Z",
  GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z",
};
