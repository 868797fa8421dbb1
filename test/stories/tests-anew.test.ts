import { afterEach, describe, expect, test } from "vitest";
import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import type { ModelRequest } from "../../src/domain/model-call.ts";
import { foldResults } from "../../src/views/results.ts";
import { toldRun } from "../../src/views/told-run.ts";
import { facts, goOn, refusalText, sandboxed, silent, type Told, tell, within } from "../kit/story.ts";
import {
  type Answers,
  file,
  SUBTRACT_CODE,
  SUBTRACT_TESTS,
  SUMS_CONFIG,
  subtracting,
  sums,
  testOf,
} from "../kit/sums.ts";
import type { Target } from "../kit/target.ts";

const subtractTest = (...cases: readonly string[]) =>
  file("test/subtract.test.js", testOf("subtract", "AC1 subtracts", ...cases));
/** Red cannot see it: it fails without the code, and with every right answer too. */
const WRONG_TESTS = subtractTest("assert.equal(subtract(5, 3), 2);", "assert.equal(subtract(3, 5), 2);");
const codeOf = (body: string) =>
  file("src/subtract.js", `export function subtract(left, right) {\n  return ${body};\n}`);
const RIGHT = ["left - right", "-(right - left)", "left + -right", "0 + left - right", "left - right + 0"].map(codeOf);

let target: Target;
afterEach(() => target.remove());

const withLimits = (limits: string) => sums({ "millwright.yaml": `${SUMS_CONFIG}limits: { ${limits} }\n` });
const asked = (told: Told) => facts(told, "answered").map(({ role, attempt }) => `${role} ${attempt}`);
const doubting = (wrong: Answers = {}) =>
  subtracting({ tester: [WRONG_TESTS, SUBTRACT_TESTS], developer: RIGHT, ...wrong });

/** The same script, and every question that it was asked. */
function heard(script: Script): { readonly script: Script; readonly questions: ModelRequest[] } {
  const questions: ModelRequest[] = [];
  const listening: Script = (request) => {
    questions.push(request);
    return script(request);
  };
  return { script: listening, questions };
}

