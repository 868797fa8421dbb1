import { expect, test } from "vitest";
import type { Clock } from "../../src/engine/ports.ts";
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
import { refusalText, silent, tell, within } from "../kit/story.ts";

/** A clock by which the time is over as soon as it was looked at so often: what is judged reads it, nothing waits for it. */
function overAfter(looks: number): { readonly clock: Clock; readonly minutes: () => number | undefined } {
  let [left, asked] = [looks, undefined as number | undefined];
  let wake = (): void => undefined;
  return {
    minutes: () => asked,
    clock: {
      now: () => {
        if (left-- <= 0) wake();
        return 0;
      },
      sleep: (milliseconds) => {
        asked = milliseconds / 60_000;
        return new Promise((resolve) => {
          wake = resolve;
        });
      },
    },
  };
}

test("when limits.learnMinutes are over a look ends, offers nothing that is half tried, and the next one goes on", {
  timeout: 300_000,
}, async () => {
  const target = wholeNumbers({ "millwright.yaml": `${SMALL_CONFIG}learn: off\nlimits: { learnMinutes: 7 }\n` });
  const tasks = smallTasks(["even", "odd", "prime"], (name) => [codeOf(name, BAD_MODULE), codeOf(name, GOOD_MODULE)]);
  const told = await tell(target, smallScript("three", tasks), SMALL_INPUT);
  expect(told.outcome.kind, refusalText(told)).toBe("done");

  const over = overAfter(0);
  const first = await within(target, { learnClock: over.clock }, (mill) => mill.learn({}, silent()));
  expect(over.minutes()).toBe(7);
  expect(first.waiting).toEqual([]);
  expect(first.notes).toContain("7 minute(s) were over (limits.learnMinutes); `millwright learn` goes on.");
  const [unfinished] = first.others;
  expect(unfinished).toMatchObject({ standing: "unfinished", state: "waiting" });
  expect(new Set(unfinished?.evidence.rows.map(({ effect }) => effect))).toEqual(new Set(["left-out"]));
  await expect(within(target, {}, (mill) => mill.decide({ approve: [unfinished?.id ?? ""] }))).rejects.toThrow(
    /has not been tried to the end/,
  );

  const patient = overAfter(Number.POSITIVE_INFINITY);
  const next = await within(target, { learnClock: patient.clock }, (mill) => mill.learn({}, silent()));
  expect(next.notes).toEqual([]);
  expect(next.waiting).toMatchObject([{ id: unfinished?.id, standing: "offered" }]);
  expect(next.waiting[0]?.evidence.rows.map(({ effect }) => effect)).toEqual(["helped", "helped", "helped"]);
  target.remove();
});
