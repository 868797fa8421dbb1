import { describe, expect, test } from "vitest";
import { Config } from "./config.ts";
import type { Plan } from "./plan.ts";
import type { PlanFacts } from "./plan-findings.ts";
import { linkOrder, taskOrder } from "./plan-graph.ts";
import { driftOf, judgePlan } from "./plan-rules.ts";
import { fillPlan, parsePlans } from "./plan-text.ts";
import type { Spec } from "./spec.ts";
import { readSpec } from "./spec-reading.ts";
import { Task } from "./task.ts";

const spec = readSpec('# Pricing\n\nA negative price throws "price must be >= 0".', "specs/pricing.md");
const facts: PlanFacts = {
  files: ["src/pricing.ts", "src/currency.ts", "tests/pricing.test.ts", "package.json", "docs/a.md", "tsconfig.json"],
  profile: {
    suites: [
      {
        name: "tests",
        runner: "vitest",
        version: "vitest 4",
        dir: ".",
        tests: ["**/*.{test,spec}.?(c|m)[jt]s?(x)"],
        infrastructure: ["vitest.config.*"],
      },
    ],
    manifests: ["package.json"],
  },
  config: Config.parse({ protected: ["infra/**"], repos: { web: "../web" } }),
  skills: ["python-style"],
};

let counter = 0;
function task(change: Partial<Task> = {}): Task {
  counter += 1;
  const base = {
    id: `T${counter}`,
    title: "A negative price is an error",
    kind: "bug",
    purpose: "An invoice paid a customer.",
    deliverables: [{ what: "a guard", quality: "one line" }],
    files: ["src/pricing.ts"],
    tests: [`tests/t${counter}.test.ts`],
    accept: [{ id: `AC${counter}`, text: 'price(-1) throws "price must be >= 0"' }],
  };
  return Task.parse({ ...base, ...change });
}

function plan(tasks: readonly Task[], change: Partial<Plan> = {}): Plan {
  return {
    plan: "pricing",
    title: "Pricing",
    spec: { digest: spec.digest },
    base: "b".repeat(40),
    needs: [],
    goal: [],
    tasks: [...tasks],
    body: "",
    ...change,
  };
}

function refusals(plans: readonly Plan[], than: { spec?: Spec; facts?: PlanFacts } = {}): string {
  const verdict = judgePlan(plans, than.spec ?? spec, than.facts ?? facts);
  if (verdict.kind === "pass") return "";
  expect(verdict.findings.every((finding) => finding.answers === "architect")).toBe(true);
  return verdict.findings.map((finding) => `${finding.rule} ${finding.message}`).join("\n");
}

const one = (change: Partial<Task>) => refusals([plan([task(change)])]);

test("a sound plan passes", () => {
  const first = task();
  const linked = plan([task({ needs: [`pricing/${first.id}`] })], { plan: "later", needs: ["pricing"] });
  expect(refusals([plan([first, task({ needs: [first.id] })]), linked])).toBe("");
});

