import { expect, test } from "vitest";
import { broken, every, simulate } from "../../../test/kit/simulated-serve.ts";
import type { Timetable } from "../../domain/schedule/tick.ts";

const MINUTE = 60_000;
const timetable = (missed: Timetable["missed"]): Timetable => ({
  missed,
  loops: {
    execute: { kind: "ticks", ticks: every(2 * MINUTE) },
    document: { kind: "ticks", ticks: every(60 * MINUTE, 20 * MINUTE) },
    audit: { kind: "ticks", ticks: every(180 * MINUTE, 40 * MINUTE) },
  },
});
const TICKS = 10_000;

test.each(["once", "skip"] as const)(
  "10,000 ticks and many kills, missed: %s: none lost beyond policy, none doubled",
  async (missed) => {
    const ledger = await simulate({ timetable: timetable(missed), length: TICKS * 2 * MINUTE, kill: 0.004, seed: 7 });
    expect(ledger.kills).toBeGreaterThan(100);
    expect(ledger.started.length).toBeGreaterThan(2_000);
    expect(broken(ledger, timetable(missed))).toEqual([]);
  },
);

test("a pause and a stopped line hold everything; afterwards the latest tick is made up for, once", async () => {
  const held = { from: 60 * MINUTE, to: 600 * MINUTE };
  const ledger = await simulate({
    timetable: timetable("once"),
    length: 900 * MINUTE,
    kill: 0,
    seed: 3,
    holdAt: (now) => (now >= held.from && now < held.to ? "line-stopped" : undefined),
  });
  const inside = ledger.started.filter(({ at }) => at >= held.from && at < held.to);
  expect(inside).toEqual([]);
  const audits = ledger.started.filter(({ loop, at }) => loop === "audit" && at >= held.to);
  expect(audits[0]).toMatchObject({ tick: 580 * MINUTE, completed: 1 });
  const notes = ledger.notes.filter((note) => note.kind === "held" && note.loop === "audit");
  expect(notes).toMatchObject([{ why: "line-stopped" }, { why: "line-stopped" }, { why: "line-stopped" }]);
});

test("with `skip` what a pause held back is noted as missed and not begun", async () => {
  const ledger = await simulate({
    timetable: timetable("skip"),
    length: 400 * MINUTE,
    kill: 0,
    seed: 3,
    holdAt: (now) => (now >= 30 * MINUTE && now < 200 * MINUTE ? "paused" : undefined),
  });
  expect(ledger.started.filter(({ loop, tick }) => loop === "audit" && tick < 200 * MINUTE)).toEqual([]);
  const missed = ledger.notes.filter((note) => note.kind === "missed" && note.loop === "audit");
  expect(missed[0]).toMatchObject({ tick: 40 * MINUTE, count: 1 });
});
