import { expect, test } from "vitest";
import { available } from "../kit/available.ts";
import { codeOfFives, fives, pythonScript, testOfFives } from "../kit/small-python.ts";
import { SMALL_INPUT } from "../kit/small-tasks.ts";
import { facts, refusals, refusalText, silent, tell, within } from "../kit/story.ts";
import { file } from "../kit/sums.ts";

/** Somebody's rule that is right for most tasks, and wrong for one that wants the other number. */
const TEN = `id: ten-times
title: Nothing is taken nine times
why: { reason: "It was always meant to be ten." }
languages: [python]
files: ["src/**"]
does: { kind: replace-literal, call: times, from: [9], to: 10 }
examples:
  valid: [{ text: "times(value, 8)\\n" }]
  invalid: [{ text: "times(value, 9)\\n", expected: "times(value, 10)\\n" }]
`;

test.runIf(available.pytest)(
  "a correction that goes too far is proposed for retirement with the answers that it made wrong",
  { timeout: 300_000 },
  async () => {
    const target = fives({ "corrections/ten-times.yaml": TEN });
    const task = { name: "ninefold", times: 9 };
    const plain = file("src/ninefold.py", "def ninefold(value):\n    return value * 9");
    const made = { ...task, tester: [testOfFives("AC1", task)], developer: [codeOfFives(task), plain] };
    const told = await tell(target, pythonScript("nine", [made]), SMALL_INPUT);
    expect(told.outcome.kind, refusalText(told)).toBe("done");
    expect(refusals(told)).toContain("green: green/fails");
    expect(facts(told, "corrected").map(({ corrections }) => corrections.map(({ id }) => id))).toEqual([["ten-times"]]);

    const { waiting } = await within(target, {}, (mill) => mill.learn({}, silent()));
    expect(waiting.map(({ id, kind, reason }) => [id, kind, reason])).toEqual([
      [
        "retire-ten-times",
        "retire",
        "The correction ten-times has stopped helping: it breaks 1 recorded proposal(s) and helps 0.",
      ],
    ]);
    expect(waiting[0]?.evidence.rows).toMatchObject([
      {
        proposal: `${told.run}/T1/developer/1`,
        effect: "broken",
        before: "passed",
        after: "refused by green: green/fails",
      },
    ]);
    await within(target, {}, (mill) => mill.decide({ approve: "all" }));
    expect(target.git("show", "main:corrections/ten-times.yaml")).toContain("state: off");
    target.remove();
  },
);
