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
