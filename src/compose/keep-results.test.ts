import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { PRICING_RUN } from "../../test/kit/told-run.ts";
import { manualClock } from "../adapters/clock/manual.ts";
import { openStore } from "../adapters/journal/libsql/open-store.ts";
import type { JournalStore } from "../adapters/journal/store.ts";
import type { Event } from "../domain/event.ts";
import { resultsText } from "../views/result-row.ts";
import { foldResults } from "../views/results.ts";
import type { WorkingMemory } from "../views/working-memory.ts";
import { keepResults } from "./keep-results.ts";

let dir = "";
let store: JournalStore;
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true, force: true });
});

async function opened(...runs: readonly string[]) {
  dir = mkdtempSync(join(tmpdir(), "results-"));
  store = openStore(dir, manualClock(1_000));
  for (const id of runs) await store.create({ id, title: id, createdAt: 1 });
}

async function tell(run: string, events: readonly Event[], from = 0) {
  for (const [index, event] of events.entries()) await store.open(run).append(`k${from + index}`, event);
}

const table = () => readFileSync(join(dir, "results.tsv"), "utf8");
const memory = () => JSON.parse(readFileSync(join(dir, "working-memory.json"), "utf8")) as WorkingMemory;
const lines = () => table().trim().split("\n").slice(1);
/** In the middle of T1: the developer's first proposal is refused. */
const MIDDLE = PRICING_RUN.findIndex((event) => event.type === "proposal-refused");

describe("the files beside the journal", () => {
  test("are what the journal's facts say, whenever they are written", async () => {
    await opened("r1");
    const kept = keepResults(dir, store);
    await tell("r1", PRICING_RUN);
    await kept.end();
    expect(table()).toBe(resultsText(foldResults(await store.open("r1").entries()).rows));
    expect(memory()).toMatchObject({ run: "r1", state: "stuck", loops: [] });
    expect(readdirSync(dir).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test("lose nothing and double nothing when the process is gone in the middle", async () => {
    await opened("r1");
    const killed = keepResults(dir, store);
    await tell("r1", PRICING_RUN.slice(0, MIDDLE));
    await killed.end(); // a keeper that lived on beside the next one would be no killed process
    writeFileSync(join(dir, "results.tsv"), "half a li");
    writeFileSync(join(dir, "working-memory.json.part"), "{");
    const kept = keepResults(dir, store);
    await tell("r1", PRICING_RUN.slice(MIDDLE), MIDDLE);
    await kept.end();
    expect(table()).toBe(resultsText(foldResults(await store.open("r1").entries()).rows));
    expect(new Set(lines()).size).toBe(lines().length);
    expect(readdirSync(dir).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test("hold every run of the repository; the working memory only what is open now", async () => {
    await opened("r1", "r2");
    await tell("r1", PRICING_RUN);
    const kept = keepResults(dir, store);
    await tell("r2", PRICING_RUN.slice(0, MIDDLE + 1));
    await kept.end();
    const runs = lines().map((line) => line.split("\t")[1]);
    expect(runs).toEqual([...runs].sort());
    expect(new Set(runs)).toEqual(new Set(["r1", "r2"]));
    const [loop, ...more] = memory().loops;
    expect(more).toEqual([]);
    expect(loop).toMatchObject({ task: "T1", attempts: { tester: 1, developer: 2 } });
    expect(loop?.refusal).toMatchObject({ gate: "door", seen: { task: 1, run: 1, repository: 2 } });
    expect(loop?.refusal?.findings[0]?.rule).toBe("door/outside");
    expect(loop?.results.map(({ verdict }) => verdict)).toEqual(["pass", "refuse", "refuse"]);
  });

  test("appear while the run goes on", async () => {
    await opened("r1");
    const kept = keepResults(dir, store);
    await tell("r1", PRICING_RUN.slice(0, MIDDLE));
    await expect.poll(() => readdirSync(dir), { timeout: 10_000 }).toContain("working-memory.json");
    expect(memory().loops).toMatchObject([{ task: "T1" }]);
    await kept.end();
  });

  test("that cannot be written stop nothing", async () => {
    await opened("r1");
    const kept = keepResults(join(dir, "journal.db", "no-folder"), store);
    await tell("r1", PRICING_RUN);
    await kept.end();
    expect(readdirSync(dir)).not.toContain("results.tsv");
  });
});
