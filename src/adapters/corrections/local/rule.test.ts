import { describe, expect, test } from "vitest";
import { becomes } from "../../../../test/kit/corrections.ts";
import type { Does, Operation } from "../../../domain/correction-file.ts";

const rule = (pattern: string | Record<string, unknown>, ...operations: readonly Operation[]): Does => ({
  kind: "rule",
  rule: typeof pattern === "string" ? { pattern } : pattern,
  operations: [...operations],
});

describe("a rule in Python", () => {
  test("replaces the match by a template, byte for byte", async () => {
    const does = rule("self.assertEqual($LEFT, $RIGHT)", { kind: "replace", with: "assert $LEFT == $RIGHT" });
    const text = 'class T:\n    def test(self):\n        self.assertEqual(f( 1 ), "é😀")  # so\n';
    expect(await becomes(does, text)).toBe('class T:\n    def test(self):\n        assert f( 1 ) == "é😀"  # so\n');
  });

  test("hands several captured nodes on as they are written, or nothing", async () => {
    const does = rule("print($$$ALL)", { kind: "replace", with: "log.info($$$ALL)" });
    expect(await becomes(does, "print(1,  2, # x\n  *c)\nprint()\n")).toBe("log.info(1,  2, # x\n  *c)\nlog.info()\n");
  });

  test("goes on until nothing is left of what lay within itself", async () => {
    const does = rule("old($X)", { kind: "replace", with: "new($X)" });
    expect(await becomes(does, "old(old(old(1)))\n")).toBe("new(new(new(1)))\n");
  });

  test("replaces a captured node alone, and imports what it then needs, once", async () => {
    const does = rule(
      "datetime.utcnow()",
      { kind: "replace", with: "datetime.now(UTC)" },
      { kind: "add-import", from: "datetime", name: "UTC" },
    );
    const text = "from datetime import datetime\n\na = datetime.utcnow()\nb = datetime.utcnow()\n";
    expect(await becomes(does, text)).toBe(
      "from datetime import datetime, UTC\n\na = datetime.now(UTC)\nb = datetime.now(UTC)\n",
    );
  });

  test("removes a statement with its line, an argument with its comma, a block's last statement not at all", async () => {
    const does = rule("print($$$_)", { kind: "remove" });
    expect(await becomes(does, "def f():\n    print(1)\n    return 2\n")).toBe("def f():\n    return 2\n");
    const argument = rule({ kind: "keyword_argument", has: { field: "name", regex: "^debug$" } }, { kind: "remove" });
    expect(
      await becomes(argument, "f(a, debug=True, b=1)\ng(debug=1)\nh(a, debug=1)\nk(\n    a,\n    debug=1,\n)\n"),
    ).toBe("f(a, b=1)\ng()\nh(a)\nk(\n    a,\n)\n");
  });

  test("inserts an argument by position into a call that holds the capture", async () => {
    const does = rule(
      {
        all: [
          { pattern: "$R.post($$$A)" },
          { inside: { kind: "decorator" } },
          {
            not: {
              has: {
                kind: "argument_list",
                has: { kind: "keyword_argument", has: { field: "name", regex: "^status_code$" } },
              },
            },
          },
        ],
      },
      { kind: "insert-argument", name: "status_code", value: 201 },
    );
    expect(await becomes(does, '@r.post("/c", response_model=T,)\ndef f(): ...\n')).toBe(
      '@r.post("/c", response_model=T, status_code=201,)\ndef f(): ...\n',
    );
    expect(await becomes(does, "@r.post(**all)\ndef f(): ...\n")).toBe("@r.post(**all)\ndef f(): ...\n");
  });

  test("inserts an element, first or last, into lists and tuples of any shape, once", async () => {
    const last = rule("__all__ = $LIST", { kind: "insert-element", target: "LIST", value: "todo", at: "last" });
    expect(await becomes(last, "__all__ = []\n")).toBe('__all__ = ["todo"]\n');
    expect(await becomes(last, '__all__ = [\n    "a",  # 😀\n]\n')).toBe(
      '__all__ = [\n    "a",  # 😀\n    "todo",\n]\n',
    );
    expect(await becomes(last, "__all__ = ()\n")).toBe('__all__ = ("todo",)\n');
    expect(await becomes(last, '__all__ = ("a",)\n')).toBe('__all__ = ("a", "todo",)\n');
    expect(await becomes(last, '__all__ = ["todo"]\n')).toBe('__all__ = ["todo"]\n');
    const first = rule("middleware = $LIST", {
      kind: "insert-element",
      target: "LIST",
      value: { code: "Guard()" },
      at: "first",
    });
    expect(await becomes(first, "middleware = [a, b]\n")).toBe("middleware = [Guard(), a, b]\n");
    expect(await becomes(first, "middleware = [\n    a,\n]\n")).toBe("middleware = [\n    Guard(),\n    a,\n]\n");
  });
});

describe("a rule in TypeScript", () => {
  const script = (does: Does, text: string, path = "src/a.ts") => becomes(does, text, { path });

  test("replaces, also in JSX and in JavaScript", async () => {
    const does = rule("$A == null", { kind: "replace", with: "$A === null" });
    expect(await script(does, "if (a /* x */ == null) b();\n")).toBe("if (a === null) b();\n");
    expect(await script(does, "export const X = () => <p>{a == null ? 1 : 2}</p>;\n", "src/a.tsx")).toContain(
      "a === null",
    );
    expect(await script(does, "a == null;\n", "src/a.mjs")).toBe("a === null;\n");
  });

  test("removes an import name, a property, a statement", async () => {
    const specifier = rule({ kind: "import_specifier", has: { field: "name", regex: "^a$" } }, { kind: "remove" });
    expect(await script(specifier, 'import { a, b } from "x";\n')).toBe('import { b } from "x";\n');
    const only = rule({ kind: "expression_statement", has: { pattern: "describe.only($$$_)" } }, { kind: "remove" });
    expect(await script(only, 'a();\ndescribe.only("x", () => {\n  b();\n});\nc();\n')).toBe("a();\nc();\n");
  });

  test("inserts a property and an element", async () => {
    const option = rule("request($URL, $OPTIONS)", { kind: "insert-argument", name: "timeout", value: 5000 });
    expect(await script(option, "request(u, {\n  a,\n});\nrequest(u, o);\n")).toBe(
      "request(u, {\n  a,\n  timeout: 5000,\n});\nrequest(u, o);\n",
    );
    const pair = rule(
      { kind: "array", inside: { kind: "pair", has: { field: "key", regex: "^plugins$" } } },
      { kind: "insert-element", value: { code: "guard()" }, at: "last" },
    );
    expect(await script(pair, "const c = { plugins: [a(), b()] };\n")).toBe(
      "const c = { plugins: [a(), b(), guard()] };\n",
    );
  });
});
