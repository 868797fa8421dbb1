import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { plainSandbox, pretendSandbox } from "../../../../test/kit/analysis-ports.ts";
import { available } from "../../../../test/kit/available.ts";
import { fakePackage, open, ourPackages } from "../../../../test/kit/opened-analysis.ts";
import { newDiagnostics } from "../../../domain/new-diagnostics.ts";
import { openBubblewrap } from "../../sandbox/bubblewrap/open-bubblewrap.ts";

describe.each([
  ["kept warm in an isolated sandbox", pretendSandbox],
  ["run once where nothing is isolated", plainSandbox],
])("types by the target's TypeScript, %s", { timeout: 120_000 }, (_name, sandboxOf) => {
  const strict = JSON.stringify({
    compilerOptions: { strict: true, module: "NodeNext", target: "ES2022", types: [] },
    include: ["src"],
  });
  const clean = {
    "package.json": '{ "type": "module" }',
    "tsconfig.json": strict,
    "src/a.ts": "export const a = (n: number): number => n;\nexport const wrong: string = 1;\n",
    "src/b.ts": 'import { a } from "./a.js";\nexport const b: number = a(1);\n',
  };
  const types = async () => {
    const { analysis, tree } = await open({ sandbox: sandboxOf(), dependencies: ourPackages });
    return (files: Readonly<Record<string, string>>) => analysis.diagnose("types", tree(files), ["src/a.ts"]);
  };

  it("sees what a change breaks elsewhere, and what the base has already", async () => {
    const look = await types();
    const base = await look(clean);
    expect(base.tools).toEqual([expect.stringMatching(/^tsc 6\.\d+\.\d+ \(tsconfig\.json\)$/)]);
    expect(base.diagnostics).toEqual([
      {
        path: "src/a.ts",
        line: 2,
        code: "TS2322",
        message: expect.stringContaining("not assignable"),
        text: "export const wrong: string = 1;",
      },
    ]);
    const work = await look({
      ...clean,
      "src/a.ts": `\n${clean["src/a.ts"].replace("(n: number)", "(n: string)").replace("=> n", "=> n.length")}`,
    });
    expect(newDiagnostics(base, work)).toEqual([
      expect.objectContaining({ path: "src/b.ts", line: 2, code: "TS2345" }),
    ]);
    expect(await look(clean)).toEqual(base);
  });

  it("follows files that come and go, and configs that change", async () => {
    const look = await types();
    const codes = async (files: Readonly<Record<string, string>>) =>
      (await look(files)).diagnostics.map(({ path, code }) => `${path} ${code}`);
    const { "src/a.ts": _gone, ...without } = clean;
    expect(await codes(without)).toEqual(["src/b.ts TS2307"]);
    expect(await codes(clean)).toEqual(["src/a.ts TS2322"]);
    expect(await codes(without)).toEqual(["src/b.ts TS2307"]);
    expect(await codes({ ...clean, "src/a.ts": "export const a = (n) => n;\n" })).toEqual(["src/a.ts TS7006"]);
    const loose = { ...clean, "tsconfig.json": strict.replace('"strict":true', '"strict":false') };
    expect(await codes({ ...loose, "src/a.ts": "export const a = (n) => n;\n" })).toEqual([]);
    expect(await codes({ ...clean, "tsconfig.json": strict.replace("ES2022", "ES1066") })).toContain(
      "tsconfig.json TS6046",
    );
  });

  it("follows references and the nearest config", async () => {
    const look = await types();
    const files = {
      "package.json": "{}",
      "tsconfig.json": '{ "files": [], /* only refers */ "references": [{ "path": "./lib" }] }',
      "lib/tsconfig.json": '{ "compilerOptions": { "composite": true, "types": [] } }',
      "lib/a.ts": "export const a: string = 1;\n",
    };
    const report = await look(files);
    expect(report.tools).toEqual([expect.stringContaining("(lib/tsconfig.json)")]);
    expect(report.diagnostics.map(({ path, code }) => [path, code])).toEqual([["lib/a.ts", "TS2322"]]);
  });
});

