import { expect, test } from "vitest";
import { PRICING_RUN, told } from "../../../test/kit/told-run.ts";
import type { Event } from "../../domain/event.ts";
import { foldRun } from "../../views/fold-run.ts";
import { endingText } from "./ending.ts";
import { paintWith } from "./paint.ts";

const question = `T2: QUESTION: which of the rates? ${"Either is possible. ".repeat(60)}The orchestrator asks a person: yesterday's?`;

function ending(outcome: "waiting" | "stuck", reason: string): string {
  const events: readonly Event[] = [...PRICING_RUN.slice(0, -3), { type: "task-ended", task: "T2", outcome, reason }];
  return endingText(foldRun(told(events)), { run: "r1", outcome: { kind: "waiting", reason } }, paintWith(false));
}

test("a question to a person is told to its end, with the command that answers it", () => {
  const text = ending("waiting", question);
  expect(text).toContain("The orchestrator asks a person: yesterday's?");
  expect(text).toContain('next     millwright resume r1 --retry T2 "your answer"\n');
});

test("a task that waits for something else, or is stuck, is no question", () => {
  expect(ending("waiting", "T2 waits for its approval.")).toContain("next     millwright resume r1\n");
  expect(ending("stuck", question)).toContain("next     millwright resume r1\n");
});

test("a stopped line is what is looked at first, until it is closed", () => {
  const about = {
    kind: "meta-andon",
    at: "meta-andon",
    problem: "Three tasks ended without landing.",
    about: "T2",
  } as const;
  const opened: Event = { type: "incident-opened", incident: "INC-1", ...about };
  const closed: Event = { type: "incident-closed", incident: "INC-1", kind: "meta-andon" };
  const text = (...events: readonly Event[]) =>
    endingText(
      foldRun(told([...PRICING_RUN.slice(0, -3), ...events])),
      { run: "r1", outcome: { kind: "waiting", reason: "The line is stopped." } },
      paintWith(false),
    );
  expect(text(opened)).toContain("next     millwright andon show INC-1\n         millwright resume r1\n");
  expect(text(opened, closed)).toContain("next     millwright resume r1\n");
});
