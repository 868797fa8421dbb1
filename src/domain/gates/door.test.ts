import { describe, expect, it } from "vitest";
import { answerers, driveGate, looking, rules } from "../../../test/kit/drive-gate.ts";
import { oneMaker, state, work } from "../../../test/kit/gate-states.ts";
import type { Diagnostic, WrittenCases } from "../diagnostic.ts";
import type { Need } from "../need.ts";
import type { TreeChange } from "../work.ts";
import { lint, syntax, types } from "./diagnosis.ts";
import { door } from "./door.ts";

const added = (path: string): TreeChange => ({ path, status: "added", blob: "b", before: null, mode: "100644" });
const modified = (path: string): TreeChange => ({ path, status: "modified", blob: "b", before: "a", mode: "100644" });
const deleted = (path: string): TreeChange => ({ path, status: "deleted", blob: null, before: "a", mode: "000000" });
const written = (...titles: readonly string[]): WrittenCases => ({
  parsed: true,
  cases: titles.map((title) => ({ title, digest: title, line: 1 })),
  rest: ["import"],
  imports: [],
  assertions: titles.length,
});
const honest = [added("test/discount.test.ts"), added("src/discount.ts")];

interface Story {
  readonly before?: WrittenCases;
  readonly after?: WrittenCases;
}
const judged = (changes: readonly TreeChange[], said: Parameters<typeof state>[0] = {}, story: Story = {}) =>
  driveGate(
    door,
    state(said),
    looking({
      changes: () => changes,
      cases: ({ tree }) => (tree === "base" ? story.before : story.after) ?? written("AC1"),
    }),
  );

describe("the door, on the tree", () => {
  it("passes tests and code in scope, and an untouched tree before anything is proposed", () => {
    expect(rules(judged(honest))).toEqual([]);
    expect(rules(judged([]))).toEqual([]);
  });

  it.each([
    ["door/out-of-scope", added("lib/a.ts"), "developer"],
    ["door/protected", modified(".github/workflows/ci.yml"), "developer"],
    ["door/protected", modified("vitest.config.ts"), "tester"],
    ["door/infrastructure", modified("test/test-setup.ts"), "tester"],
    ["door/deletes", deleted("src/old.ts"), "developer"],
    ["door/deletes", deleted("test/old.test.ts"), "tester"],
    ["door/not-a-file", { ...added("src/link.ts"), mode: "120000" }, "developer"],
    ["door/not-a-file", { ...added("src/module"), mode: "160000" }, "developer"],
  ] as const)("refuses %s", (rule, change, answers) => {
    const verdict = judged([...honest, change]);
    expect([rules(verdict), answerers(verdict)]).toEqual([[rule], [answers]]);
  });

  it("reads changed test files again: old cases stand, new ones run", () => {
    const change = [modified("test/discount.test.ts"), added("src/discount.ts")];
    const both = { before: written("old"), after: written("old", "AC1") };
    expect(rules(judged(change, {}, both))).toEqual([]);
    expect(rules(judged(change, {}, { ...both, after: written("AC1") }))).toEqual(["door/existing-test"]);
    expect(rules(judged(change, {}, { ...both, after: { ...written("old"), rest: [] } }))).toEqual([
      "door/existing-setup",
    ]);
    const only = { ...written("AC1"), cases: [{ title: "AC1", digest: "d", line: 1, modifier: "only" as const }] };
    expect(rules(judged(honest, {}, { after: only }))).toEqual(["door/focused"]);
  });

  it("lets a declared move be made, whole, by whoever writes the layer", () => {
    const moves = [{ from: "test/old.test.ts", to: "test/new.test.ts" }];
    const said = { task: { kind: "move", moves } };
    const code = modified("src/a.ts");
    const made = [deleted("test/old.test.ts"), added("test/new.test.ts"), code];
    const both = { before: written("a", "b"), after: written("b", "a") };
    expect(rules(judged(made, said, both))).toEqual([]);
    expect(rules(judged(made, said, { ...both, after: written("a") }))).toEqual(["door/existing-test"]);
    const missing = judged([code], said, both);
    expect([rules(missing), answerers(missing)]).toEqual([["door/move-not-made"], ["tester"]]);
  });

  it("asks one maker for what is still missing", () => {
    const said = { workflow: oneMaker };
    expect(rules(judged([], said))).toEqual(["door/nothing-proposed"]);
    const tests = { ...said, work: work({ code: [] }) };
    expect(rules(judged([added("test/a.test.ts")], tests))).toEqual(["door/no-code"]);
    const onlyTests = judged([added("test/a.test.ts")], { ...tests, task: { kind: "test" } });
    expect(rules(onlyTests)).toEqual([]);
    expect(answerers(judged([], { task: { kind: "docs" } }))).toEqual(["documenter"]);
    expect(answerers(judged([], { task: { kind: "test" } }))).toEqual(["tester"]);
  });
});

describe("syntax, lint and types", () => {
  const says = (path: string, code: string, text = "x"): Diagnostic => ({ path, line: 1, code, message: "no", text });
  const look = (base: readonly Diagnostic[], now: readonly Diagnostic[], changes = honest) =>
    looking({
      changes: () => changes,
      diagnostics: ({ tree }: Extract<Need, { see: "diagnostics" }>) => ({
        tools: ["tool 1"],
        diagnostics: [...(tree === "base" ? base : now)],
      }),
    });

  it("count only what is new", () => {
    const known = says("src/old.ts", "TS1");
    expect(rules(driveGate(types, state(), look([known], [known])))).toEqual([]);
    expect(rules(driveGate(types, state(), look([known], [known, says("src/discount.ts", "TS2")])))).toEqual([
      "types/TS2",
    ]);
  });

  it("ask both trees about the same paths for types, so that added files alone do not make old complaints new", () => {
    const { needs } = driveGate(types, state(), look([], []));
    expect(needs.filter((need) => need.see === "diagnostics").map((need) => need.paths)).toEqual([
      ["src/discount.ts", "test/discount.test.ts"],
      ["src/discount.ts", "test/discount.test.ts"],
    ]);
  });

  it("follow a file that moved byte for byte", () => {
    const changes = [deleted("src/a.ts"), { ...added("src/b.ts"), blob: "a" }];
    expect(rules(driveGate(lint, state(), look([says("src/a.ts", "L1")], [says("src/b.ts", "L1")], changes)))).toEqual(
      [],
    );
  });

  it("ask the writer of the file, and the developer for what a proven test misses", () => {
    const file = "test/discount.test.ts";
    expect(answerers(driveGate(lint, state(), look([], [says(file, "L1")])))).toEqual(["tester"]);
    expect(answerers(driveGate(types, state(), look([], [says(file, "TS2345")])))).toEqual(["tester"]);
    expect(answerers(driveGate(types, state(), look([], [says(file, "TS2339")])))).toEqual(["developer"]);
  });

  it("wait for the code, but for syntax", () => {
    const half = state({ work: work({ code: [] }) });
    const complaint = look([], [says("test/discount.test.ts", "E1")]);
    expect(rules(driveGate(types, half, complaint))).toEqual([]);
    expect(answerers(driveGate(syntax, half, complaint))).toEqual(["tester"]);
  });
});