describe("order", () => {
  test("needs that nobody has are refused with the nearest name", () => {
    const first = task({ id: "price-guard" });
    const found = refusals([
      plan([first, task({ needs: ["price-gard", "pricing/nope", "price-guard"] })], { needs: ["currenzy"] }),
      plan([task({ files: ["src/a.ts"], kind: "feature" })], { plan: "currency" }),
    ]);
    expect(found).toContain("needs price-gard, which no plan has. Did you mean price-guard?");
    expect(found).toContain("needs pricing/nope");
    expect(found).toContain("needs the plan currenzy, which is not here. Did you mean currency?");
  });

  test("a circle is shown, within a plan and across plans", () => {
    const circle = [task({ id: "a", needs: ["c"] }), task({ id: "b", needs: ["a"] }), task({ id: "c", needs: ["b"] })];
    expect(refusals([plan(circle)])).toContain("plan/cycle The needs go in a circle: a -> c -> b -> a.");
    expect(refusals([plan([task({ id: "self", needs: ["self"] })])])).toContain("self -> self");
    const across = [
      plan([task({ id: "x", needs: ["two/y"] })], { plan: "one" }),
      plan([task({ id: "y", needs: ["one/x"] })], { plan: "two" }),
    ];
    expect(refusals(across)).toContain("one/x -> two/y -> one/x");
    const plans = [plan([task()], { plan: "one", needs: ["two"] }), plan([task()], { plan: "two", needs: ["one"] })];
    expect(refusals(plans)).toContain("one -> two -> one");
  });

  test("tasks and plans come in the order of their needs, and else as they stand", () => {
    const tasks = [
      task({ id: "a", needs: ["c"] }),
      task({ id: "b" }),
      task({ id: "c" }),
      task({ id: "d", needs: ["pricing/b"] }),
    ];
    expect(taskOrder(plan(tasks)).map(({ id }) => id)).toEqual(["b", "c", "a", "d"]);
    expect(
      taskOrder(plan([task({ id: "a", needs: ["b"] }), task({ id: "b", needs: ["a"] })])).map(({ id }) => id),
    ).toEqual(["a", "b"]);
    const plans = [
      plan([], { plan: "z", needs: ["y"] }),
      plan([task({ needs: ["w/t"] })], { plan: "y" }),
      plan([], { plan: "w" }),
    ];
    expect(linkOrder(plans).map((each) => each.plan)).toEqual(["w", "y", "z"]);
  });

  test("ids are unique in all linked plans, whatever their case", () => {
    const twice = [
      task({ id: "T1" }),
      task({ id: "t1", needs: ["T1"], accept: [{ id: "AC9", text: "price(0) returns 0" }] }),
    ];
    const other = plan([task({ id: "U1", accept: [{ id: "AC9", text: "price(0) returns 0" }] })], {
      plan: "other",
      needs: ["pricing"],
    });
    const found = refusals([plan(twice), other]);
    expect(found).toContain("plan/duplicate-task Two tasks have the id T1");
    expect(found).toContain("plan/duplicate-criterion Two criteria have the id AC9 (in pricing/t1 and other/U1)");
    expect(refusals([plan([task()]), plan([task()])])).toContain("plan/duplicate-plan");
  });

  test("11 tasks are split into linked plans", () => {
    const tasks = Array.from({ length: 11 }, (_, at) => task({ kind: "feature", files: [`src/f${at}.ts`] }));
    expect(refusals([plan(tasks)])).toContain(
      "pricing has 11 tasks; a plan has at most 10. Split it into linked plans",
    );
    expect(refusals([plan(tasks.slice(0, 10))])).toBe("");
  });

  test("two tasks that write one file are ordered", () => {
    expect(refusals([plan([task({ id: "A" }), task({ id: "B" })])])).toContain(
      "A and B may both write src/pricing.ts; order them: B needs A",
    );
    const glob = [task({ id: "A", files: ["src/**"] }), task({ id: "B", files: ["src/currency.ts"] })];
    expect(refusals([plan(glob)])).toContain("may both write src/currency.ts");
    const spelled = [task({ id: "A" }), task({ id: "B", kind: "feature", files: ["src/Pricing.ts"] })];
    expect(refusals([plan(spelled)])).toContain("plan/unordered-writers");
    const globs = [task({ id: "A", files: ["src/p*"] }), task({ id: "B", files: ["src/*g.ts"] })];
    expect(refusals([plan(globs)])).toContain("may both write src/pricing.ts");
    const chain = [
      task({ id: "A" }),
      task({ id: "B", files: ["src/currency.ts"], needs: ["A"] }),
      task({ id: "C", needs: ["B"] }),
    ];
    expect(refusals([plan(chain)])).toBe("");
    expect(refusals([plan([task({ id: "A" }), task({ id: "B", repo: "web" })])])).toBe("");
  });
});

