import { describe, expect, it } from "vitest";
import { answerers, driveGate, type Look, looking, notes, rules } from "../../../test/kit/drive-gate.ts";
import { report, state, work } from "../../../test/kit/gate-states.ts";
import { agree, type Exam, readDerivation, readExam } from "../held-out.ts";
import type { Sights } from "../need.ts";
import { heldOut } from "./held-out.ts";

const criteria = [{ id: "AC1", text: "`half(8)` returns 4" }];
const check = { criterion: "AC1", imports: ["src/half.ts#half"], setup: [], call: "half(8)", expected: { value: 4 } };
const exam = (...checks: readonly unknown[]) => readExam(JSON.stringify({ checks }), criteria, 6);
const file = "test/millwright-checks.test.ts";
const ended = (said: string) =>
  report([
    said === "holds"
      ? `${file} > millwright check 1: passed`
      : {
          id: `${file} > 1`,
          file,
          name: "millwright check 1",
          outcome: "failed",
          failure: { kind: "error", message: `Error: millwright[${said}] 5` },
        },
  ]);

interface World {
  readonly written?: Exam;
  readonly onWork?: readonly string[];
  readonly onBase?: string;
  readonly derived?: Sights["derivation"];
}

function world({
  written = exam(check),
  onWork = ["differs", "differs"],
  onBase = "unresolved",
  derived = null,
}: World): Look {
  return looking({
    exam: () => written,
    checks: ({ tree }) => ({ tree: `${tree}+checks`, file }),
    suite: ({ tree, repetition }) => ended(tree.startsWith("base") ? onBase : (onWork[repetition - 1] ?? "")),
    derivation: () => derived,
  });
}

const agreed = new Map([[1, { value: 4 }]]);

describe("held-out checks", () => {
  const task = { task: { accept: criteria } };

  it("block only when they fail twice, do not hold on the base, and a second model derives the same", () => {
    const refused = driveGate(heldOut, state(task), world({ derived: agreed }));
    expect(rules(refused)).toEqual(["held-out/behaviour"]);
    expect(answerers(refused)).toEqual(["developer"]);
  });

  it.each([
    [{ derived: null }, "no second model"],
    [{ derived: new Map() }, "finds no certain answer"],
    [{ derived: new Map([[1, { value: 5 }]]) }, "a second model derives 5"],
    [{ derived: agreed, onBase: "holds" }, "it holds on the base"],
    [{ derived: agreed, onWork: ["differs", "holds"] }, "did not fail in a second run"],
    [{ onWork: ["unresolved"] }, "a name that it needs is not there"],
    [{ onWork: ["set-up"] }, "its set-up fails"],
    [{ onWork: ["unusable"] }, "its call makes no sense here"],
    [{ onWork: ["holds"] }, "1 of 1 held-out checks hold."],
    [{ written: exam() }, "No held-out check was written."],
    [{ written: readExam("I would rather not", criteria, 6) }, "cannot be used"],
  ] as const)("are advice or dropped otherwise: %j", (seen, said) => {
    const passed = driveGate(heldOut, state(task), world(seen));
    expect(rules(passed)).toEqual([]);
    expect(notes(passed)).toContain(said);
  });

  it("ask no model and run nothing before there is code, and say so where no runner can be written for", () => {
    expect(driveGate(heldOut, state({ ...task, work: work({ code: [] }) }), world({})).needs).toEqual([]);
    const blind = looking({ exam: () => exam(check), checks: () => null });
    expect(notes(driveGate(heldOut, state(task), blind))).toContain("no runner here");
  });

  it("ask a second model for nothing that holds", () => {
    const { needs } = driveGate(heldOut, state(task), world({ onWork: ["holds"] }));
    expect(needs.map((need) => need.see)).toEqual(["exam", "checks", "suite"]);
  });
});

describe("what an examiner writes", () => {
  it.each([
    [{ ...check, criterion: "AC7" }, "AC7 is no criterion"],
    [{ ...check, call: "process.exit(0)" }, "ends the process"],
    [{ ...check, setup: ["a();\nb();"] }, "line break"],
    [{ ...check, expected: {} }, "`value` or `error` is missing"],
    [{ ...check, imports: ["nowhere"] }, "path#name"],
    [{ ...check, imports: [] }, "imports"],
  ])("leaves out %j and keeps the others", (wrong, why) => {
    const read = exam(wrong, check);
    expect(read.checks.map(({ number }) => number)).toEqual([2]);
    expect(read.problems.join()).toContain(why);
  });

  it("is cut to as many as were asked for", () => {
    expect(exam(...Array(9).fill(check)).checks).toHaveLength(6);
  });

  it("is compared by value, with room for floating point, and errors by type and message", () => {
    expect(agree({ value: { a: [0.1 + 0.2] } }, { value: { a: [0.3] } })).toBe(true);
    expect(agree({ value: [1, 2] }, { value: [2, 1] })).toBe(false);
    expect(agree({ value: null }, { value: false })).toBe(false);
    expect(
      agree(
        { error: { type: "RangeError", message: "no  way" } },
        { error: { type: "RangeError", message: "no way" } },
      ),
    ).toBe(true);
    expect(agree({ error: { type: "RangeError" } }, { value: 1 })).toBe(false);
    expect([...readDerivation('{"answers":[{"check":1,"unsure":true},{"check":2,"expected":{"value":0}}]}')]).toEqual([
      [2, { value: 0 }],
    ]);
  });
});
