import { describe, expect, test } from "vitest";
import type { JournalEntry } from "../event.ts";
import type { Plan } from "../plan.ts";
import { leverageOf, ranked } from "./audit-finding.ts";
import { parseAudit } from "./audit-reply.ts";
import { coverageCommand, lcovOf } from "./coverage-command.ts";
import { findDead } from "./find-dead.ts";
import { findDependencies, manifestOf } from "./find-dependencies.ts";
import { findDuplicates } from "./find-duplicates.ts";
import { findComplexity, findMarks, findUndocumented } from "./find-in-code.ts";
import { findModules, measureModules } from "./find-modules.ts";
import { findUncovered, findUnnamed, readLcov } from "./find-untested.ts";
import { planRows } from "./plan-state.ts";
import { readingOf } from "./reading.ts";
import { withRejection } from "./reconcile.ts";
import { fanIn, importCycles, importGraph, sourceFile, tokensOfSource } from "./source.ts";
import { isSameClaim, plainLines, verified } from "./verify-finding.ts";

const code = (path: string, text: string) => sourceFile(path, text, /\.test\.|^tests?\//.test(path));
const claims = (report: { readonly signals: readonly { readonly claim: string }[] }) =>
  report.signals.map(({ claim }) => claim);
const base = { kind: "bug", impact: "high", effort: "small", risk: "low", confidence: "high", claim: "wrong" } as const;

describe("leverage", () => {
  test("is impact by confidence, over effort and risk", () => {
    expect(leverageOf(base)).toBe(9);
    expect(leverageOf({ ...base, effort: "large", risk: "high", confidence: "low" })).toBe(0.42);
    expect(leverageOf({ impact: "low", effort: "large", risk: "high", confidence: "low" })).toBe(0.05);
  });

  test("ranks, and leaves no order to chance", () => {
    const at = (file: string, more = {}) => ({ ...base, file, lines: { from: 1, to: 1 }, quote: "x", ...more });
    const findings = [at("b"), at("a"), at("c", { impact: "medium" }), at("d", { kind: "debt" as const })];
    expect(ranked(findings).map(({ file }) => file)).toEqual(["a", "b", "d", "c"]);
  });
});

describe("verifying a quotation", () => {
  const text = "one();\n\n  if (a  &&  b) {\n    two(c);\n  }\none();\n";
  const look = (quote: string, from = 1, more = {}) =>
    verified({ ...base, file: "src/a.ts", lines: { from, to: from }, quote, ...more }, text);

  test.each([
    ["whole lines, whatever the white space", "if (a && b) {\ntwo(c);", 3, { from: 3, to: 4 }],
    ["with the numbers that the brief shows", "   3|   if (a  &&  b) {", 3, { from: 3, to: 3 }],
    ["in a fence, at wrong lines", "```ts\ntwo(c);\n```", 40, { from: 4, to: 4 }],
    ["the nearest of several", "one();", 6, { from: 6, to: 6 }],
  ])("%s", (_name, quote, from, lines) => {
    expect(look(quote, from)).toMatchObject({ kind: "there", finding: { lines } });
  });

  test.each([
    ["lines that are not there", "three();"],
    ["nothing to look for", "}"],
    ["lines in another order", "two(c);\nif (a && b) {"],
  ])("drops %s", (_name, quote) => {
    expect(look(quote).kind).toBe("dropped");
  });

  test("drops what leaves the repository, and files that are not there", () => {
    expect(look("one();", 1, { file: "../secrets" }).kind).toBe("dropped");
    expect(verified({ ...base, file: "a", lines: { from: 1, to: 1 }, quote: "one();" }, undefined).kind).toBe(
      "dropped",
    );
  });

  test("keeps no secret, and every line its number", () => {
    const token = `ghp_${"aB3".repeat(12)}`;
    const secret = `const password = "hunter2hunter2";\n-----BEGIN PRIVATE KEY-----\nMIIabc\nMIIdef\n-----END PRIVATE KEY-----\nuse("${token}");\n`;
    const quoted = verified(
      { ...base, file: "a.ts", lines: { from: 6, to: 6 }, quote: `use("${token}");`, claim: `${token} leaks` },
      secret,
    );
    expect(quoted).toMatchObject({ kind: "there", finding: { lines: { from: 6, to: 6 } } });
    expect(JSON.stringify(quoted)).not.toContain(token);
    expect(plainLines(secret)).toHaveLength(7);
    expect(plainLines(secret).join("\n")).not.toMatch(/hunter2|MII/);
  });

  test("knows two words for one claim, and two claims at one place", () => {
    const one = {
      kind: "bug",
      file: "a.ts",
      quote: "return left / right;",
      claim: "divide by zero answers Infinity",
    } as const;
    expect(isSameClaim(one, { ...one, claim: "Infinity is the answer of divide when right is zero" })).toBe(true);
    expect(isSameClaim(one, { ...one, kind: "missing-docs", claim: "no word explains rounding of cents" })).toBe(false);
    expect(isSameClaim(one, { ...one, file: "b.ts" })).toBe(false);
  });
});

describe("the auditor's reply", () => {
  test("is read with lines as numbers, and no more than is looked at", () => {
    const one = { ...base, file: "a.ts", lines: "12-9", quote: "x = 1" };
    const parsed = parseAudit(JSON.stringify({ findings: Array.from({ length: 25 }, () => one) }));
    expect(parsed).toMatchObject({ kind: "usable", reply: { over: 5, concepts: [] } });
    expect(parsed.kind === "usable" && parsed.reply.findings[0]?.lines).toEqual({ from: 9, to: 12 });
    expect(parseAudit('{"findings":[{"kind":"feature"}]}').kind).toBe("unusable");
  });
});

describe("finders", () => {
  test("tokens: strings, comments, regular expressions and templates do not derail", () => {
    const text = 'const a = /["\']/.test(x); // "\nconst b = `}${"`"}`; /* if */ const c = a / 2 / 3;\n';
    const words = tokensOfSource("a.ts", text)
      .filter(({ kind }) => kind === "word")
      .map(({ text: word }) => word);
    expect(words).toEqual(["const", "a", "test", "x", "const", "b", "const", "c", "a"]);
  });

  test("coverage: LCOV names the lines that no test ran; without it, exports that no test names", () => {
    const file = code("src/a.ts", "export function one() {\n  return 1;\n}\nexport function two() {\n  return 2;\n}\n");
    const lcov = "SF:src/a.ts\nDA:1,1\nDA:2,1\nDA:4,0\nDA:5,0\nend_of_record\n";
    expect(claims(findUncovered([file], readLcov(lcov), "vitest"))).toEqual(["No test runs lines 4 to 5."]);
    const tests = code("tests/a.test.ts", 'import { one } from "../src/a.ts";\none();\n');
    expect(claims(findUnnamed([file, tests], ""))).toEqual(["No test names two, which src/a.ts offers."]);
    expect(claims(findUnnamed([file], ""))[0]).toMatch(/no test in this repository/);
    const suite = { name: "tests", runner: "vitest", version: "4", dir: "web", tests: [], infrastructure: [] } as const;
    expect(coverageCommand(suite, new Set()).kind).toBe("none");
    expect(coverageCommand(suite, new Set(["@vitest/coverage-v8"]))).toMatchObject({
      run: expect.stringMatching(/^cd 'web' && /),
    });
    expect(lcovOf("noise\n--- millwright lcov ---\nSF:a")).toContain("SF:a");
  });

  test("dead code: names that nothing else says, in files that others import", () => {
    const files = [
      code("src/a.ts", "export const used = 1;\nexport const dead = 2;\n"),
      code("src/b.ts", 'import { used } from "./a.ts";\nexport const entry = used;\n'),
    ];
    const report = findDead(files, importGraph(files), { entries: [], words: new Set() });
    expect(claims(report)).toEqual(["No other file names dead: it seems to be dead code."]);
    expect(findDead(files, importGraph(files), { entries: [], words: new Set(["dead"]) }).found).toBe(0);
  });

  test("duplicates: a copy under another layout is one, a short or renamed one is none", () => {
    const body = Array.from({ length: 12 }, (_, at) => `  total += list[${at}].price * list[${at}].count;`).join("\n");
    const one = code("src/a.ts", `export function sum(list) {\n  let total = 0;\n${body}\n  return total;\n}\n`);
    const copy = code(
      "src/b.ts",
      `const other = 1;\nfunction same(list) {\n  let total = 0;\n\n${body.replaceAll("  ", "\t")}\n  return total;\n}\n`,
    );
    expect(claims(findDuplicates([one, copy]))).toEqual([
      expect.stringMatching(/^Lines \d+ to \d+ are a copy of src\/a\.ts:1-\d+\.$/),
    ]);
    const renamed = code("src/c.ts", copy.text.replaceAll("total", "whole").replaceAll("list", "items"));
    expect(findDuplicates([one, renamed]).found).toBe(0);
  });

  test("dependencies: declared and unused, used and undeclared", () => {
    const manifest = code(
      "package.json",
      '{\n  "name": "me",\n  "dependencies": { "left": "1", "@a/b": "1" },\n  "devDependencies": { "vitest": "4" }\n}\n',
    );
    const file = code(
      "src/a.ts",
      'import x from "@a/b/sub";\nimport fs from "node:fs";\nimport path from "path";\nimport y from "ghost";\nimport "./b.ts";\nimport "me/x";\n',
    );
    const found = manifestOf(manifest);
    const facts = { manifests: found ? [found] : [], files: [file], around: "", builtin: new Set(["path"]) };
    expect(claims(findDependencies(facts)).sort()).toEqual([
      "ghost is imported and no manifest declares it.",
      "left is declared and no file imports or names it.",
    ]);
  });

  test("complexity, marks with their age, missing documentation", () => {
    const branches = Array.from({ length: 14 }, (_, at) => `  if (one === ${at}) return ${at};`).join("\n");
    const file = code(
      "src/a.ts",
      `export function many(one: number, two?: string): number {\n${branches}\n  return 0; // TODO: the rest\n}\n`,
    );
    expect(claims(findComplexity([file]))).toEqual(["many has a complexity of 15 in 17 lines."]);
    const day = 86_400;
    expect(claims(findMarks([file], new Map([["src/a.ts", new Map([[16, 0]])]]), 120 * day))).toEqual([
      "A TODO has stood here for 120 days.",
    ]);
    expect(claims(findUndocumented([file]))).toEqual(["1 of 1 exports have no documentation: many."]);
    expect(findUndocumented([code("src/b.ts", `/** Says it. */\n${file.text}`)]).found).toBe(0);
    expect(findUndocumented([code("a.py", 'def many(one):\n    """Says it."""\n    return one\n')]).found).toBe(0);
  });

  test("modules: circles, coupling, surface, depth, and files that are two", () => {
    const wide = Array.from({ length: 16 }, (_, at) => `export const name${at} = ${at};`).join("\n");
    const files = [
      code("src/a.ts", 'import { b } from "./b.ts";\nexport const a = b;\n'),
      code(
        "src/b.ts",
        'import { a } from "./a.ts";\nimport { name1 } from "./wide.ts";\nexport const b = a + name1;\n',
      ),
      code("src/wide.ts", wide),
      code(
        "src/split.py",
        "from .core import one\n\ndef left():\n    return 1\n\ndef lefter():\n    return left()\n\ndef right():\n    return 2\n\ndef righter():\n    return right()\n",
      ),
      code("src/core.py", "one = 1\n"),
    ];
    const graph = importGraph(files);
    expect(importCycles(graph)).toEqual([["src/a.ts", "src/b.ts"]]);
    expect(fanIn(graph).get("src/core.py")).toBe(1);
    expect(measureModules(files, graph).find(({ path }) => path === "src/wide.ts")).toMatchObject({
      surface: 16,
      depth: 1,
      fanIn: 1,
    });
    const told = claims(findModules(files, graph)).join("\n");
    for (const said of [
      /in a circle: src\/a\.ts, src\/b\.ts/,
      /offers 16 names to 1 files/,
      /shallow/,
      /left, lefter; and right, righter/,
    ])
      expect(told).toMatch(said);
  });
});

test("reading: what tools point at comes first, with its test; what does not fit is named", () => {
  const one = (path: string, lines: number) => ({
    path,
    text: "const value = 1;\n".repeat(lines),
    isTest: path.startsWith("tests/"),
    isPage: path.endsWith(".md"),
  });
  const files = [
    one("src/plain.ts", 20),
    one("src/hit.ts", 20),
    one("tests/hit.test.ts", 10),
    one("wiki/a.md", 2),
    one("src/huge.ts", 900),
  ];
  const graph = new Map([["tests/hit.test.ts", new Set(["src/hit.ts"])]]);
  const signal = { by: "todo", ...base, file: "src/hit.ts", lines: { from: 1, to: 1 }, quote: "x" } as const;
  const reports = [{ finder: "todo", how: "", signals: [signal], found: 1 }] as const;
  const reading = readingOf(files, { graph, reports }, { tokens: 420, each: 400 });
  expect(reading.portions.flatMap(({ paths }) => paths)).toEqual(["wiki/a.md", "src/hit.ts", "tests/hit.test.ts"]);
  expect(reading.unread.map(({ path, why }) => [path, /longer|budget/.exec(why)?.[0]])).toEqual([
    ["src/huge.ts", "longer"],
    ["src/plain.ts", "budget"],
  ]);
});

describe("where plans stand", () => {
  const plan = (name: string, more: Partial<Plan> = {}): Plan => ({
    plan: name,
    title: name,
    spec: { digest: "" },
    base: "",
    needs: [],
    goal: [],
    tasks: [{ id: "T1" }] as unknown as Plan["tasks"],
    body: "",
    ...more,
  });
  const worth = (leverage: number) => ({ audit: { id: "a", made: "2026-01-01", leverage, evidence: [] as never } });
  let seq = 0;
  const fact = (run: string, event: object) => ({ seq: ++seq, at: 0, run, key: "", event }) as unknown as JournalEntry;
  const accepted = (run: string, name: string) =>
    fact(run, { type: "plan-accepted", plan: name, path: "", branch: "", tasks: [] });
  const rows = (plans: readonly Plan[], entries: readonly JournalEntry[], atWork = false) =>
    planRows(
      plans.map((one) => ({ path: `plans/${one.plan}.md`, plan: one, made: 0, hasBranch: one.plan === "foreign" })),
      { entries, atWork, now: 86_400 * 3 },
    );

  test("todo by turn: ready, then leverage; running, done, blocked and rejected from facts and files", () => {
    const plans = [
      plan("small", worth(1)),
      plan("great", worth(9)),
      plan("later", { needs: ["small"], ...worth(99) }),
      plan("done"),
      plan("stuck"),
      plan("cut"),
      plan("foreign"),
      plan("unwanted", { rejected: { reason: "no", by: "me", on: "2026-01-01" } }),
    ];
    const entries = [
      accepted("r1", "done"),
      fact("r1", { type: "landed", task: "T1" }),
      accepted("r2", "stuck"),
      fact("r2", { type: "run-ended", outcome: "stuck", reason: "T1: no" }),
      accepted("r3", "cut"),
    ];
    expect(rows(plans, entries).map(({ plan: name, state }) => `${name} ${state}`)).toEqual([
      "great todo",
      "small todo",
      "later todo",
      "cut blocked",
      "foreign blocked",
      "stuck blocked",
      "done done",
      "unwanted rejected",
    ]);
    expect(rows(plans, entries, true)[0]).toMatchObject({ plan: "cut", state: "running", days: 3 });
    expect(rows(plans, entries).find(({ plan: name }) => name === "later")).toMatchObject({
      ready: false,
      reason: "it needs small",
    });
  });

  test("a rejection is one line in the file", () => {
    const text = "---\nplan: a\n---\nbody\n";
    expect(withRejection(text, { reason: 'not "now"', by: "me", on: "2026-01-01" })).toBe(
      '---\nrejected: { reason: "not \\"now\\"", by: "me", on: "2026-01-01" }\nplan: a\n---\nbody\n',
    );
  });
});
