import { describe, expect, test } from "vitest";
import { PRICING_RUN, told } from "../../test/kit/told-run.ts";
import type { Event } from "../domain/event.ts";
import { type ResultRow, resultsText } from "./result-row.ts";
import { foldResults } from "./results.ts";

const usage = { input: 100, output: 10, cached: 0, counted: true };
const ask = (role: string, attempt: number, task = "T1"): Event => ({ type: "asked", task, role, attempt, model: "m" });
const reply = (role: string, attempt: number, task = "T1"): Event => ({
  type: "answered",
  task,
  role,
  attempt,
  model: "m",
  usage,
  reply: "",
  request: "",
});
const admit = (role: string, attempt: number): Event => ({
  type: "proposal-admitted",
  task: "T1",
  role,
  attempt,
  commit: "",
  paths: [],
  notes: "",
});
const answer = (role: string, attempt: number) => [ask(role, attempt), reply(role, attempt), admit(role, attempt)];
const pass = (gate: string): Event => ({ type: "gate-passed", task: "T1", gate, notes: [] });
const no = (gate: string, rule: string, answers: string, evidence = ""): Event => ({
  type: "gate-refused",
  task: "T1",
  gate,
  findings: [{ rule, answers, message: "No.", evidence }],
});
const landed: Event = { type: "landed", task: "T1", branch: "b", commit: "c", tree: "t", tests: 3, paths: [] };
const called = no("green", "green/nothing-yet", "developer");

const rowsOf = (...events: readonly Event[]) => foldResults(told(events)).rows;
const short = (rows: readonly ResultRow[]) =>
  rows.map(({ role, attempt, gate, verdict, type }) => [role, attempt, gate, verdict, type].filter(Boolean).join(" "));

describe("the attempts of a run", () => {
  test("are one row an answer of a maker, each with what was held against it", () => {
    expect(short(foldResults(told(PRICING_RUN)).rows)).toEqual([
      "architect 1 plan refuse patch",
      "architect 2 plan pass",
      "tester 1 lint pass",
      "developer 1 green refuse patch",
      "developer 2 door refuse patch",
      "developer 3 current pass",
      "tester 1 impossible",
    ]);
  });

  test("work that has passed its last gate has passed, whatever comes of the offer to tidy it", () => {
    const proven = [...answer("developer", 1), pass("green"), pass("current")];
    const offered = [...proven, ...answer("developer", 2)];
    const lands = [pass("green"), pass("current"), landed];
    expect(short(rowsOf(...proven, ask("developer", 2)))).toEqual(["developer 1 current pass"]);
    expect(short(rowsOf(...offered, no("green", "green/fails", "developer"), ...lands))).toEqual([
      "developer 1 current pass",
      "developer 2 green refuse patch",
    ]);
    expect(short(rowsOf(...offered, ...lands))).toEqual(["developer 1 current pass", "developer 2 current pass"]);
  });

  test("a maker that is called for the first time has made no mistake, nor has the one before", () => {
    expect(short(rowsOf(...answer("tester", 1), pass("red"), called, ask("developer", 1)))).toEqual([
      "tester 1 red pass",
    ]);
  });

  test("a gate that only says whose turn it is refuses nobody, not even whoever answered last", () => {
    const [row] = rowsOf(...answer("developer", 1), pass("lint"), called);
    expect(row).toMatchObject({ verdict: "pass", gate: "lint", signature: undefined });
  });

  test("a judge that blames the tests takes the tester's pass back, and the developer keeps it", () => {
    const work = [...answer("tester", 1), pass("red"), called, ...answer("developer", 1), pass("green")];
    expect(short(rowsOf(...work, no("review", "review/unmet", "tester")))).toEqual([
      "tester 1 review refuse patch",
      "developer 1 green pass",
    ]);
  });

  test("new tests that fail call the developer again and refuse nobody", () => {
    const work = [...answer("tester", 1), pass("red"), called, ...answer("developer", 1), pass("green")];
    const again = [no("review", "review/unmet", "tester"), ...answer("tester", 2), pass("red")];
    const rows = rowsOf(...work, ...again, no("green", "green/fails", "developer", "AssertionError: 1"));
    expect(short(rows)).toEqual(["tester 1 review refuse patch", "developer 1 green pass", "tester 2 red pass"]);
  });

  test("what only a person or the architect can answer is held against the newest attempt; a moved base against nobody", () => {
    const work = [...answer("developer", 1), pass("green")];
    expect(short(rowsOf(...work, no("green", "green/base-fails", "person")))).toEqual([
      "developer 1 green refuse patch",
    ]);
    expect(short(rowsOf(...work, no("current", "current/moved", "mill"), landed))).toEqual(["developer 1 green pass"]);
  });

  test("a deadlock is the attempt after which the rules gave up, once for each time that they did", () => {
    const wrong = no("green", "green/fails", "developer", "AssertionError: 1");
    const tries = [1, 2, 3].flatMap((attempt) => [...answer("developer", attempt), wrong]);
    const reason = "deadlock: green refused the same way 3 times";
    const up: Event = { type: "escalated", task: "T1", role: "developer", rung: 1, model: "m", reason };
    const given: Event = { type: "orchestrated", task: "T1", decision: "skip", reason, said: "" };
    const ended: Event = { type: "task-ended", task: "T1", outcome: "stuck", reason };
    const rows = rowsOf(...tries, up, ...answer("developer", 4), wrong, given, ended);
    expect(rows.map(({ verdict }) => verdict)).toEqual(["refuse", "refuse", "deadlock", "deadlock"]);
    expect(new Set(rows.map(({ signature }) => signature)).size).toBe(1);
    expect(rows.slice(-2)).toMatchObject([
      { type: "deadlock", category: "assertion" },
      { type: "deadlock", category: "assertion" },
    ]);
  });

  test("work that somebody else has done meanwhile is superseded, not refused", () => {
    const gone = no("red", "red/passes-on-base", "tester");
    const ended: Event = { type: "task-ended", task: "T1", outcome: "superseded", reason: "" };
    expect(short(rowsOf(...answer("tester", 1), pass("door"), gone, ended))).toEqual(["tester 1 door superseded"]);
  });

  test("cost what maker and judges cost, and last until the verdict without the pause before a resume", () => {
    const events = [
      ...answer("developer", 1), // asked at 0 s
      { type: "run-resumed", pid: 1 } as const, // 3 s, costs nothing
      pass("green"), // 4 s
      reply("reviewer", 1), // 5 s
      no("review", "review/unmet", "developer"), // 6 s
    ];
    expect(rowsOf(...events)).toMatchObject([{ tokens: 220, seconds: 5, verdict: "refuse" }]);
  });
});

test("results.tsv has a head, a line an attempt, and no cell that breaks a line", () => {
  const [first] = rowsOf(...answer("developer", 1), no("green", "green/fails", "developer", "AssertionError: 1"));
  const text = resultsText([{ ...(first as ResultRow), model: "odd\tname\n" }]);
  const [head, line, ...rest] = text.trimEnd().split("\n");
  expect(rest).toEqual([]);
  const listed = "time run task attempt model gate verdict type category signature corrections tokens seconds";
  expect(head?.split("\t")).toEqual([...listed.split(" "), "role", "confidence"]);
  expect(line?.split("\t")).toHaveLength(head?.split("\t").length ?? 0);
  expect(line).toContain("odd name ");
  expect(line?.startsWith("1970-01-01T00:16:41Z\tr20261121-pricing\tT1\t1\t")).toBe(true);
});
