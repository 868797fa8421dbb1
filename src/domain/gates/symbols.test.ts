import { expect, it } from "vitest";
import { state, work } from "../../../test/kit/gate-states.ts";
import { Diagnostic } from "../diagnostic.ts";
import type { TaskState } from "../gate.ts";
import { type Need, needKey } from "../need.ts";
import { symbols } from "./diagnosis.ts";

const missing = (path: string, code: string): Diagnostic =>
  Diagnostic.parse({ path, line: 3, code, message: `${code} in ${path}`, text: "the line" });

/** What the gate says when the tool found `base` before and `now` in the work. */
function judged(task: TaskState, base: readonly Diagnostic[], now: readonly Diagnostic[]) {
  const seen = new Map<string, unknown>();
  const answers: Readonly<Record<string, unknown>> = {
    base: { tools: ["symbols"], diagnostics: base },
    work: { tools: ["symbols"], diagnostics: now },
  };
  const changed = [...task.work.tests, ...task.work.code].map(({ path, blob, mode }) => ({
    path,
    status: "added",
    blob,
    before: null,
    mode,
  }));
  const look = (need: Need) => (need.see === "changes" ? changed : answers[(need as { tree: string }).tree]);
  for (let round = 0; round < 3; round += 1)
    for (const need of symbols.needs(task, seen, { gate: "symbols" })) seen.set(needKey(need), look(need));
  return symbols.judge(task, seen, { gate: "symbols" });
}

const findings = (verdict: ReturnType<typeof judged>) =>
  verdict.kind === "refuse" ? verdict.findings.map(({ rule, answers }) => [rule, answers]) : verdict.kind;

it("refuses names that do not exist, and the maker of the file answers", () => {
  const now = [
    missing("src/discount.ts", "package-missing"),
    missing("src/discount.ts", "export-missing"),
    missing("test/discount.test.ts", "package-export-missing"),
    missing("test/discount.test.ts", "name-undefined"),
  ];
  expect(findings(judged(state(), [], now))).toEqual([
    ["symbols/package-missing", "developer"],
    ["symbols/export-missing", "developer"],
    ["symbols/package-export-missing", "tester"],
    ["symbols/name-undefined", "tester"],
  ]);
});

it("lets the developer answer for what a proven test asks of the project's own code", () => {
  const asked = ["module-missing", "export-missing", "member-missing", "argument-unknown"];
  const now = asked.map((code) => missing("test/discount.test.ts", code));
  expect(findings(judged(state(), [], now))).toEqual(asked.map((code) => [`symbols/${code}`, "developer"]));
});

it("takes what the base has for given", () => {
  const old = missing("src/discount.ts", "package-missing");
  expect(findings(judged(state(), [old], [old]))).toBe("pass");
  expect(findings(judged(state(), [old], [old, old]))).toEqual([["symbols/package-missing", "developer"]]);
});

it("waits for the code of a red-first task", () => {
  const waiting = state({ work: work({ code: [] }) });
  expect(symbols.needs(waiting, new Map(), { gate: "symbols" })).toEqual([]);
  expect(findings(judged(waiting, [], [missing("src/a.ts", "module-missing")]))).toBe("pass");
});
