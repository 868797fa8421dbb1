import { describe, expect, it } from "vitest";
import { state } from "../../test/kit/gate-states.ts";
import { admissionFindings, layerOf, type MakerRights, type ProposedFile } from "./admission.ts";
import type { WrittenCases } from "./diagnostic.ts";

const developer: MakerRights = { role: "developer", writes: ["code"] };
const tester: MakerRights = { role: "tester", writes: ["tests"] };
const base = { paths: ["src/a.ts", "src/deep/b.ts", "test/a.test.ts", "src/link"], links: ["src/link"] };
const fresh = (path: string, more: Partial<ProposedFile> = {}): ProposedFile => ({
  path,
  base: undefined,
  after: "export const x = 1;\n",
  rewritten: false,
  ...more,
});
const rules = (maker: MakerRights, files: readonly ProposedFile[], task: object = {}) =>
  admissionFindings(state({ task: task as never }), maker, files, base).map((finding) => finding.rule);

describe("the door lets in", () => {
  it("what is in scope and in the maker's layer", () => {
    expect(rules(developer, [fresh("src/new.ts"), fresh("src/a.ts", { base: "old" })])).toEqual([]);
    expect(rules(tester, [fresh("test/new.test.ts"), fresh("test/__snapshots__/new.snap")])).toEqual([]);
  });

  it("a change of case when the old spelling goes", () => {
    const files = [fresh("src/A.ts"), fresh("src/a.ts", { base: "old", after: null })];
    expect(rules(developer, files, { deletes: ["src/a.ts"] })).toEqual([]);
  });

  it("configs in a config task that names them", () => {
    const config = { kind: "config", files: ["vitest.config.ts", "package.json"] };
    expect(
      rules(developer, [fresh("vitest.config.ts", { base: "old" }), fresh("package.json", { base: "{}" })], config),
    ).toEqual([]);
  });
});

describe("the door refuses", () => {
  it.each([
    ["../x.ts", "door/path"],
    ["/etc/passwd", "door/path"],
    [".git/config", "door/path"],
    ["src\\a.ts", "door/path"],
    ["src/a\0.ts", "door/path"],
    [".github/workflows/ci.yml", "door/protected"],
    ["millwright.yaml", "door/protected"],
    ["lib/x.ts", "door/out-of-scope"],
    ["test/x.test.ts", "door/wrong-layer"],
    ["src/x.test.ts", "door/wrong-layer"],
    // New infrastructure of the tests is not the developer's either.
    ["src/test-setup.ts", "door/wrong-layer"],
    ["src/link/x.ts", "door/symlink"],
    ["src/deep", "door/folder"],
    ["src/a.ts/x.ts", "door/folder"],
    ["src/A.ts", "door/case-variant"],
    ["src/DEEP/c.ts", "door/case-variant"],
  ])("%s", (path, rule) => {
    expect(rules(developer, [fresh(path)])).toEqual([rule]);
  });

  it("two spellings of one file, or a file and its folder, in one proposal", () => {
    expect(rules(developer, [fresh("src/n.ts"), fresh("src/N.ts")])).toEqual(["door/case-variant"]);
    expect(rules(developer, [fresh("src/n"), fresh("src/n/m.ts")])).toEqual(["door/folder", "door/folder"]);
  });

  it("deletions that nobody named, manifests, and infrastructure that stands", () => {
    expect(rules(developer, [fresh("src/a.ts", { base: "x", after: null })])).toEqual(["door/deletes"]);
    expect(rules(developer, [fresh("package.json", { base: "{}" })], { files: ["**"] })).toEqual(["door/manifest"]);
    expect(rules(tester, [fresh("test/test-setup.ts", { base: "x" })])).toEqual(["door/infrastructure"]);
  });
});