describe("what each kind must name", () => {
  test.each<[Partial<Task>, string]>([
    [{ files: [] }, "plan/no-files"],
    [{ tests: [] }, "plan/no-tests"],
    [{ kind: "feature", tests: [] }, "plan/no-tests"],
    [{ kind: "test", files: [], lines: ["src/pricing.ts:1-5"], tests: [] }, "plan/no-tests"],
    [{ kind: "test", files: [] }, "plan/no-lines"],
    [{ kind: "docs", files: ["docs/a.md"], tests: [] }, "plan/no-check"],
    [{ kind: "config", files: ["tsconfig.json"], tests: [] }, "plan/no-check"],
    [{ check: "npm test" }, "plan/check"],
    [{ repo: "wep" }, "There is no repository wep. Did you mean web?"],
    [{ skill: "python-stile" }, "There is no skill python-stile. Did you mean python-style?"],
    [{ accept: [{ id: "AC1", text: "The price check works" }] }, 'AC1 is vague: "works" does not say what is seen'],
  ])("%j: %s", (change, expected) => {
    expect(one(change)).toContain(expected);
  });

  test.each<Partial<Task>>([
    { kind: "docs", files: ["docs/b.md"], tests: [], check: "grep -q x docs/b.md" },
    { kind: "config", files: ["tsconfig.json"], tests: [], check: "npx tsc" },
    { kind: "config", files: ["vitest.config.ts"], tests: [], check: "npx vitest run" },
    { kind: "test", files: [], lines: ["src/pricing.ts:1-5"] },
    { kind: "refactor", tests: [] },
    { kind: "feature", files: ["src/new.ts"], creates: ["src/new.ts#make"] },
    {
      kind: "move",
      files: [],
      tests: ["tests/new.test.ts"],
      moves: [{ from: "tests/pricing.test.ts", to: "tests/new.test.ts" }],
    },
    { kind: "feature", files: ["src/**", "package.json"], tests: ["tests/**"] },
    { repo: "web", files: ["unknown/a.ts"], tests: ["spec/a_spec.rb"] },
    { files: ["src/pricing.ts"], deletes: ["src/currency.ts"] },
  ])("%j passes", (change) => {
    expect(one(change)).toBe("");
  });
});

describe("paths", () => {
  test.each<[Partial<Task>, string]>([
    [{ files: ["../other/a.ts"] }, "plan/path"],
    [{ files: ["/etc/passwd"] }, "plan/path"],
    [{ files: [".git/config"] }, "plan/path"],
    [{ files: ["src/pricing.ts", "!src/a.ts"] }, "plan/path"],
    [{ tests: ["C:\\a.test.ts"] }, "plan/path"],
    [{ deletes: ["../a.ts"] }, "plan/path"],
    [{ files: ["**"] }, "plan/too-wide"],
    [{ files: ["**/*"] }, "plan/too-wide"],
    [{ files: ["."] }, "plan/path"],
    [{ files: [".github/workflows/ci.yml"] }, "plan/protected"],
    [{ files: [".github/"] }, "plan/protected"],
    [{ files: [".github/**"] }, "plan/protected"],
    [{ files: ["infra/main.tf"] }, "plan/protected"],
    [{ files: ["tsconfig.json"] }, "plan/protected"],
    [{ kind: "config", check: "x", files: ["millwright.yaml"] }, "plan/protected"],
    [{ kind: "config", check: "x", files: [".gitignore"] }, "plan/protected"],
    [{ tests: ["tests/pricing.ts"] }, "The runner does not collect tests/pricing.ts: test files here are **/*."],
    [{ files: ["tests/pricing.test.ts"] }, "plan/test-among-files"],
    [{ creates: ["src/other.ts#make"] }, "plan/creates"],
    [{ deletes: ["src/gone.ts"] }, "deletes names src/gone.ts, which is not in the repository"],
    [{ deletes: ["src/currencies.ts"] }, "Did you mean src/currency.ts?"],
    [{ creates: ["src/pricing.ts#a"], deletes: ["src/pricing.ts"] }, "both creates and deletes"],
    [{ moves: [{ from: "tests/no.test.ts", to: "tests/new.test.ts" }] }, "plan/moves"],
    [{ moves: [{ from: "tests/pricing.test.ts", to: "tests/other.test.ts" }] }, "not among the task's tests"],
    [{ moves: [{ from: "tests/pricing.test.ts", to: "tests/pricing.test.ts" }] }, "as its own target"],
    [{ kind: "test", files: [], lines: ["src/pricing.ts:9-5"] }, "lines count from 1"],
    [
      { kind: "test", files: [], lines: ["src/price.ts:1-5"] },
      "lines names src/price.ts, which is not in the repository",
    ],
    [{ files: ["src/prices.ts"] }, "A bug changes code that is there. files names src/prices.ts"],
    [{ kind: "refactor", files: ["src/prices.ts"] }, "plan/unknown-file"],
  ])("%j: %s", (change, expected) => {
    expect(one(change)).toContain(expected);
  });

  test("what an earlier task writes is there for a later one", () => {
    const first = task({ id: "A", kind: "feature", files: ["src/new.ts"] });
    expect(refusals([plan([first, task({ id: "B", files: ["src/new.ts"], needs: ["A"] })])])).toBe("");
    expect(refusals([plan([first, task({ id: "B", files: ["src/other.ts"] })])])).toContain("plan/unknown-file");
  });

  test("a goal's file lies inside the repository too", () => {
    expect(refusals([plan([task()], { goal: [{ file: "../x" }] })])).toContain("plan/path The goal of pricing");
  });
});

