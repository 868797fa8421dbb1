import { expect, test } from "vitest";
import { driveGate, looking, notes, rules } from "../../../../test/kit/drive-gate.ts";
import { state } from "../../../../test/kit/gate-states.ts";
import { judgeParts } from "../../../domain/brief-question.ts";
import { hardCoded } from "../../../domain/gates/hard-coded.ts";
import { review } from "../../../domain/gates/review.ts";
import { needKey } from "../../../domain/need.ts";
import { literalsOf } from "./literals.ts";

const TESTS = 'test("AC1", () => { expect(colour("ripe")).toBe("red"); expect(colour("raw")).toBe("green"); });\n';
const TABLE = 'export function colour(state: string) {\n  return { ripe: "red", raw: "green" }[state];\n}\n';
const WORKED_OUT = "export function colour(state: string) {\n  return state.slice(1) + state.length;\n}\n";

/** What the gate says of this code, and what is then asked of the reviewer. */
async function reviewed(code: string) {
  const uses = new Map([
    ["test/discount.test.ts", await literalsOf("a.test.ts", TESTS)],
    ["src/discount.ts", await literalsOf("a.ts", code)],
  ]);
  const look = looking({
    lines: () => ["src/discount.ts:1-9"],
    literals: ({ path }) => uses.get(path) ?? { values: [], called: [], functions: [] },
  });
  const judged = driveGate(hardCoded, state(), look);
  const seen = new Map(judged.needs.map((need) => [needKey(need), look(need)] as const));
  const [need] = review.needs(state(), seen, { gate: "review" });
  const doubtful = need?.see === "judgement" ? (need.doubtful ?? []) : [];
  const parts = judgeParts(state(), "", { unnoticed: [], doubtful, problems: [] });
  return { judged, doubtful, question: JSON.stringify(parts) };
}

test("a function that may know all there is to know passes, and the reviewer is told where it stands", async () => {
  const { judged, doubtful, question } = await reviewed(TABLE);
  expect(rules(judged)).toEqual([]);
  expect(notes(judged)).toContain("src/discount.ts:1: colour knows only what its tests hold");
  expect(doubtful).toEqual([expect.stringContaining("src/discount.ts:1: colour")]);
  expect(question).toContain("Functions that may know only what the tests hold");
  expect(question).toContain("colour knows only what its tests hold; a judge has to say");
});

test("of a function that works its answers out nobody is told anything", async () => {
  const { judged, doubtful, question } = await reviewed(WORKED_OUT);
  expect([rules(judged), notes(judged), doubtful]).toEqual([[], "", []]);
  expect(question).not.toContain("knows only what its tests hold");
});
