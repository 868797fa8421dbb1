import { afterEach, describe, expect, test } from "vitest";
import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { openAndon } from "../../src/compose/andon/open-andon.ts";
import type { Changes } from "../../src/mill.ts";
import { facts, refusalText, sandboxed, silent, type Told, tell, within } from "../kit/story.ts";
import {
  approval,
  byTask,
  file,
  planWith,
  SUBTRACT_CODE,
  SUBTRACT_TESTS,
  SUMS_CONFIG,
  sums,
  testOf,
} from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";

const wrong = SUBTRACT_CODE.replace("left - right", "right - left");
const multiply = (by: string) =>
  ({
    tester: [file("test/multiply.test.js", testOf("multiply", "AC2 multiplies", "assert.equal(multiply(5, 3), 15);"))],
    developer: [file("src/multiply.js", `export function multiply(left, right) {\n  return left ${by} right;\n}`)],
    reviewer: [approval("AC2")],
  }) as const;
const double = {
  tester: [file("test/double.test.js", testOf("double", "AC3 doubles", "assert.equal(double(4), 8);"))],
  developer: [file("src/double.js", "export function double(value) {\n  return value * 2;\n}")],
  reviewer: [approval("AC3")],
} as const;
const PLAN = planWith([
  { id: "T1" },
  {
    id: "T2",
    accept: { AC2: "`multiply(5, 3)` of `src/multiply.js` returns 15" },
    files: ["src/multiply.js"],
    tests: ["test/multiply.test.js"],
    creates: ["src/multiply.js#multiply"],
  },
  {
    id: "T3",
    needs: ["T1"],
    accept: { AC3: "`double(4)` of `src/double.js` returns 8" },
    files: ["src/double.js"],
    tests: ["test/double.test.js"],
    creates: ["src/double.js#double"],
  },
]);
const LIMITS = "limits: { sameSignature: 2, orchestrations: 0, testsAnew: 0 }\n";
const stuckOn = (developer: readonly string[]) =>
  byTask(PLAN, {
    T1: { tester: [SUBTRACT_TESTS], developer, reviewer: [approval("AC1")] },
    T2: multiply("*"),
    T3: double,
  });

let target: Target;
afterEach(() => target.remove());

async function resume(script: Script, changes: Changes = {}): Promise<Told> {
  return within(target, { script }, async (mill) => {
    const run = (await mill.runs()).at(-1)?.id;
    const end = await mill.resume(run, changes, silent());
    return { ...end, entries: await mill.entries(end.run) };
  });
}

const endings = (told: Told) => facts(told, "task-ended").map(({ task, outcome }) => `${task} ${outcome}`);

