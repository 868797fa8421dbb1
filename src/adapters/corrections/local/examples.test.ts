import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { correctWith } from "./correct-with.ts";
import { readCorrections } from "./open-corrections.ts";

const FOLDER = "examples/todo-api/corrections";
const files = readdirSync(FOLDER).map((name) => ({
  path: `corrections/${name}`,
  text: readFileSync(join(FOLDER, name), "utf8"),
}));

describe("the corrections of the todo API", () => {
  test("prove their examples", async () => {
    const read = await readCorrections(files);
    expect(read.problems).toEqual([]);
    expect(read.corrections.map(({ id }) => id)).toEqual(["post-answers-201", "put-answers-200", "session-import"]);
  });

  test("mend a route file that makes all the published mistakes", async () => {
    const { corrections } = await readCorrections(files);
    const after = [
      "from fastapi import APIRouter, Depends, status",
      "from app.db.session import get_db",
      "",
      "todos = APIRouter()",
      "",
      "",
      '@todos.post("/todos")',
      "def create(db=Depends(get_db)):",
      "    return {}",
      "",
      "",
      '@todos.put("/todos/{id}", status_code=status.HTTP_201_CREATED)',
      "def replace(db=Depends(get_db)):",
      "    return {}",
      "",
    ].join("\n");
    const made = await correctWith(corrections).correct([{ path: "app/routers/todos.py", base: undefined, after }], "");
    expect(made.files[0]?.after).toContain("from app.database import get_db");
    expect(made.files[0]?.after).toContain('@todos.post("/todos", status_code=201)');
    expect(made.files[0]?.after).toContain('@todos.put("/todos/{id}", status_code=200)');
    expect(made.applied.map(({ correction, times }) => `${correction} ${times}`)).toEqual([
      "post-answers-201 1",
      "put-answers-200 1",
      "session-import 1",
    ]);
    expect(made.notes).toEqual([]);
  });
});

describe("an operation that has no place to work at is refused when it is loaded", () => {
  const problemsOf = async (pattern: string, operations: string, text: string, expected: string) => {
    const yaml = [
      "id: one",
      "title: One",
      "why: { reason: a test }",
      "languages: [python]",
      `does: { kind: rule, rule: { pattern: ${JSON.stringify(pattern)} }, operations: ${operations} }`,
      "examples:",
      "  valid: [{ text: x = 1 }]",
      `  invalid: [{ text: ${JSON.stringify(text)}, expected: ${JSON.stringify(expected)} }]`,
    ].join("\n");
    return (await readCorrections([{ path: "corrections/one.yaml", text: yaml }])).problems;
  };

  test("insert-argument at a name that is no call, though another operation changes the file", async () => {
    const operations =
      "[{ kind: replace, target: F, with: new }, { kind: insert-argument, target: X, name: debug, value: true }]";
    expect(await problemsOf("$F($X)", operations, "old(app)\n", "new(app)\n")).toEqual([
      "corrections/one.yaml: examples.invalid[0]: does.operations[1]: insert-argument does nothing, because $X is no call and holds none: app",
    ]);
  });

  test("insert-argument at a call, or at what holds one, is taken", async () => {
    const target = "[{ kind: insert-argument, target: X, name: debug, value: true }]";
    expect(await problemsOf("run($X)", target, "run(App(1))\n", "run(App(1, debug=True))\n")).toEqual([]);
    const match = "[{ kind: insert-argument, name: debug, value: true }]";
    expect(await problemsOf("run($X)", match, "run(1)\n", "run(1, debug=True)\n")).toEqual([]);
  });

  test("insert-element at what is no list", async () => {
    const operations = "[{ kind: replace, target: F, with: y }, { kind: insert-element, target: X, value: one }]";
    const problems = await problemsOf("$F = $X", operations, "z = 1\n", "y = 1\n");
    expect(problems.join()).toContain("insert-element does nothing, because $X is no list and holds none: 1");
  });
});
