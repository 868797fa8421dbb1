import { describe, expect, test } from "vitest";
import { atomsBetween } from "../../domain/learn-atoms.ts";
import { globsOf, type LearnedCase } from "../../domain/learn-cases.ts";
import { draftsOf } from "../../domain/learn-drafts.ts";
import { parseText } from "./parse-text.ts";

interface Told {
  readonly task: string;
  readonly path: string;
  readonly refused: string;
  readonly landed: string;
}

/** What cases of one failure suggest. */
async function learned(...told: readonly Told[]) {
  const seen = [];
  for (const { task, path, refused, landed } of told) {
    const [before, after] = [await parseText(path, refused), await parseText(path, landed)];
    if (!before || !after) throw new Error(path);
    const finding = { rule: "green/fails", answers: "developer", message: "It fails.", path } as const;
    const refusal = { gate: "green", findings: [finding] };
    const of: LearnedCase = {
      id: `r1/${task}/developer/1`,
      run: "r1",
      task,
      path,
      refusal,
      refused: before,
      landed: after,
    };
    for (const atom of atomsBetween(before, after)) seen.push({ of, atom });
  }
  return draftsOf(seen).map(({ title, files, does }) => ({ title, files, does }));
}

const route = (name: string, call: string, body = "    pass") =>
  `from app.database import get_db\n\n@${call}\ndef create_${name}(item: Item, db=Depends(get_db)):\n${body}\n`;

const post = (name: string, router = "router", status = "") => ({
  task: `create ${name}`,
  path: `app/routes/${name}.py`,
  refused: route(name, `${router}.post("/${name}", response_model=${name})`),
  landed: route(
    name,
    `${router}.post("/${name}", response_model=${name}, status_code=${status || "201"})`,
    "    return 1",
  ),
});

