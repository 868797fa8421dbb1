import { appendFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CompiledDriver, compiledDriver } from "./compiled-driver.ts";
import type { Point, Truth } from "./crashes.ts";
import { duringSuites, everyNth, seeded, survive, twoAtATime, unbroken } from "./crashes.ts";
import type { Order } from "./driver.ts";

/** Runs into which the kills are spread: each run is killed at every nth point, so that every point is met once. */
const RUNS = 24;
/** Of these runs, one in three: `bench/crash.mjs`, which counts, takes them all (half an hour of two cores). */
const STEP = process.env.MILLWRIGHT_CRASH_CSV === undefined ? 3 : 1;
const SINGLES = 6;
const DOUBLES = 8;
const INTERRUPTED = 4;

interface Row {
  readonly what: string;
  readonly tried: number;
  readonly survived: number;
}

/** One line for bench/crash.mjs, when it asks for them. */
function note({ what, tried, survived }: Row, points: number): void {
  const file = process.env.MILLWRIGHT_CRASH_CSV;
  if (file !== undefined) appendFileSync(file, `${what},${points},${tried},${survived}\n`);
}

describe("a run that is killed anywhere", { timeout: 3_600_000 }, () => {
  let driver: CompiledDriver;
  let truth: Truth;
  beforeAll(async () => {
    driver = compiledDriver();
    truth = await unbroken(driver);
  }, 600_000);
  afterAll(() => driver.remove());

  const stops = (trouble: Partial<Order>) => (trouble.kills?.length ?? 0) + (trouble.interrupts?.length ?? 0);

  /** All runs come out as if nothing had happened. The kills of a run with a fault count as not survived. */
  async function allSurvive(what: string, troubles: readonly Partial<Order>[], points: number): Promise<void> {
    const faults = await twoAtATime(troubles, (trouble) => survive(driver, truth, trouble));
    const tried = troubles.reduce((sum, trouble) => sum + stops(trouble), 0);
    const lost = troubles.reduce((sum, trouble, at) => sum + (faults[at]?.length === 0 ? 0 : stops(trouble)), 0);
    note({ what, tried, survived: tried - lost }, points);
    expect(faults.flat()).toEqual([]);
  }

  const writes = (points: readonly Point[]) => points.filter(({ name }) => /^(before|after) /.test(name));

  test("before and after writes of the journal", async () => {
    const points = writes(truth.points);
    const runs = Array.from({ length: RUNS / STEP }, (_, at) => at * STEP);
    const troubles = runs.map((from) => ({ kills: everyNth(points, from, RUNS) }));
    await allSurvive("before and after every journal write", troubles, points.length / 2);
  });

  test("while each question is answered", async () => {
    const kills = truth.points.map(({ name }) => name).filter((name) => name.startsWith("during ask/"));
    await allSurvive("during a model call", [{ kills }], kills.length);
  });

  test("while each suite runs, and while packages are installed", async () => {
    const kills = duringSuites(truth);
    const halves = [0, 1].map((half) => ({ kills: kills.filter((_, at) => at % 2 === half) }));
    await allSurvive("during a suite run", halves, kills.length);
    await allSurvive("during an install", [{ kills: ["during install"] }], 1);
  });

  test("once, and once more somewhere in what follows", async () => {
    const random = seeded(20_261_121);
    const names = writes(truth.points).map(({ name }) => name);
    const pick = (from: number) => from + Math.floor(random() * (names.length - from));
    const doubles = Array.from({ length: DOUBLES }, () => {
      const first = pick(0);
      return { kills: [...new Set([names[first] ?? "", names[pick(first)] ?? ""])] };
    });
    await allSurvive("twice at random (seeded) writes", doubles, DOUBLES);
    const resumes = [{ kills: [names[pick(0)] ?? "", "before resumed", "after resumed"] }];
    await allSurvive("during the start of a resume", resumes, 2);
    const singles = Array.from({ length: SINGLES }, () => ({ kills: [names[pick(0)] ?? ""] }));
    await allSurvive("once at random (seeded) writes", singles, SINGLES);
  });

  test("by Ctrl-C", async () => {
    const every = INTERRUPTED * 20;
    const troubles = Array.from({ length: INTERRUPTED }, (_, at) => ({
      interrupts: everyNth(truth.points, at * 20 + 3, every),
    }));
    await allSurvive("Ctrl-C", troubles, Math.ceil(truth.points.length / 20));
  });
});