describe("literals of the spec", () => {
  const rich = readSpec(
    "# Labels\n\nA label is #2563EB and 8px wide.\n`GET /labels` answers 200 with `items`.\nIt lives in `src/label.ts`.",
    "specs/labels.md",
  );
  const label = (text: string) => [
    plan([task({ kind: "feature", files: ["src/label.ts"], accept: [{ id: "AC1", text }] })], {
      spec: { digest: rich.digest },
    }),
  ];

  test("that no criterion holds are refused with the spec's line", () => {
    const verdict = judgePlan(label("A label is #2563eb and 8 px wide; GET /labels answers 201"), rich, facts);
    expect(verdict.kind === "refuse" && verdict.findings).toEqual([
      expect.objectContaining({
        rule: "plan/literal-missing",
        path: "specs/labels.md",
        line: 4,
        message: expect.stringContaining("holds 200 of the spec, line 4"),
      }),
      expect.objectContaining({
        rule: "plan/literal-missing",
        line: 4,
        message: expect.stringContaining("`items`"),
        evidence: "`GET /labels` answers 200 with `items`.",
      }),
    ]);
  });

  test("may stand in any criterion, a check, the goal, or (names) among the files", () => {
    const whole = label("A label is #2563eb and 8 px wide; GET /labels answers 200");
    expect(
      refusals(
        whole.map((each) => ({ ...each, goal: [{ run: "grep -q items openapi.json" }] })),
        { spec: rich },
      ),
    ).toBe("");
  });

  test("are not demanded of a plan that stands for itself", () => {
    const own: Spec = { title: "Pricing", text: "Body with `unknown`", digest: spec.digest };
    expect(refusals([plan([task()])], { spec: own })).toBe("");
  });
});

test("drift of spec and code is said", () => {
  const made = plan([task()], { spec: { path: "specs/pricing.md", digest: "0".repeat(64) } });
  expect(driftOf(made, spec, "c".repeat(40))).toEqual([
    expect.stringContaining("The spec specs/pricing.md has changed"),
    "The code has moved on since the plan pricing was made: from bbbbbbbbbb to cccccccccc.",
  ]);
  expect(driftOf(plan([task()]), spec, "b".repeat(40))).toEqual([]);
});

test("all findings of a reply come at once", () => {
  const reply =
    "---\nplan: p\ntitle: Some plan\ntasks:\n  - id: T1\n    title: It works\n    kind: feature\n    purpose: x\n    deliverables: [{what: a, quality: b}]\n    needs: [T9]\n    accept: [{id: AC1, text: It works}]\n---\n";
  const parsed = parsePlans(reply);
  const plans =
    parsed.kind === "plans" ? parsed.plans.map((draft) => fillPlan(draft, { specDigest: spec.digest, base: "b" })) : [];
  const rules = refusals(plans)
    .split("\n")
    .map((line) => line.split(" ")[0]);
  expect(rules).toEqual(["plan/unknown-need", "plan/no-files", "plan/no-tests", "plan/vague", "plan/literal-missing"]);
});
