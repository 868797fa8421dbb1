import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openStore } from "../../adapters/journal/libsql/open-store.ts";
import { analysisOf, evidenceOf } from "../../domain/incident-opening.ts";
import type { Incident } from "../../domain/incident-record.ts";
import { tellJournal, withFacts } from "./journal.ts";

const dir = mkdtempSync(join(tmpdir(), "millwright-andon-"));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function closed(run: string): Incident {
  const report = { key: "k", run, task: undefined, kind: "reported", stops: true, at: "a person" } as const;
  const full = { ...report, problem: "the page is wrong", evidence: ["the page is wrong"] };
  const evidence = evidenceOf(full, { id: "INC-1", at: 0, around: { status: [] } });
  const closing = { closedAt: 1, closed: "then", approvedBy: "Ada Lovelace" };
  return { id: "INC-1", evidence, analysis: analysisOf(full), actions: [], documents: {}, closing };
}

test("a person's own incident is closed in the newest run, once; a run's own in that run; without a run nowhere", async () => {
  await tellJournal(dir, closed("a person"));
  expect(await withFacts(dir, (facts) => facts)).toEqual([]);
  const store = openStore(dir);
  for (const id of ["r1", "r2"]) await store.create({ id, title: id, createdAt: 1 });
  store.close();
  await tellJournal(dir, closed("a person"));
  await tellJournal(dir, closed("a person"));
  await tellJournal(dir, closed("r1"));
  const told = await withFacts(dir, (facts) => facts.map(({ run, key, event }) => [run, key, event]));
  const event = { type: "incident-closed", incident: "INC-1", kind: "reported", approvedBy: "Ada Lovelace" };
  expect(told).toEqual([
    ["r2", "incident/INC-1/closed", event],
    ["r1", "incident/k/closed", event],
  ]);
});
