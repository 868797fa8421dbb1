import { expect, test } from "vitest";
import { wordsInVain } from "./andon-person.ts";
import type { Event } from "./event.ts";

const LIMITS = { reported: 2 };
const back = (task: string, word?: string): Event => ({
  type: "task-reopened",
  task,
  reason: "r",
  models: {},
  ...(word === undefined ? {} : { word }),
});
const ended = (task: string, outcome = "stuck"): Event => ({ type: "task-ended", task, outcome, reason: "deadlock" });
const landed = (task: string): Event => ({
  ...{ type: "landed", task, branch: "loop/x", commit: "c", tree: "t", tests: 1, paths: [] },
});
const opened = (about: string, at: string): Event => ({
  ...{ type: "incident-opened", incident: "INC-1", about, kind: "reported", at, problem: "p" },
});
const vain = (events: readonly Event[], run = "r1") =>
  wordsInVain(
    events.map((event) => ({ run: "r1", event })),
    run,
    LIMITS,
  );

const TWICE = [ended("T1"), back("T1", "try harder"), ended("T1"), back("T1", "read it"), ended("T1")];

test("two words in vain for one task are an incident that names them; one is not", () => {
  expect(vain(TWICE.slice(0, 3))).toBeUndefined();
  expect(vain(TWICE)).toMatchObject({
    ...{ kind: "reported", stops: true, task: "T1", at: "a person's word" },
    problem: "T1 came back at a person's word 2 times and ended without landing each time",
    evidence: ['"try harder": deadlock', '"read it": deadlock'],
  });
});

test("what came back for another reason, of another task or run, or landed in between does not count", () => {
  expect(vain([back("T1"), ended("T1"), back("T1"), ended("T1")])).toBeUndefined();
  expect(vain([back("T1", "a"), ended("T1"), back("T2", "b"), ended("T2")])).toBeUndefined();
  expect(vain(TWICE, "r2")).toBeUndefined();
  expect(vain([...TWICE.slice(0, 3), landed("T1"), ...TWICE.slice(3)])).toBeUndefined();
  expect(vain([...TWICE.slice(0, 4), ended("T1", "waiting")])).toBeUndefined();
});

test("once opened, the count begins anew; an incident of another place changes nothing", () => {
  expect(vain([...TWICE, opened("T1", "a person's word")])).toBeUndefined();
  expect(vain([...TWICE, opened("T1", "a person's word"), back("T1", "c"), ended("T1")])).toBeUndefined();
  expect(vain([...TWICE, opened("T1", "door")])).toBeDefined();
});
