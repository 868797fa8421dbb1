import { describe, expect, it } from "vitest";
import type { Diagnostic, DiagnosticReport } from "./diagnostic.ts";
import { newDiagnostics } from "./new-diagnostics.ts";

const complaint = (over: Partial<Diagnostic> = {}): Diagnostic => ({
  path: "src/a.ts",
  line: 3,
  code: "TS2339",
  message: "Property 'x' does not exist.",
  text: "a.x();",
  ...over,
});
const report = (...diagnostics: readonly Diagnostic[]): DiagnosticReport => ({
  tools: ["tsc 6.0.3"],
  diagnostics: [...diagnostics],
});

describe("new diagnostics", () => {
  it("are none when only lines moved", () => {
    expect(newDiagnostics(report(complaint()), report(complaint({ line: 40 })))).toEqual([]);
  });

  it("count: a second equal complaint is new, and it is the one on the line the base does not have", () => {
    const added = complaint({ line: 2 });
    expect(newDiagnostics(report(complaint()), report(added, complaint()))).toEqual([added]);
  });

  it("tell paths, codes and texts apart", () => {
    for (const other of [{ path: "src/b.ts" }, { code: "TS2304" }, { text: "a.x(1);" }])
      expect(newDiagnostics(report(complaint()), report(complaint(other)))).toEqual([complaint(other)]);
  });

  it("ignore the message, which names other lines and types, unless there is no line to go by", () => {
    expect(newDiagnostics(report(complaint()), report(complaint({ message: "Other words." })))).toEqual([]);
    const bare = complaint({ text: "" });
    const other = complaint({ text: "", message: "Other words." });
    expect(newDiagnostics(report(bare), report(other))).toEqual([other]);
  });

  it("follow a renamed file", () => {
    const renamed = complaint({ path: "src/b.ts" });
    expect(newDiagnostics(report(complaint()), report(renamed), new Map([["src/b.ts", "src/a.ts"]]))).toEqual([]);
  });

  it("never become fewer than none when the work mends the base", () => {
    expect(newDiagnostics(report(complaint(), complaint({ line: 9 })), report())).toEqual([]);
  });
});
