import { describe, expect, it } from "vitest";
import type { Analysis } from "../../engine/ports.ts";

type Files = Readonly<Record<string, string>>;

/** What every analysis promises; `open` gives one that sees the trees which `tree` makes. */
export function analysisContract(open: () => Promise<{ analysis: Analysis; tree: (files: Files) => string }>): void {
  describe("every analysis", () => {
    it("names its tools with their versions and settings", async () => {
      const { analysis } = await open();
      expect(Object.keys(analysis.versions).sort()).toEqual(["lint", "symbols", "syntax", "types"]);
    });

    it("finds syntax errors in the given paths only, with 1-based lines and trimmed text", async () => {
      const { analysis, tree } = await open();
      const files = {
        "src/a.ts": "export const a = 1;\n  const = 2;\n",
        "src/b.ts": "const =",
        "c.py": "def f(:\n  pass\n",
      };
      const report = await analysis.diagnose("syntax", tree(files), ["src/a.ts", "c.py"]);
      expect(report.diagnostics[0]).toMatchObject({ path: "c.py", line: 1, code: "invalid-syntax", text: "def f(:" });
      expect(report.diagnostics.at(-1)).toMatchObject({ path: "src/a.ts", line: 2, text: "const = 2;" });
      expect(new Set(report.diagnostics.map(({ path }) => path))).toEqual(new Set(["c.py", "src/a.ts"]));
    });

    it("says nothing, and no tool, of missing paths and languages it cannot read", async () => {
      const { analysis, tree } = await open();
      for (const tool of ["syntax", "lint", "types"] as const)
        expect(await analysis.diagnose(tool, tree({ "a.rb": "x = (" }), ["a.rb", "gone.ts"])).toEqual({
          tools: [],
          diagnostics: [],
        });
    });

    it("complains the same way each time", async () => {
      const { analysis, tree } = await open();
      const id = tree({ "a.ts": "debugger;\n// const a = 1;\n", "b.py": "import os\nprint(x)\n" });
      const first = await analysis.diagnose("lint", id, ["b.py", "a.ts"]);
      expect(first.diagnostics.map(({ path, line }) => `${path}:${line}`)).toEqual([
        "a.ts:1",
        "a.ts:2",
        "b.py:1",
        "b.py:2",
      ]);
      expect(await analysis.diagnose("lint", id, ["a.ts", "b.py"])).toMatchObject({ diagnostics: first.diagnostics });
    });

    it("reads cases and makes mutants", async () => {
      const { analysis } = await open();
      const read = await analysis.cases("a.test.ts", 'test("a", () => { expect(1).toBe(1); });');
      expect(read).toMatchObject({ parsed: true, cases: [{ title: "a", line: 1 }], assertions: 1 });
      const mutants = await analysis.mutants("a.ts", "const a = 1 < 2;\n", { from: 1, to: 1 }, 1);
      expect(mutants).toHaveLength(1);
      expect(mutants[0]?.what).toMatch(/^line 1: .+ became .+$/);
      const test = 'import { half } from "./half.js";\ntest("a", () => { expect(half(8)).toBe(4); });';
      const { calls } = await analysis.literals("a.test.js", test);
      expect(calls).toMatchObject([{ observed: "half()", from: "./half.js", line: 2 }]);
      expect(calls?.[0]?.variants[0]).toMatchObject({ what: "8 became 9" });
    });
  });
}
