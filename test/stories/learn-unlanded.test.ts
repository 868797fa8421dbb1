import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Candidate } from "../../src/domain/learn-candidate.ts";
import {
  BAD_MODULE,
  codeOf,
  GOOD_MODULE,
  SMALL_CONFIG,
  SMALL_INPUT,
  smallScript,
  smallTasks,
  wholeNumbers,
} from "../kit/small-tasks.ts";
import { facts, refusals, refusalText, silent, type Told, tell, within } from "../kit/story.ts";
import type { Target } from "../kit/target.ts";

const WRONG = "return !whole(value);";
/** No tests begun anew, and nobody who gives other instructions: what does not work rests. */
const CONFIG = `${SMALL_CONFIG}limits: { testsAnew: 0, orchestrations: 0, metaFailures: 9 }\n`;
const NAMES = ["even", "odd", "prime"];

/** First a module that is not there, then the right one; what the function answers stays wrong. */
const never = (name: string) => [codeOf(name, BAD_MODULE, WRONG), codeOf(name, GOOD_MODULE, WRONG)];
/** The wrong module to the end. */
const always = (name: string) => [codeOf(name, BAD_MODULE, WRONG), codeOf(name, BAD_MODULE, `${WRONG} //`)];

const run = (target: Target, code: (name: string) => readonly string[]) =>
  tell(target, smallScript("three", smallTasks(NAMES, code)), SMALL_INPUT);
const kept = (target: Target) => within(target, {}, (mill) => mill.candidates());

describe("tasks of which none landed", { timeout: 300_000 }, () => {
  let target: Target;
  let told: Told;
  let offered: readonly Candidate[] = [];

  beforeAll(async () => {
    target = wholeNumbers({ "millwright.yaml": CONFIG });
    told = await run(target, never);
    offered = (await kept(target)).filter(({ standing }) => standing === "offered");
  });
  afterAll(() => target.remove());

  test("teach where a later answer came past the gate that refused an earlier one", () => {
    expect(told.outcome.kind, refusalText(told)).toBe("stuck");
    expect(facts(told, "landed")).toEqual([]);
    const [one, ...more] = offered;
    expect(more).toEqual([]);
    expect(one?.title).toBe("import whole from ./check.js instead of ./checks.js");
    expect(one?.reason).toContain("symbols/module-missing refused it, and it was mended");
    expect(one?.cases.map(({ path, rule }) => `${path} ${rule}`)).toEqual(
      NAMES.map((name) => `src/${name}.js symbols/module-missing`),
    );
  });

  test("prove it like any other: refused without it, and past that gate with it", () => {
    expect(offered[0]?.evidence.rows.map(({ effect }) => effect)).toEqual(["helped", "helped", "helped"]);
    expect(offered[0]?.evidence.rows[0]).toMatchObject({
      before: "refused by symbols: symbols/module-missing",
      after: "passed",
    });
  });

  test("come back with it, and nobody has to say so", async () => {
    await within(target, {}, (mill) => mill.decide({ approve: "all" }));
    const script = smallScript(
      "three",
      smallTasks(NAMES, (name) => [codeOf(name, BAD_MODULE)]),
    );
    const again = await within(target, { script }, async (mill) => {
      const end = await mill.resume(told.run, {}, silent());
      return { ...end, entries: await mill.entries(end.run) };
    });
    expect(again.outcome.kind, refusalText(again)).toBe("done");
  });
});

test("tasks whose answers never came past the gate teach nothing", { timeout: 300_000 }, async () => {
  const target = wholeNumbers({ "millwright.yaml": CONFIG });
  const told = await run(target, always);
  expect(refusals(told).every((line) => !line.startsWith("green: green/fails"))).toBe(true);
  expect(await within(target, {}, (mill) => mill.learn({}, silent()))).toMatchObject({ cases: 0, waiting: [] });
  target.remove();
});
