import { describe, expect, test } from "vitest";
import { fillPlan, parsePlan, parsePlans, printPlan } from "./plan-text.ts";

const TASK = `  - id: T1
    title: A negative price is an error
    kind: bug
    purpose: An import wrote a price of minus twelve euros.
    deliverables: [{ what: a guard, quality: one line }]
    files: [src/pricing.ts]
    tests: [tests/negative.test.ts]
    accept:
      - id: AC1
        text: 'calculateDiscount(-0.01, 10) throws a RangeError with "price must be >= 0"'
`;
const DRAFT = `---
plan: harden-pricing
title: Harden pricing
tasks:
${TASK}---
## Context

Prices.
`;

function drafts(reply: string) {
  const parsed = parsePlans(reply);
  if (parsed.kind === "problems") throw new Error(parsed.problems.join("\n"));
  return parsed.plans;
}

function problems(reply: string): string {
  const parsed = parsePlans(reply);
  return parsed.kind === "problems" ? parsed.problems.join("\n") : `no problem: ${parsed.plans.length} plans`;
}

const known = { specDigest: "a".repeat(64), base: "b".repeat(40), specPath: "specs/pricing.md" };

describe("an architect's reply", () => {
  test("is a plan whose spec and base the mill fills in", () => {
    const [draft] = drafts(DRAFT);
    expect(draft && fillPlan(draft, known)).toMatchObject({
      plan: "harden-pricing",
      spec: { path: "specs/pricing.md", digest: "a".repeat(64) },
      base: "b".repeat(40),
      needs: [],
      tasks: [{ id: "T1", needs: [], accept: [{ id: "AC1" }] }],
      body: "## Context\n\nPrices.",
    });
  });

  test("whatever the architect says of spec and base does not count", () => {
    const [draft] = drafts(DRAFT.replace("tasks:", "spec: specs/other.md\nbase: HEAD\ntasks:"));
    expect(draft && fillPlan(draft, known)).toMatchObject({ spec: { path: "specs/pricing.md" }, base: "b".repeat(40) });
  });

  test.each([
    ["in a fence", `Here is the plan:\n\n\`\`\`markdown\n${DRAFT}\`\`\`\n`],
    ["with Windows line ends", DRAFT.replaceAll("\n", "\r\n")],
    ["with thoughts in front", `<think>\n---\nplan: no\n---\n</think>\n${DRAFT}`],
    ["with prose and a rule in front", `Sure.\n\n---\n\nThe plan:\n\n${DRAFT}`],
  ])("may come %s", (_how, reply) => {
    expect(drafts(reply).map((plan) => [plan.plan, plan.body])).toEqual([["harden-pricing", "## Context\n\nPrices."]]);
  });

  test("a body may hold rules and code", () => {
    const body = "## Context\n\n---\n\n```ts\nconst a = 1;\n```\n\n---\n\nEnd.";
    expect(drafts(DRAFT.replace("## Context\n\nPrices.", body))[0]?.body).toBe(body);
  });

  test("may hold several linked plans", () => {
    const second = DRAFT.replace("plan: harden-pricing", "plan: currency\nneeds: [harden-pricing]");
    expect(drafts(`${DRAFT}\n${second}`).map((plan) => [plan.plan, plan.needs, plan.body])).toEqual([
      ["harden-pricing", [], "## Context\n\nPrices."],
      ["currency", ["harden-pricing"], "## Context\n\nPrices."],
    ]);
  });

  test("all problems of all plans come with the reply's lines", () => {
    const first = DRAFT.replace("kind: bug", "kind: bugg").replace("    purpose", "    purpos");
    const second = DRAFT.replace("id: AC1", "id: criterion-1").replace("tests:", "test:");
    expect(problems(`Hello\n${first}${second}`).split("\n")).toEqual([
      "line 6: tasks[0].purpose: is missing.",
      "line 8: tasks[0].kind: must be one of feature, bug, refactor, move, test, docs, config. Did you mean bug?",
      "line 9: tasks[0].purpos: there is no such key. Did you mean purpose?",
      "line 30: tasks[0].test: there is no such key. Did you mean tests?",
      "line 32: tasks[0].accept[0].id: must be: letters then digits, like AC1.",
    ]);
  });

  test.each([
    ["I need more information.", "there is no plan in this reply"],
    ["", "there is no plan in this reply"],
    [`plan: x\ntasks:\n${TASK}`, "line 1: the plan's YAML must stand between two lines ---"],
    [`---\nplan: x\ntasks:\n${TASK}`, "line 1: the front matter that starts here is never closed"],
    [DRAFT.replace("title: Harden", "title: Harden: now"), "malformed YAML"],
    [DRAFT.replace("title: Harden", "title: Harden: now"), "needs quotes"],
    [
      DRAFT.replace("title: Harden pricing", "title: Harden pricing #2563eb"),
      "line 3: everything from #2563eb on is a comment",
    ],
    [
      DRAFT.replace("title: Harden pricing", "title: Harden\ntitle: pricing"),
      "line 4: this key stands here a second time",
    ],
    [`---\nplan: x\ntitle: Some plan\ntasks: []\n---\n`, "line 4: tasks: must not be empty."],
    [DRAFT.replace("harden-pricing", "Harden Pricing"), "line 2: plan: must be: lower-case letters"],
  ])("%j is no plan", (reply, expected) => {
    expect(problems(reply)).toContain(expected);
  });
});

describe("a plan file", () => {
  const filled = () => {
    const [draft] = drafts(DRAFT);
    if (!draft) throw new Error("no plan");
    return fillPlan(draft, known);
  };

  test("reads back as it was printed", () => {
    const plan = {
      ...filled(),
      needs: ["other"],
      goal: [{ run: "npm test" }, { file: "docs/a.md", contains: "## a: b" }],
      body: "## Risks\n\n---\n\n- `#2563eb`\n\n```yaml\na: 1\n```",
    };
    const [task] = plan.tasks;
    const tricky = [
      "#2563eb is shown",
      "answers 404: not found",
      "- a list?\n  and more lines\n",
      "yes",
      "  spaces  ",
      "“smart” — ünï 日本",
      "--- three",
      "\"quoted\" 'twice' \\n",
      "long ".repeat(60).trim(),
    ].map((text, at) => ({ id: `AC${at + 1}`, text }));
    const whole = {
      ...plan,
      tasks: task
        ? [
            { ...task, accept: tricky, moves: [{ from: "a", to: "b" }] },
            { ...task, id: "T2" },
          ]
        : [],
    };
    expect(parsePlan(printPlan(whole))).toEqual({ kind: "plan", plan: whole });
    expect(printPlan(whole)).not.toContain("creates:");
  });

  test("that a person broke says where", () => {
    const text = printPlan(filled());
    expect(parsePlan(text.replace("spec:", "specc:"))).toEqual({
      kind: "problems",
      problems: ["line 2: spec: is missing.", "line 4: specc: there is no such key. Did you mean spec?"],
    });
    expect(parsePlan("# No front matter\n")).toMatchObject({ kind: "problems" });
    expect(parsePlan(text.replace(/\n---\n/, "\n"))).toMatchObject({
      problems: [expect.stringContaining("never closed")],
    });
  });
});