describe("tests that no right answer passes begin anew", { timeout: 120_000 }, () => {
  test("the tester is told what its tests said to several answers, and the task lands without the orchestrator", async () => {
    target = withLimits("attempts: 3");
    const { script, questions } = heard(doubting());
    const told = await tell(target, script);
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "orchestrated")).toEqual([]);
    expect(facts(told, "tests-begun-anew")).toMatchObject([
      {
        task: "T1",
        number: 1,
        role: "tester",
        attempts: [1],
        refused: { role: "developer", attempts: [1, 2, 3] },
        reason: expect.stringMatching(/^3 answers of the developer \(3 different trees\) failed nothing but .*AC1/),
        findings: [{ rule: "green/fails", answers: "tester", path: "test/subtract.test.js" }],
      },
    ]);
    const again = questions.find(({ role, attempt }) => role === "tester" && attempt === 2)?.user ?? "";
    expect(again).toContain("3 answers of the developer (3 different trees) failed nothing but these tests of yours");
    expect(again).toContain("assert.equal(subtract(3, 5), 2);");
    expect(again).toContain("-2 !== 2");
    expect(again).not.toContain("right - left");
    const anew = questions.find(({ role, attempt }) => role === "developer" && attempt === 4)?.user ?? "";
    expect(anew).not.toContain("laid aside");
    expect(anew).not.toContain("subtract(3, 5), 2)");
    expect(asked(told).slice(0, 7)).toEqual([
      "architect 1",
      "tester 1",
      "developer 1",
      "developer 2",
      "developer 3",
      "tester 2",
      "developer 4",
    ]);
  });

  test("it is counted: against the answer that wrote them, in the story's turns and in the metrics", async () => {
    target = withLimits("attempts: 3");
    const told = await tell(target, doubting());
    const rows = foldResults(told.entries).rows.filter(({ role }) => role === "tester");
    expect(rows).toMatchObject([
      { attempt: 1, verdict: "refuse", gate: "green", type: "patch" },
      { attempt: 2, verdict: "pass" },
    ]);
    const run = toldRun(told.entries);
    expect(run.testsAnew).toBe(1);
    expect(run.view.tasks[0]?.turns).toEqual([expect.stringMatching(/^the tester begins the tests anew: 3 answers/)]);
  });

  test("once a task: tests that are sent again are for the orchestrator", async () => {
    target = withLimits("attempts: 3");
    const told = await tell(target, doubting({ tester: [WRONG_TESTS], orchestrator: ["SKIP: nobody knows"] }));
    expect(told.outcome.kind).toBe("stuck");
    expect(facts(told, "tests-begun-anew")).toHaveLength(1);
    expect(facts(told, "orchestrated")).toHaveLength(1);
    expect(asked(told).filter((one) => one.startsWith("developer"))).toHaveLength(6);
  });

  test("never when it is switched off", async () => {
    target = withLimits("attempts: 3, testsAnew: 0");
    const told = await tell(target, doubting({ orchestrator: ["SKIP: nobody knows"] }));
    expect(facts(told, "tests-begun-anew")).toEqual([]);
    expect(facts(told, "orchestrated")).toHaveLength(1);
  });

  test("a slow developer keeps its tests while fewer of them fail", async () => {
    const cases = ["assert.equal(subtract(5, 3), 2);", "assert.equal(subtract(3, 5), -2);"];
    const two = cases.map((line, at) => testOf("subtract", `AC1 case ${at}`, line));
    const [first = "", second = ""] = two;
    const tests = file("test/subtract.test.js", first + second.split("\n").slice(4).join("\n"));
    target = withLimits("attempts: 3");
    const developer = [codeOf("9"), codeOf("8"), codeOf("2"), SUBTRACT_CODE];
    const told = await tell(target, subtracting({ tester: [tests], developer, orchestrator: ["INSTRUCTIONS: minus"] }));
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(facts(told, "tests-begun-anew")).toEqual([]);
  });

  test("one maker of both layers can mend its tests by itself", async () => {
    const config = SUMS_CONFIG.replace("workflow: red-green", "workflow: both");
    const gates = ["door", "red", "green", "current"].map((gate) => `  - gate: ${gate}\n`).join("");
    const both = `name: both\ndescription: One maker.\nmakers: { tests: developer, code: developer }\ngates:\n${gates}`;
    target = sums({
      "workflows/both.yaml": both,
      "millwright.yaml": `${config}limits: { attempts: 3, orchestrations: 0 }\n`,
    });
    const developer = RIGHT.map((code) => `${WRONG_TESTS}\n${code}`);
    const told = await tell(target, subtracting({ developer }));
    expect(told.outcome.kind).toBe("stuck");
    expect(facts(told, "tests-begun-anew")).toEqual([]);
  });

  test("broken off while the tester answers, it goes on as if nothing had happened", async () => {
    target = withLimits("attempts: 3");
    const controller = new AbortController();
    const script: Script = (request) => {
      if (request.role === "tester" && request.attempt === 2) controller.abort();
      return doubting()(request);
    };
    const broken = await within(target, { ...sandboxed(), script }, async (mill) => {
      const end = await mill.run({ input: "specs/subtract.md" }, silent(controller.signal));
      return { ...end, entries: await mill.entries(end.run) };
    });
    expect(broken.outcome.kind).toBe("cancelled");
    expect(facts(broken, "tests-begun-anew")).toHaveLength(1);
    const told = await goOn(target, doubting());
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    const whole = withLimits("attempts: 3");
    const unbroken = await tell(whole, doubting());
    whole.remove();
    const kept = ({ entries }: Told) =>
      entries.map(({ key }) => key).filter((key) => !/resumed|paused|again|failed/.test(key));
    expect(kept(told).sort()).toEqual(kept(unbroken).sort());
  });
});
