import { expect, test } from "vitest";
import { judgedDiffForms, splitDiff, wholeDiffForms } from "./brief-diff.ts";
import { mapForms, sinceText } from "./brief-map.ts";
import type { Event } from "./event.ts";
import { outlineOf } from "./outline.ts";
import { recentResults } from "./recent-results.ts";
import { importCandidates, isTestSupport } from "./related.ts";
import type { ToolProfile } from "./tool-profile.ts";

const outline = (path: string, ...names: readonly string[]) =>
  outlineOf(path, names.map((name) => `export const ${name} = 1;`).join("\n"));

test("a small repository's map names every file with what it offers, and leaves out noise", () => {
  const paths = ["README.md", "package-lock.json", "plans/x.md", "src/a.ts", "src/b.ts", "dist/a.js"];
  expect(mapForms([outline("src/a.ts", "one", "two"), outline("src/b.ts")], paths)).toEqual([
    "src/a.ts: one, two\nsrc/b.ts\nAlso: README.md",
    "",
  ]);
});

test("a large repository's map is folders with counts, and each form keeps to its size", () => {
  const paths = Array.from({ length: 2000 }, (_one, at) => `src/part${at % 40}/file${at}.ts`);
  const forms = mapForms(
    paths.map((path) => outline(path, "name")),
    paths,
  );
  expect(forms[0]).toContain("src/part7/ (50 files)");
  expect(forms.map((form) => form.length).every((length, at) => length <= ([6000, 2400, 800, 0][at] ?? 0))).toBe(true);
  expect(forms.at(-1)).toBe("");
});

test("what the map does not know is told: new files, new names, files that are gone; nothing else", () => {
  const change = (path: string, status: "added" | "modified" | "deleted") =>
    ({ path, status, blob: "b", before: "a", mode: "100644" }) as const;
  const then = [outline("same.ts", "a"), outline("grown.ts", "a")];
  const now = [outline("same.ts", "a"), outline("grown.ts", "a", "b"), outline("new.ts", "c")];
  const changes = [
    change("same.ts", "modified"),
    change("grown.ts", "modified"),
    change("new.ts", "added"),
    change("old.ts", "deleted"),
    change("plans/p.md", "added"),
  ];
  expect(sinceText(changes, then, now)).toBe("grown.ts: b\nnew: new.ts: c\ngone: old.ts");
});

const diff = `diff --git a/src/a.ts b/src/a.ts
index 1..2 100644
--- a/src/a.ts
+++ b/src/a.ts
@@ -1 +1 @@
-old
+new
diff --git a/test/a.test.ts b/test/a.test.ts
new file mode 100644
index 0..2
--- /dev/null
+++ b/test/a.test.ts
@@ -0,0 +1,2 @@
+test("AC1 adds", () => {
+});
`;
const isTest = (path: string) => path.startsWith("test/");

test("a judge of a task sees the whole difference; where that does not fit, tests by name and the code whole", () => {
  const [whole, least, ...rest] = judgedDiffForms(diff, isTest);
  expect(rest).toEqual([]);
  expect(whole).toContain('+test("AC1 adds"');
  expect(whole).not.toContain("index ");
  expect(least).toContain("+new");
  expect(least).toContain("tests in test/a.test.ts (2 lines added, text not shown):\n  AC1 adds");
  expect([...splitDiff(diff).keys()]).toEqual(["src/a.ts", "test/a.test.ts"]);
});

test("a judge of the whole sees code and names of tests, and at least how each file's change begins", () => {
  const long = `${diff}diff --git a/src/b.ts b/src/b.ts\n--- a/src/b.ts\n+++ b/src/b.ts\n${"+line\n".repeat(200)}`;
  const [usual, least] = wholeDiffForms(long, isTest);
  expect(usual).not.toContain('+test("AC1');
  expect(usual?.match(/^\+line$/gm)).toHaveLength(200);
  expect(least).toMatch(/not shown: \d+ more lines of this file's change/);
});

test("working memory: ended tasks, one line each, with the rules that refused them and why they stopped", () => {
  const about = { task: "T1", kind: "feature", base: "c", gates: [] };
  const refused = (rule: string): Event => ({
    type: "gate-refused",
    task: "T1",
    gate: "green",
    findings: [{ rule, answers: "developer", message: "m" }],
  });
  const events: readonly Event[] = [
    { type: "task-started", title: "Add", ...about },
    refused("green/nothing-yet"),
    refused("lint/unused"),
    { type: "task-ended", task: "T1", outcome: "landed", reason: "" },
    { type: "task-ended", task: "T2", outcome: "stuck", reason: "deadlock" },
  ];
  expect(recentResults(events)).toEqual([
    "- T1 landed, Add (refused on the way: lint/unused)",
    "- T2 stuck, : deadlock",
  ]);
});

test("imports lead to files in both languages; what lies beside tests is what they stand on", () => {
  expect(importCandidates("src/a.ts", 'import { b } from "../lib/b.js";')).toContain("lib/b.ts");
  expect(importCandidates("tests/conftest.py", "    from app.main import app\n")).toContain("app/main.py");
  const profile: ToolProfile = {
    manifests: [],
    suites: [{ name: "t", runner: "pytest", version: "", dir: ".", tests: ["tests/test_*.py"], infrastructure: [] }],
  };
  const support = (path: string) => isTestSupport(path, profile);
  expect(["tests/conftest.py", "tests/helpers.py", "tests/kit/make.ts"].map(support)).toEqual([true, true, true]);
  expect(["tests/test_a.py", "src/a.py", "tests/__init__.py", "tests/a.json"].map(support)).toEqual(
    Array(4).fill(false),
  );
});
