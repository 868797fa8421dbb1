import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Candidate } from "../../src/domain/learn-candidate.ts";
import { available } from "../kit/available.ts";
import { codeOfFives, fives, type PythonTask, pythonScript, testOfFives } from "../kit/small-python.ts";
import { SMALL_INPUT } from "../kit/small-tasks.ts";
import { facts, refusalText, silent, type Told, tell, within } from "../kit/story.ts";
import type { Target } from "../kit/target.ts";

/** The first test looks at a number of its own instead of the fixture: red on the base, and red on right code too. */
const forgetful = (id: string, task: { readonly name: string; readonly times: number }): PythonTask => ({
  ...task,
  tester: [testOfFives(id, task, "five = 6"), testOfFives(id, task)],
  developer: [codeOfFives(task)],
});

const learn = (target: Target) => within(target, {}, (mill) => mill.learn({}, silent()));
const effects = ({ evidence }: Candidate) => evidence.rows.map(({ effect }) => effect);
const answers = (told: Told, wanted: string) => facts(told, "answered").filter(({ role }) => role === wanted).length;

describe.runIf(available.pytest)("tests that refused right code and were written anew", { timeout: 600_000 }, () => {
  let target: Target;
  let told: Told;
  let waiting: readonly Candidate[] = [];
  let others: readonly Candidate[] = [];
  const tasks = [
    { name: "twice", times: 2 },
    { name: "thrice", times: 3 },
    { name: "tenfold", times: 10 },
  ];

  beforeAll(async () => {
    target = fives();
    const made = tasks.map((task, at) => forgetful(`AC${at + 1}`, task));
    told = await tell(target, pythonScript("three", made), SMALL_INPUT);
    ({ waiting, others } = await learn(target));
  });
  afterAll(() => target.remove());

  test("are cases, although no gate refused them: what landed in their place passes with the same code", () => {
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(answers(told, "tester")).toBe(6);
    const [one, ...more] = waiting;
    expect(more).toEqual([]);
    expect(one?.title).toBe("a test that uses five takes it");
    expect(one?.cases.map(({ path, gate }) => `${path} ${gate}`)).toEqual(
      tasks.map(({ name }) => `test/test_${name}.py green`),
    );
    expect(one && effects(one)).toEqual(["helped", "helped", "helped"]);
    expect(one?.evidence.rows[0]).toMatchObject({
      proposal: `${told.run}/T1/tester/1`,
      before: "refused by green, with the code that landed: green/fails",
      after: "passed",
    });
  });

  test("an edit that came with it, and alone leaves the test wrong, is not offered", () => {
    const alone = others.find(({ title }) => title === "no five = 6");
    expect(alone && new Set(effects(alone))).toEqual(new Set(["still-refused"]));
    expect(alone?.standing).toBe("helps-nothing");
  });

  test("approved, it turns the same mistake into a pass in the next run, before anybody judges it", async () => {
    await within(target, {}, (mill) => mill.decide({ approve: "all" }));
    const task = { name: "fourfold", times: 4 };
    const next = await tell(target, pythonScript("four", [forgetful("AC1", task)]), SMALL_INPUT);
    expect(next.outcome.kind, refusalText(next)).toBe("done");
    expect([answers(next, "tester"), answers(next, "developer")]).toEqual([1, 1]);
    expect(facts(next, "corrected")).toMatchObject([
      { role: "tester", attempt: 1, corrections: [{ id: waiting[0]?.id, path: "test/test_fourfold.py", times: 1 }] },
    ]);
    expect(target.git("show", "loop/four:test/test_fourfold.py")).toContain("def test_AC1_fourfold(five):");
  });
});
