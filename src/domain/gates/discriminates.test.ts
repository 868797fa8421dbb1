import { expect, it } from "vitest";
import { answerers, driveGate, looking, notes, rules } from "../../../test/kit/drive-gate.ts";
import { report, state, work } from "../../../test/kit/gate-states.ts";
import type { Need } from "../need.ts";
import { needKey } from "../need.ts";
import { settledNeeds } from "../seen-tests.ts";
import { discriminates, unnoticed } from "./discriminates.ts";

const own = "test/discount.test.ts > AC1 is right";

/** `ends`: how the task's tests end over each mutant. */
function look(ends: readonly string[]) {
  const mutants = ends.map((_end, index) => ({
    tree: `mutant ${index}`,
    what: `src/discount.ts line ${index + 1}: < became <=`,
  }));
  return looking({
    canary: () => null,
    lines: () => ["src/discount.ts:1-9"],
    mutants: () => mutants,
    suite: ({ tree }) => {
      const end = ends[Number(/^mutant (\d+)$/.exec(tree)?.[1] ?? -1)] ?? "survived";
      if (end === "slow") return report([], { ended: "timeout", exitCode: null, complete: false });
      if (end === "gone") return report([]);
      return report([`${own}: ${end === "killed" ? "failed" : "passed"}`]);
    },
  });
}

/** The gate as it comes after green: what green saw is there. */
function driven(ends: readonly string[], said: Parameters<typeof state>[0] = {}) {
  const judged = {
    ...discriminates,
    needs: (...given: Parameters<typeof discriminates.needs>) => [...greens, ...discriminates.needs(...given)],
  };
  const greens: readonly Need[] = [
    { see: "canary", tree: "work", beside: ["test/discount.test.ts"] },
    ...settledNeeds(new Map(), "base"),
    ...settledNeeds(new Map(), "work"),
  ];
  return driveGate(judged, state(said), look(ends));
}

it("passes when every change is noticed, by a failing test or one that is gone", () => {
  const passed = driven(["killed", "gone"]);
  expect(rules(passed)).toEqual([]);
  expect(notes(passed)).toBe("The task's tests notice 2 of 2 small changes of its code.");
});

it("sends what is not noticed to the tester, with its place, once a task", () => {
  const refused = driven(["killed", "survived"]);
  expect(rules(refused)).toEqual(["discriminates/survivor"]);
  expect(answerers(refused)).toEqual(["tester"]);
  expect(refused.verdict).toMatchObject({
    findings: [{}, { path: "src/discount.ts", line: 2, message: "< became <=" }],
  });
  const asked = driven(["killed", "survived"], { asked: ["green", "discriminates"] });
  expect(rules(asked)).toEqual([]);
  expect(notes(asked)).toContain("Not noticed: src/discount.ts line 2: < became <=");
});

it("holds nothing against tests that are too slow for it, and stops trying", () => {
  const slow = driven(["slow", "slow", "survived", "survived"]);
  expect(rules(slow)).toEqual([]);
  expect(slow.needs.filter((need) => need.see === "suite" && need.tree.startsWith("mutant"))).toHaveLength(2);
});

it("gives each run its share of the time, and asks for no more mutants than the limit", () => {
  const { needs } = driven(["killed"]);
  expect(needs).toContainEqual(expect.objectContaining({ see: "suite", tree: "mutant 0", seconds: 30 }));
  expect(needs).toContainEqual(expect.objectContaining({ see: "mutants", limit: 8 }));
});

it("looks at nothing before there is code, and says nothing to a reviewer then", () => {
  const waiting = state({ work: work({ code: [] }) });
  expect(driveGate(discriminates, waiting, look([])).needs).toEqual([]);
  expect(unnoticed(waiting, new Map([[needKey({ see: "canary", tree: "work", beside: [] }), null]]))).toEqual([]);
});