describe("in bubblewrap", { timeout: 120_000 }, () => {
  it.runIf(available.bwrap)("the target's type checker stays warm, its linter runs, and close ends both", async () => {
    const { analysis, tree } = await open({ sandbox: await openBubblewrap(), dependencies: ourPackages });
    const files = {
      "package.json": "{}",
      "biome.json": JSON.stringify({ linter: { rules: { preset: "none", suspicious: { noDebugger: "error" } } } }),
      "tsconfig.json": '{ "compilerOptions": { "types": [] }, "include": ["src"] }',
      "src/a.ts": "export const a: string = 1;\n",
    };
    const seen = async (tool: "lint" | "types", one: Readonly<Record<string, string>>) =>
      (await analysis.diagnose(tool, tree(one), ["src/a.ts"])).diagnostics.map(({ path, line, code }) => [
        path,
        line,
        code,
      ]);
    expect(await seen("types", files)).toEqual([["src/a.ts", 1, "TS2322"]]);
    const mended = { ...files, "src/a.ts": "export const a: string = '1';\ndebugger;\n" };
    expect(await seen("types", mended)).toEqual([]);
    expect(await seen("lint", mended)).toEqual([["src/a.ts", 2, "lint/suspicious/noDebugger"]]);
    await analysis.close();
    expect(await seen("types", files)).toEqual([["src/a.ts", 1, "TS2322"]]);
  });
});

describe("types", () => {
  it("are nobody's business without a config, or without TypeScript among the dependencies", async () => {
    const { analysis, tree } = await open();
    const nothing = { tools: [], diagnostics: [] };
    expect(await analysis.diagnose("types", tree({ "a.ts": "const a: string = 1;" }), ["a.ts"])).toEqual(nothing);
    expect(
      await analysis.diagnose("types", tree({ "tsconfig.json": "{}", "a.ts": "const a: string = 1;" }), ["a.ts"]),
    ).toEqual(nothing);
    expect(await analysis.diagnose("types", tree({ "mypy.ini": "[mypy]", "a.py": "a: str = 1" }), ["a.py"])).toEqual(
      nothing,
    );
  });

  it("are no pass when TypeScript cannot be started, and work again afterwards", async () => {
    const dependencies = await fakePackage("typescript", { file: "bin/tsc", source: "" }, "5.9.3");
    const { analysis, tree } = await open({ dependencies });
    await expect(
      analysis.diagnose("types", tree({ "tsconfig.json": "{}", "a.ts": "" }), ["a.ts"]),
    ).rejects.toMatchObject({
      code: "tool-cannot-run",
      message: expect.stringContaining("tsc 5.9.3"),
    });
    await expect(
      analysis.diagnose("types", tree({ "tsconfig.json": "{}", "a.ts": "1" }), ["a.ts"]),
    ).rejects.toMatchObject({ code: "tool-cannot-run" });
  });

  it("run the command line of TypeScript 7, which has no API", async () => {
    const source =
      "console.log('src/a.ts(1,7): error TS2322: no\\n  because\\nerror TS5083: bare'); process.exitCode = 2;";
    const dependencies = await fakePackage("typescript", { file: "bin/tsc", source }, "7.0.2");
    const sandbox = pretendSandbox();
    const { analysis, tree } = await open({ dependencies, sandbox });
    const report = await analysis.diagnose(
      "types",
      tree({ "tsconfig.json": "{}", "src/a.ts": "const a: string = 1;\n" }),
      ["src/a.ts"],
    );
    expect(report).toEqual({
      tools: ["tsc 7.0.2 (tsconfig.json)"],
      diagnostics: [
        { path: "src/a.ts", line: 1, code: "TS2322", message: "no\n  because", text: "const a: string = 1;" },
        { path: "tsconfig.json", line: 1, code: "TS5083", message: "bare", text: "" },
      ],
    });
    expect(sandbox.runs[0]).toContain("--noEmit");
  });

  it("start afresh when the checkout of an earlier process cannot be trusted", async () => {
    const first = await open({ dependencies: ourPackages });
    const files = {
      "package.json": "{}",
      "tsconfig.json": '{ "compilerOptions": { "types": [] } }',
      "a.ts": "const a: string = 1;\nexport {};\n",
    };
    const seen = await first.analysis.diagnose("types", first.tree(files), ["a.ts"]);
    await first.analysis.close();
    await writeFile(join(first.cacheDir, "analysis", "workspace.json"), "{ cut of");
    await writeFile(join(first.cacheDir, "analysis", "workspace", "a.ts"), "export {};\n");
    const second = await open({ dependencies: ourPackages, cacheDir: first.cacheDir });
    expect(await second.analysis.diagnose("types", second.tree(files), ["a.ts"])).toEqual(seen);
  });
});