describe("a task that is stuck rests, and the others go on", { timeout: 120_000 }, () => {
  test("an incident is filed, the line goes on, what needs it is skipped with the reason", async () => {
    target = sums({ "millwright.yaml": `${SUMS_CONFIG}${LIMITS}` });
    const told = await tell(target, stuckOn([wrong]));
    expect(told.outcome.kind, refusalText(told)).toBe("stuck");
    expect(endings(told)).toEqual(["T1 stuck", "T2 landed", "T3 skipped"]);
    expect(facts(told, "task-ended")[2]?.reason).toBe("it needs T1, which has not landed");
    expect(facts(told, "incident-filed")).toMatchObject([{ kind: "deadlock", about: "T1" }]);
    expect(facts(told, "incident-opened")).toEqual([]);
  });

  test("it rests on while nothing that could matter has changed: resume says so, and what would count", async () => {
    target = sums({ "millwright.yaml": `${SUMS_CONFIG}${LIMITS}` });
    const first = await tell(target, stuckOn([wrong]));
    await expect(resume(stuckOn([SUBTRACT_CODE]))).rejects.toThrow(
      /T1 rests: nothing that could matter has changed since .*What would count: .*--retry T1/,
    );
    await expect(resume(stuckOn([SUBTRACT_CODE]), { retry: { task: "T2", word: "again" } })).rejects.toThrow(
      /T2 does not rest\. Those that do: T1\./,
    );
    const after = await within(target, sandboxed(), (mill) => mill.entries(first.run));
    expect(after).toEqual(first.entries);
  });

  test("a person's word lets it come back: the makers are told, and what was skipped lands too", async () => {
    target = sums({ "millwright.yaml": `${SUMS_CONFIG}${LIMITS}` });
    await tell(target, stuckOn([wrong]));
    const asked: string[] = [];
    const told = await resume(
      (request) => {
        asked.push(`${request.task} ${request.role} ${request.attempt} ${request.user.includes("take the right one")}`);
        return stuckOn([SUBTRACT_CODE])(request);
      },
      { retry: { task: "T1", word: "take the right one from the left one" } },
    );
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "task-reopened")).toMatchObject([
      { task: "T1", reason: "a person says: take the right one from the left one" },
    ]);
    expect(endings(told)).toEqual(["T1 stuck", "T2 landed", "T3 skipped", "T1 landed", "T3 landed"]);
    expect(facts(told, "run-ended").map(({ outcome, comebacks }) => `${outcome} ${comebacks ?? 0}`)).toEqual([
      "stuck 0",
      "done 1",
    ]);
    expect(asked.filter((one) => one.startsWith("T1 developer"))).toEqual(["T1 developer 5 true"]);
  });

  test("a later plan waits for all of the one before, and is made upon what came back", async () => {
    target = sums({ "millwright.yaml": `${SUMS_CONFIG}${LIMITS}` });
    const later = {
      id: "T4",
      accept: { AC4: "`halve(4)` of `src/halve.js` returns 2" },
      files: ["src/halve.js"],
      tests: ["test/halve.test.js"],
      creates: ["src/halve.js#halve"],
    };
    const halve = {
      tester: [file("test/halve.test.js", testOf("halve", "AC4 halves", "assert.equal(halve(4), 2);"))],
      developer: [file("src/halve.js", "export function halve(value) {\n  return value / 2;\n}")],
      reviewer: [approval("AC4")],
    } as const;
    const both = `${PLAN}\n${planWith([later], { plan: "later", needs: ["subtract"] })}`;
    const script = (developer: string) =>
      byTask(both, {
        T1: { tester: [SUBTRACT_TESTS], developer: [developer], reviewer: [approval("AC1")] },
        T2: multiply("*"),
        T3: double,
        T4: halve,
      });
    const first = await tell(target, script(wrong));
    expect(endings(first)).toEqual(["T1 stuck", "T2 landed", "T3 skipped"]);
    expect(facts(first, "plan-accepted").map(({ plan }) => plan)).toEqual(["subtract"]);
    const told = await resume(script(SUBTRACT_CODE), {
      retry: { task: "T1", word: "the right one from the left one" },
    });
    expect(told.outcome, refusalText(told)).toEqual({ kind: "done", branch: "loop/later" });
    expect(target.git("show", "loop/later:src/subtract.js")).toContain("left - right");
    expect(target.git("show", "loop/later:src/halve.js")).toContain("value / 2");
  });

  test("stuck again for the same reason, it ends again and rests again", async () => {
    target = sums({ "millwright.yaml": `${SUMS_CONFIG}${LIMITS}` });
    await tell(target, stuckOn([wrong]));
    const again = await resume(stuckOn([wrong]), { retry: { task: "T1", word: "try harder" } });
    expect(again.outcome.kind).toBe("stuck");
    expect(endings(again)).toEqual(["T1 stuck", "T2 landed", "T3 skipped", "T1 stuck"]);
    expect(facts(again, "incident-filed")).toHaveLength(2);
    await expect(resume(stuckOn([wrong]))).rejects.toThrow(/T1 rests/);
    const third = await resume(stuckOn([SUBTRACT_CODE]), { retry: { task: "T1", word: "read the criterion" } });
    expect(third.outcome.kind, refusalText(third)).toBe("done");
  });

  test("a second word in vain stops the line, and only a hypothesis lets it run again", async () => {
    target = sums({ "millwright.yaml": `${SUMS_CONFIG}${LIMITS}` });
    await tell(target, stuckOn([wrong]));
    const once = await resume(stuckOn([wrong]), { retry: { task: "T1", word: "try harder" } });
    expect(facts(once, "incident-opened")).toEqual([]);
    const twice = await resume(stuckOn([wrong]), { retry: { task: "T1", word: "read the criterion" } });
    expect(facts(twice, "incident-opened")).toMatchObject([
      { about: "T1", kind: "reported", problem: expect.stringContaining("came back at a person's word 2 times") },
    ]);
    const stopped = await resume(stuckOn([SUBTRACT_CODE]), { retry: { task: "T1", word: "again" } });
    expect(stopped.outcome.kind).toBe("waiting");
    const { missing } = await (await openAndon(target.dir, {})).show(undefined);
    expect(missing.join("\n")).toMatch(/^Hypothesis: /m);
  });

  test("an edited plan lets it come back with the edited task, if the rules of plans take it", async () => {
    target = sums({ "millwright.yaml": `${SUMS_CONFIG}${LIMITS}` });
    const first = await tell(target, stuckOn([wrong]));
    const { path, branch } = facts(first, "plan-accepted")[0] ?? { path: "", branch: "" };
    const plan = target.git("show", `${branch}:${path}`);
    target.write(path, plan.replace("kind: feature", "kind: docs"));
    await expect(resume(stuckOn([SUBTRACT_CODE]))).rejects.toThrow(/T1: .*needs check/);
    target.write(path, `${plan.replace("People want it.", "People want differences.")}\n`);
    const told = await resume(stuckOn([SUBTRACT_CODE]));
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "task-reopened")).toMatchObject([
      { reason: "the plan's text of it has changed", revision: { purpose: "People want differences." } },
    ]);
  });
});
