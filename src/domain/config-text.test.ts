import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readConfig } from "./config-text.ts";
import { InputError } from "./step-failure.ts";
import { readWorkflow } from "./workflow-text.ts";

function problems(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

describe("a config", () => {
  test("an empty file is all defaults", () => {
    expect(readConfig("")).toMatchObject({
      workflow: "red-green",
      sandbox: "auto",
      limits: { attempts: 5 },
      review: { threshold: 90 },
    });
    expect(readConfig("\uFEFF# nothing yet\r\n")).toMatchObject({ workflow: "red-green" });
  });

  test("all problems come at once, each with its line and the nearest right key", () => {
    const text = [
      "workflw: score",
      "models:",
      "  architct: mailbox",
      "limits:",
      "  attempts: many",
      "  testSeconds: 0",
      "  memoryMegabytes: 1.5",
      "suites:",
      "  - runner: vitests",
      "    comand: npx vitest",
      "lint:",
      "  runs: x",
      "independence: vendors",
      "protected: src/**",
      "submodules: ~",
    ].join("\n");
    expect(problems(() => readConfig(text))).toEqual([
      "line 1: workflw: there is no such key. Did you mean workflow?",
      "line 3: models.architct: there is no such key. Did you mean architect?",
      "line 5: limits.attempts: must be a number, but is a text.",
      "line 6: limits.testSeconds: must be at least 1.",
      "line 7: limits.memoryMegabytes: must be a whole number, but is a number.",
      "line 9: suites[0].runner: must be one of vitest, jest, node-test, mocha, pytest, junit, tap, command. Did you mean vitest?",
      "line 10: suites[0].comand: there is no such key. Did you mean command?",
      "line 11: lint.run: is missing.",
      "line 12: lint.runs: there is no such key. Did you mean run?",
      "line 13: independence: must be one of none, model, vendor. Did you mean vendor?",
      "line 14: protected: must be a list, but is a text.",
      "line 15: submodules: must be one of refuse, empty.",
    ]);
  });

  test.each([
    ["a: b: c", "line 1: malformed YAML"],
    ["suites:\n\t- runner: vitest", "line 2: malformed YAML: Tabs"],
    ["protected: [a\nsandbox: auto", "malformed YAML"],
    ["workflow: score\n---\nworkflow: score", "malformed YAML"],
    ["workflow: score\nsandbox: none\nworkflow: score", "line 3: this key stands here a second time"],
    ["- workflow", "line 1: must be a mapping, but is a list."],
    ["just words", "line 1: must be a mapping, but is a text."],
    [
      "a: &a [x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c]",
      "aliases cannot be resolved",
    ],
    ["types: on", 'line 1: types: must be "auto" or "off" or a mapping.'],
    ["zzz: 1", "line 1: zzz: there is no such key. There are: $schema, workflow,"],
    ["models: { default: 'a b' }", "line 1: models.default: must be: backend/model"],
    ["suites:\n  - runner: tap", "line 2: suites[0]: runner tap needs a command"],
    ["suites:\n  - { runner: command }", "runner command needs a command"],
    ["suites:\n  - { runner: junit, command: x }", "runner junit needs `report`"],
    ["suites:\n  - { runner: vitest, report: x.xml }", "report is for runner junit"],
    [
      "suites:\n  - { runner: vitest }\n  - { runner: jest }",
      "line 3: suites[1]: there is already a suite named tests",
    ],
    ["suites:\n  - runner: vitest\n    dir: ../other", "line 3: suites[0].dir: it climbs out"],
    [
      "servers:\n  mailbox: { kind: ollama, url: http://x }",
      "line 2: servers.mailbox: mailbox is a backend of its own",
    ],
    ["servers:\n  a: { kind: ollama, url: nowhere }", "line 2: servers.a.url: must be a URL"],
    ["servers:\n  a: { kind: ollama, url: 'ftp://x' }", "must start with http"],
    ["servers:\n  a: { kind: ollama, url: 'https://me:pw@x' }", "must not hold a password"],
    ["models:\n  default: olama/qwen", "line 2: models.default: there is no server olama. Did you mean ollama?"],
    ["models:\n  tester: cluade-code/opus", "there is no server cluade-code. Did you mean claude-code?"],
    ["cheaper:\n  tester: opnai/x", "line 2: cheaper.tester: there is no server opnai. Did you mean openai?"],
    ["models:\n  tester: llama.cpp", "name the model too: llama.cpp/<model>"],
    ["servers:\n  codex: { kind: ollama, url: 'http://h' }", "line 2: servers.codex: codex is a backend of its own"],
    ["agents:\n  a: { kind: acp }", "line 2: agents.a: kind acp needs a command"],
    ["agents:\n  a: { kind: pi, key: sk-123-secret }", "line 2: agents.a.key: is the name of an environment variable"],
    ["models:\n  default: ollama", "name the model too: ollama/<model>"],
    ["sandbox: none\nimage: node:22", "line 2: image is for"],
    ["prices:\n  a/b: { input: 1, output: 1 }", "line 2: prices.a/b: no role uses this model"],
    [
      "budget:\n  money: 5\nmodels: { default: openai/x, reviewer: ollama/y, tester: openrouter/anthropic/claude-opus-4.5 }",
      "line 2: budget.money cannot be counted without the price of openai/x",
    ],
    ["worktrees: ../trees", "line 1: worktrees: must hold {plan}"],
    ["worktrees: ../{plan}-{task}", "{task} is not replaced"],
    ["protected: ['!src/**']", "protected[0]"],
  ])("%j is refused", (text, expected) => {
    expect(problems(() => readConfig(text)).join("\n")).toContain(expected);
  });

  test("a key that was pasted instead of its name is not repeated", () => {
    const text = "servers:\n  a: { kind: openai-compatible, url: http://x, key: sk-dummy-123 }";
    const found = problems(() => readConfig(text)).join("\n");
    expect(found).toContain("line 2: servers.a.key: is the name of an environment variable");
    expect(found).not.toContain("sk-dummy");
  });

  test("a whole config is read as it stands", () => {
    const text = `
workflow: score
models: { default: local/qwen, reviewer: mailbox/alice, architect: ollama/gemma }
servers:
  local: { kind: openai-compatible, url: http://localhost:8000/v1, key: LOCAL_KEY }
sandbox: podman
image: node:22
suites:
  - { name: unit, runner: vitest }
  - { name: old, runner: junit, command: make test, report: out/junit.xml, dir: legacy }
lint: { run: make lint }
prices: { local/qwen: { input: 0.1, output: 0.2 }, ollama/gemma: { input: 0, output: 0 } }
budget: { money: 5 }
`;
    expect(readConfig(text)).toMatchObject({
      sandbox: "podman",
      lint: { run: "make lint" },
      suites: [{ dir: "." }, { dir: "legacy" }],
    });
  });
});

describe("a workflow", () => {
  const root = join(import.meta.dirname, "../..");
  const shipped = (name: string) => readWorkflow(readFileSync(join(root, `workflows/${name}.yaml`), "utf8"));

  test("red-green asks for tests that fail before the code that makes them pass", () => {
    const { makers, gates } = shipped("red-green");
    expect(makers).toEqual({ tests: "tester", code: "developer" });
    expect(gates.map((entry) => entry.gate).join(" ")).toBe(
      "door red syntax lint symbols types green browser hard-coded discriminates held-out inputs kills unchanged check wiki review current",
    );
  });

  test("score has one maker, a review and five attempts", () => {
    const { makers, gates, limits } = shipped("score");
    expect(makers).toEqual({ tests: "developer", code: "developer" });
    expect(gates.map((entry) => entry.gate).join(" ")).toBe(
      "door syntax symbols green browser check wiki review current",
    );
    expect(limits.attempts).toBe(5);
  });

  test("maker-checker has a checklist, three attempts and three rounds", () => {
    const { gates, limits, goal } = shipped("maker-checker");
    expect(gates.map((entry) => entry.gate).join(" ")).toBe(
      "door syntax lint symbols types green browser check wiki checklist current",
    );
    expect([limits.attempts, goal.rounds, goal.judge]).toEqual([3, 3, true]);
  });

  const workflow = (...gates: string[]) =>
    `name: own\ndescription: x\ngates:\n${gates.map((gate) => `  - ${gate}\n`).join("")}`;

  test("a user's own may run any command", () => {
    const own = workflow(
      "gate: door",
      "{ gate: command, name: licence, run: ./check.sh, answers: tester }",
      "gate: current",
    );
    expect(readWorkflow(own).gates[1]).toEqual({
      gate: "command",
      name: "licence",
      run: "./check.sh",
      answers: "tester",
    });
  });

  test.each([
    [workflow("gate: syntax", "gate: current"), "line 4: gates: the first gate is `door`"],
    [workflow("{ gate: door, kinds: [bug] }", "gate: current"), "the first gate is `door`"],
    [workflow("gate: door", "gate: green"), "line 5: gates: the last gate is `current`"],
    [workflow("gate: door", "gate: current", "gate: green"), "line 6: gates: the last gate is `current`"],
    [workflow("gate: door", "gate: gren", "gate: current"), "line 5: gates[1].gate: must be one of door"],
    [workflow("gate: door", "gate: gren", "gate: current"), "Did you mean green?"],
    [workflow("gate: door", "gate: green", "gate: green", "gate: current"), "line 6: gates[2]: green already stands"],
    [workflow("gate: door", "gate: command", "gate: current"), "a command gate needs `name`"],
    [workflow("gate: door", "{ gate: green, run: x }", "gate: current"), "belong to the gate `command`, not to green"],
    [workflow("gate: door", "{ gate: green, kind: [bug] }", "gate: current"), "Did you mean kinds?"],
    ["name: x\ngates: []", "line 2: gates: must not be empty."],
    ["name: x\ngates: []", "line 1: description: is missing."],
    ["name: x\nname: y", "line 2: this key stands here a second time"],
    [
      `${workflow("gate: door", "gate: current")}makers: { tests: reviewer }`,
      "makers.tests: must be one of tester, developer, documenter",
    ],
  ])("%j is refused", (text, expected) => {
    expect(problems(() => readWorkflow(text)).join("\n")).toContain(expected);
  });
});
