import { afterEach, beforeEach, expect, test } from "vitest";
import type { Event, JournalEntry } from "../../domain/event.ts";
import type { Clock, Journal } from "../../engine/ports.ts";
import { manualClock } from "../clock/manual.ts";
import type { JournalStore } from "./store.ts";

const note = (message: string): Event => ({ type: "notice", message });
const ended = (outcome: string): Event => ({ type: "run-ended", outcome, reason: "" });

/** What every journal promises. */
export function journalContract(openStore: (clock: Clock) => JournalStore): void {
  const clock = manualClock(1_000);
  let store: JournalStore;
  let journal: Journal;

  beforeEach(async () => {
    clock.set(1_000);
    store = openStore(clock);
    journal = await store.create({ id: "r1", title: "First", createdAt: 1_000 });
  });
  afterEach(() => store.close());

  test("facts come back in the order of writing, with their time and key", async () => {
    await journal.append("a", note("one"));
    clock.advance(5);
    await journal.append("b", note("two"));
    expect(await journal.entries()).toEqual([
      { seq: 1, at: 1_000, run: "r1", key: "a", event: note("one") },
      { seq: 2, at: 1_005, run: "r1", key: "b", event: note("two") },
    ]);
  });

  test("a fact written again changes nothing and leaves no gap", async () => {
    await journal.append("a", note("one"));
    await journal.append("a", note("another"));
    await journal.append("b", note("two"));
    expect((await journal.entries()).map(({ seq, event }) => [seq, event])).toEqual([
      [1, note("one")],
      [2, note("two")],
    ]);
    expect(await journal.find("a")).toEqual(note("one"));
    expect(await journal.find("c")).toBeUndefined();
  });

  test("a clock that jumps back does not change the order", async () => {
    await journal.append("a", note("one"));
    clock.set(10);
    await journal.append("b", note("two"));
    expect((await journal.entries()).map(({ key, at }) => [key, at])).toEqual([
      ["a", 1_000],
      ["b", 10],
    ]);
  });

  test("a fact that breaks its schema is a bug, and is not written", async () => {
    await expect(journal.append("a", { type: "notice" } as unknown as Event)).rejects.toThrow();
    expect(await journal.entries()).toEqual([]);
  });

  test("a secret in the words of a fact is not written, and the fact is told without it", async () => {
    const reason = "asks a person: may I use password=hunter2swordfish?";
    const seen: string[] = [];
    store.watch(({ event }) => seen.push(JSON.stringify(event)));
    await journal.append("rests", { type: "run-ended", outcome: "stuck", reason });
    expect(await journal.find("rests")).toEqual({
      type: "run-ended",
      outcome: "stuck",
      reason: "asks a person: may I use password=[redacted]",
    });
    expect(seen.join()).toContain("[redacted]");
    expect(seen.join()).not.toContain("hunter2swordfish");
  });

  test("a step's result may be anything that JSON can say, or nothing", async () => {
    const results = [null, 1, "ä\u0000\u001b[31m\ud83d\ude00", [1, [2]], { deep: { list: [] } }, undefined];
    for (const [index, result] of results.entries()) {
      await journal.append(`s${index}`, { type: "step-completed", step: `s${index}`, result });
    }
    const seen = (await journal.entries()).map(({ event }) => (event.type === "step-completed" ? event.result : "?"));
    expect(seen).toEqual(results);
  });

  test("nobody changes a fact through a reference", async () => {
    const findings = [{ rule: "red/none", answers: "tester", message: "no test" }];
    await journal.append("a", { type: "gate-refused", task: "T1", gate: "red", findings });
    findings.pop();
    expect(await journal.find("a")).toMatchObject({ findings: [{ rule: "red/none" }] });
  });

  test("runs keep their facts apart, and share one sequence and one memo", async () => {
    const other = await store.create({ id: "r2", title: "Second", createdAt: 2_000 });
    await journal.append("a", note("mine"));
    await other.append("a", note("theirs"));
    await journal.remember("d1", "suite", { passed: 3 });
    expect((await other.entries()).map(({ seq }) => seq)).toEqual([2]);
    expect((await store.entriesAfter(0)).map(({ run }) => run)).toEqual(["r1", "r2"]);
    expect((await store.entriesAfter(1)).map(({ run }) => run)).toEqual(["r2"]);
    expect(await other.recall("d1")).toEqual({ passed: 3 });
    expect(await other.recall("d2")).toBeUndefined();
  });

  test("what is remembered again replaces what was there", async () => {
    await journal.remember("d1", "suite", { passed: 3 });
    await journal.remember("d1", "suite", { passed: 4 });
    expect(await journal.recall("d1")).toEqual({ passed: 4 });
  });

  test("a run is listed with its outcome; resumed, it is open again", async () => {
    const outcome = async () => (await store.runs()).map((run) => [run.id, run.title, run.createdAt, run.outcome]);
    expect(await outcome()).toEqual([["r1", "First", 1_000, undefined]]);
    await journal.append("end", ended("waiting"));
    expect(await outcome()).toEqual([["r1", "First", 1_000, "waiting"]]);
    await journal.append("resume", { type: "run-resumed", pid: 1 });
    expect(await outcome()).toEqual([["r1", "First", 1_000, undefined]]);
    await journal.append("end-2", ended("done"));
    expect(await outcome()).toEqual([["r1", "First", 1_000, "done"]]);
  });

  test("a run that is created twice is one run", async () => {
    await journal.append("a", note("one"));
    const again = await store.create({ id: "r1", title: "Another", createdAt: 9 });
    expect(await again.entries()).toHaveLength(1);
    expect(await store.runs()).toHaveLength(1);
  });

  test("a run that was never created cannot be read or written", async () => {
    const nobody = store.open("nope");
    await expect(nobody.entries()).rejects.toMatchObject({ code: "journal-broken" });
    await expect(nobody.append("a", note("one"))).rejects.toMatchObject({ code: "journal-broken" });
  });

  test("watchers hear each new fact once, until they leave", async () => {
    const heard: JournalEntry[] = [];
    const leave = store.watch((entry) => heard.push(entry));
    await journal.append("a", note("one"));
    await journal.append("a", note("one"));
    leave();
    await journal.append("b", note("two"));
    expect(heard).toEqual([{ seq: 1, at: 1_000, run: "r1", key: "a", event: note("one") }]);
  });

  test("blobs are named by their content", async () => {
    const text = "größe ✓\r\n\u0000".repeat(1_000);
    const name = await journal.putBlob(text);
    expect(name).toMatch(/^[0-9a-f]{64}$/);
    expect(await journal.putBlob(text)).toBe(name);
    expect(await journal.getBlob(name)).toBe(text);
    await expect(journal.getBlob("0".repeat(64))).rejects.toMatchObject({ code: "journal-broken" });
    await expect(journal.getBlob("../journal.db")).rejects.toMatchObject({ code: "journal-broken" });
  });
}