describe("a whole file", () => {
  const sent = (path: string, before: string, after: string, task: object = {}) =>
    rules(developer, [fresh(path, { base: before, after, rewritten: true })], task);

  it.each([
    ["src/a.ts", "export function a() {}\nexport function b() {}\n", "export function a() {}\n"],
    ["src/a.ts", "export { a, b };\n", "export { a };\n"],
    [
      "src/a.ts",
      "export class S {\n  add(x: number): void {\n  }\n  drop() {\n  }\n}\n",
      "export class S {\n  add(x: number): void {\n  }\n}\n",
    ],
    ["src/a.ts", 'app.get("/todos", list);\napp.post("/todos", add);\n', 'app.get("/todos", list);\n'],
    ["src/a.py", "class S:\n    def add(self): ...\n    def drop(self): ...\n", "class S:\n    def add(self): ...\n"],
    ["src/a.py", "RATE = 1\ndef a(): ...\n", "def a(): ...\n"],
    ["src/a.js", "exports.a = 1;\nexports.b = 2;\n", "exports.a = 1;\n"],
  ])("of %s may not drop what others use: %s", (path, before, after) => {
    expect(sent(path, before, after)).toEqual(["door/dropped-code"]);
    expect(sent(path, before, `${before}\n// more\n`)).toEqual([]);
  });

  it.each([
    ["src/a.ts", "const tax = 1;\nexport const a = tax;\n", "export const a = 1;\n"],
    ["src/a.py", "def _tax(): ...\ndef a(): ...\n", "def a(): ...\n"],
  ])("of %s may drop what is private: %s", (path, before, after) => {
    expect(sent(path, before, after)).toEqual([]);
  });

  it("may be turned around in a refactor", () => {
    expect(sent("src/a.ts", "export const a = 1;\n", "export const b = 1;\n", { kind: "refactor" })).toEqual([]);
  });
});

describe("a test file that stood", () => {
  const cases = (titles: readonly string[], more: Partial<WrittenCases> = {}): WrittenCases => ({
    parsed: true,
    cases: titles.map((title) => ({ title, digest: `digest of ${title}`, line: 1 })),
    rest: ["import a", "hook"],
    imports: [],
    assertions: 1,
    ...more,
  });
  const sent = (before: WrittenCases, after: WrittenCases) =>
    rules(tester, [fresh("test/a.test.ts", { base: "old", cases: { before, after } })]);

  it("takes new cases and new imports", () => {
    expect(sent(cases(["a"]), cases(["a", "b"], { rest: ["import a", "import b", "hook"] }))).toEqual([]);
    expect(sent(cases([], { parsed: false }), cases(["b"]))).toEqual([]);
  });

  it.each([
    ["a case is gone", cases([]), "door/existing-test"],
    ["one of two equal cases is gone", cases(["a"]), "door/existing-test"],
    ["a case was changed", cases(["a"], { cases: [{ title: "a", digest: "other", line: 1 }] }), "door/existing-test"],
    ["a hook was changed", cases(["a", "a"], { rest: ["import a", "other hook"] }), "door/existing-setup"],
    ["it does not parse any more", cases([], { parsed: false }), "door/unreadable"],
    [
      "a new case hides the others",
      cases(["a", "a"], {
        cases: [...cases(["a", "a"]).cases, { title: "b", digest: "b", line: 2, modifier: "only" }],
      }),
      "door/focused",
    ],
  ] as const)("is refused when %s", (_name, after, rule) => {
    expect(new Set(sent(cases(["a", "a"]), after))).toEqual(new Set([rule]));
  });
});

describe("the layer of a path", () => {
  it("is tests for what the runner collects and what steers it, unless a config task names it as its file", () => {
    expect(
      ["src/a.ts", "src/a.test.ts", "vitest.config.ts", "package.json"].map((path) => layerOf(state(), path)),
    ).toEqual(["code", "tests", "tests", "code"]);
    expect(layerOf(state({ task: { kind: "config", files: ["vitest.config.ts"] } }), "vitest.config.ts")).toBe("code");
  });
});
