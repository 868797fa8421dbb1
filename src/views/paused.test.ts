import { describe, expect, test } from "vitest";
import type { Event, JournalEntry } from "../domain/event.ts";
import { foldRun } from "./fold-run.ts";
import { logPage } from "./log-page.ts";
import { pausedView } from "./paused.ts";

const told = (...events: readonly Event[]): readonly JournalEntry[] =>
  events.map((event, at) => ({ seq: at + 1, at: 1_000 * at, run: "r1", key: `${at}`, event }));
const started: Event = {
  type: "task-started",
  task: "T1",
  title: "Subtract",
  kind: "feature",
  base: "b",
  gates: ["red"],
};
const asked: Event = { type: "asked", task: "T1", role: "tester", attempt: 1, model: "m" };

describe("a run at which nobody works", () => {
  const view = foldRun(told(started, asked));

  test("shows what was on its way as paused; while somebody works it is shown as it is", () => {
    expect(pausedView(view, true)).toBe(view);
    const paused = pausedView(view, false);
    expect(paused.state).toBe("cut off");
    expect(paused.tasks).toMatchObject([{ state: "paused", asking: undefined }]);
  });

  test("keeps the ending that it has", () => {
    const ended = foldRun(told(started, asked, { type: "run-ended", outcome: "waiting", reason: "a budget" }));
    expect(pausedView(ended, true)).toMatchObject({ state: "waiting", tasks: [{ state: "paused" }] });
  });
});

describe("the page of a task that was aborted", () => {
  const filed: Event = {
    type: "incident-filed",
    incident: "INC-1",
    about: "T1",
    kind: "no-progress",
    at: "door",
    problem: "T1: no progress for 12 minutes",
  };

  test("says when, why, what was refused last and how it goes on", () => {
    const findings = [{ rule: "door/path", answers: "developer", message: "It is absolute." }];
    const page = logPage(
      told(started, { type: "proposal-refused", task: "T1", role: "developer", attempt: 1, findings }, filed),
    );
    expect(page?.name).toBe("1970-01-01-r1-T1.md");
    expect(page?.text).toMatch(
      /T1 was aborted: Subtract[\s\S]*INC-1[\s\S]*no progress for 12 minutes[\s\S]*door\/path: It is absolute\.[\s\S]*resume r1 --retry T1/,
    );
  });

  test("is written for nothing else", () => {
    expect(logPage(told(started))).toBeUndefined();
    expect(logPage(told(started, { ...filed, kind: "deadlock" }))).toBeUndefined();
  });
});
