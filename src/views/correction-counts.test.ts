import { expect, test } from "vitest";
import type { JournalEntry } from "../domain/event.ts";
import { correctionCounts } from "./correction-counts.ts";

test("counts places, runs and the last time of each correction", () => {
  const fact = (run: string, at: number, ...corrections: readonly { id: string; times: number }[]): JournalEntry => ({
    seq: at,
    at,
    run,
    key: `corrected/${at}`,
    event: {
      type: "corrected",
      task: "T1",
      role: "developer",
      attempt: 1,
      corrections: corrections.map((one) => ({ ...one, path: "a.py" })),
    },
  });
  const counts = correctionCounts([
    fact("r1", 1, { id: "a", times: 2 }),
    fact("r1", 2, { id: "a", times: 1 }, { id: "b", times: 1 }),
    fact("r2", 3, { id: "a", times: 1 }),
    {
      ...fact("r2", 4),
      event: { type: "correction-suspended", task: "T1", correction: "b", signature: "s", reason: "refused twice" },
    },
  ]);
  expect(Object.fromEntries(counts)).toEqual({
    a: { times: 4, runs: ["r1", "r2"], lastAt: 3, suspended: 0 },
    b: { times: 1, runs: ["r1"], lastAt: 2, suspended: 1 },
  });
});