describe("what cases suggest", () => {
  test("a keyword argument that three routes lack", async () => {
    expect(await learned(post("todos"), post("users"), post("tags"))).toContainEqual({
      title: "status_code=201 on router.post",
      files: ["app/routes/*.py"],
      does: { kind: "add-argument", call: "router.post", inside: "decorator", name: "status_code", value: 201 },
    });
  });

  test("a metavariable stands only where the cases differ", async () => {
    const drafts = await learned(post("todos"), post("users"), post("tags", "app"));
    expect(drafts.map(({ does }) => does)).toContainEqual(
      expect.objectContaining({ kind: "add-argument", call: "$A.post" }),
    );
  });

  test("two cases are too few, and so are three of one task and file", async () => {
    expect(await learned(post("todos"), post("users"))).toEqual([]);
    expect(await learned(post("todos"), post("todos"), post("todos"))).toEqual([]);
    expect(await learned(post("todos"), post("users"), post("tags", "router", "204"))).toEqual([]);
  });

  test("an import from another module, with its names where all cases take the same", async () => {
    const imports = (names: string) => ({
      refused: `from app.session import ${names}\n\nx = 1\n`,
      landed: `from app.database import ${names}\n\nx = 1\n`,
    });
    const same = ["a", "b", "c"].map((task) => ({ task, path: `app/${task}.py`, ...imports("get_db") }));
    expect((await learned(...same)).map(({ does }) => does)).toEqual([
      { kind: "rewrite-import", from: "app.session", to: "app.database", names: { get_db: "get_db" } },
    ]);
    const other = ["a", "b", "c"].map((task) => ({ task, path: `src/${task}.py`, ...imports(`get_${task}`) }));
    expect((await learned(...other)).map(({ does }) => does)).toEqual([
      { kind: "rewrite-import", from: "app.session", to: "app.database" },
    ]);
  });

  test("another literal in the same place, in Python and in TypeScript", async () => {
    const put = (task: string, path: string, text: (status: number) => string) => ({
      task,
      path,
      refused: text(201),
      landed: text(200),
    });
    const python = ["a", "b", "c"].map((name) =>
      put(name, `app/${name}.py`, (status) => `@router.put("/${name}", status_code=${status})\ndef put():\n    pass\n`),
    );
    expect((await learned(...python)).map(({ does }) => does)).toEqual([
      {
        kind: "replace-literal",
        from: [201],
        to: 200,
        call: "router.put",
        argument: "status_code",
        inside: "decorator",
      },
    ]);
    const script = ["a", "b", "c"].map((name) =>
      put(name, `src/${name}.ts`, (status) => `export function ${name}() {\n  return reply.code(${status});\n}\n`),
    );
    expect((await learned(...script)).map(({ does }) => does)).toEqual([
      { kind: "replace-literal", from: [201], to: 200, call: "reply.code", inside: "function" },
    ]);
  });

  test("a missing import of a name that is used", async () => {
    const cases = ["a", "b", "c"].map((name) => ({
      task: name,
      path: `src/${name}.ts`,
      refused: `export const ${name} = join("x", "${name}");\n`,
      landed: `import { join } from "node:path";\n\nexport const ${name} = join("x", "${name}");\n`,
    }));
    expect((await learned(...cases)).map(({ does }) => does)).toEqual([
      { kind: "add-import", name: "join", from: "node:path", style: "named" },
    ]);
  });

  test("code in place of other code, generalised to what differs", async () => {
    const cases = ["a", "b", "c"].map((name) => ({
      task: name,
      path: `src/${name}.ts`,
      refused: `export const get = (rows: string[]) => sortBy(rows, "${name}");\n`,
      landed: `export const get = (rows: string[]) => orderBy(rows, "${name}");\n`,
    }));
    expect((await learned(...cases)).map(({ does }) => does)).toEqual([
      {
        kind: "rule",
        rule: { pattern: "sortBy", inside: { kind: "call_expression" } },
        operations: [{ kind: "replace", with: "orderBy" }],
      },
    ]);
    const moved = ["a", "b", "c"].map((name) => ({
      task: name,
      path: `src/${name}.ts`,
      refused: `export const get = (rows: string[]) => rows.${name}.size;\n`,
      landed: `export const get = (rows: string[]) => count(rows.${name});\n`,
    }));
    expect((await learned(...moved)).map(({ does }) => does)).toEqual([
      {
        kind: "rule",
        rule: { pattern: "rows.$A.size", inside: { kind: "arrow_function" } },
        operations: [{ kind: "replace", with: "count(rows.$A)" }],
      },
    ]);
  });

  test("a statement and an argument that go", async () => {
    const cases = ["a", "b", "c"].map((name) => ({
      task: name,
      path: `app/${name}.py`,
      refused: `def ${name}():\n    print("${name}")\n    return open("${name}", encoding=None)\n`,
      landed: `def ${name}():\n    return open("${name}")\n`,
    }));
    const drafts = await learned(...cases);
    expect(drafts.map(({ does }) => does)).toContainEqual({
      kind: "rule",
      rule: { kind: "expression_statement", has: { pattern: "print($A)" }, inside: { kind: "block" } },
      operations: [{ kind: "remove" }],
    });
    expect(drafts.map(({ title }) => title)).toContain("no encoding on open");
  });

  test("cases with nothing in common suggest nothing", async () => {
    const cases = ["f(1)", "g + 2", "[h]"].map((code, at) => ({
      task: `${at}`,
      path: `src/${at}.ts`,
      refused: `export const x = ${code};\n`,
      landed: `export const x = other${at}();\n`,
    }));
    expect(await learned(...cases)).toEqual([]);
  });
});

test("globs are as deep as the paths share folders", () => {
  expect(globsOf(["app/routes/a.py", "app/routes/b.py"])).toEqual(["app/routes/*.py"]);
  expect(globsOf(["app/routes/a.py", "app/models/b.py"])).toEqual(["app/**/*.py"]);
  expect(globsOf(["a.py", "app/models/b.ts"])).toEqual(["**/*.py", "**/*.ts"]);
  expect(globsOf(["app/a/x.py", "app/y.py"])).toEqual(["app/**/*.py"]);
});
