import { expect, test } from "vitest";
import { isHidden } from "./hidden-paths.ts";

const hidden = (path: string, scope: readonly string[] = [], workflow = "red-green") => isHidden(path, workflow, scope);

test.each([
  "millwright.yaml",
  "packages/a/millwright.yml",
  ".millwright/journal.db",
  ".agents/roles/reviewer.md",
  "workflows/red-green.yaml",
  "workflows/score.yml",
  "roles/reviewer.md",
])("no agent sees %s", (path) => expect(hidden(path)).toBe(true));

test.each(["src/a.js", "roles/admin.py", "workflows/engine.ts", ".github/workflows/ci.yml", "docs/roles/a.md"])(
  "%s is the project's own",
  (path) => expect(hidden(path)).toBe(false),
);

test("what the task names is shown, but never the workflow that judges it", () => {
  expect(hidden("workflows/deploy.yaml", ["workflows/deploy.yaml"])).toBe(false);
  expect(hidden("workflows/red-green.yaml", ["workflows/**"])).toBe(true);
  expect(hidden("checks/own.yaml", ["checks/own.yaml"], "checks/own.yaml")).toBe(true);
  expect(hidden("millwright.yaml", ["**"])).toBe(true);
});
