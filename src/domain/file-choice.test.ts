import { expect, test } from "vitest";
import { filesWorthShowing, subjectsOf } from "./file-choice.ts";
import type { Task } from "./task.ts";
import type { ToolProfile } from "./tool-profile.ts";

const profile: ToolProfile = {
  manifests: [],
  suites: [
    { name: "tests", runner: "vitest", version: "", dir: ".", tests: ["tests/**/*.test.ts"], infrastructure: [] },
  ],
};
const listed = ["README.md", "src/deep/er/price.ts", "src/add.ts", "tests/add.test.ts", "docs/page.md", "logo.png"];

const task = (more: Partial<Task>): Task => ({
  id: "T1",
  title: "Title",
  kind: "docs",
  purpose: "Purpose",
  deliverables: [],
  needs: [],
  files: [],
  tests: [],
  accept: [],
  creates: [],
  deletes: [],
  moves: [],
  lines: [],
  ...more,
});

test("what the spec names comes first, then code, then tests; pictures never", () => {
  expect(filesWorthShowing(listed, "see src/deep/er/price.ts", profile)).toEqual([
    "src/deep/er/price.ts",
    "src/add.ts",
    "tests/add.test.ts",
  ]);
});

test("whoever writes a document sees the code that it describes", () => {
  expect(subjectsOf(task({}), listed, profile)).toContain("src/add.ts");
});

test("whoever pins down lines sees their file; a feature sees no more than its scope", () => {
  expect([...subjectsOf(task({ kind: "test", lines: ["src/add.ts:1-3"] }), listed, profile)]).toEqual(["src/add.ts"]);
  expect(subjectsOf(task({ kind: "feature" }), listed, profile).size).toBe(0);
});
