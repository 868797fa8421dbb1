import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { manualClock } from "../../src/adapters/clock/manual.ts";
import { openMemoryStore } from "../../src/adapters/journal/memory/memory.ts";
import type { Ports } from "../../src/engine/ports.ts";
import { appendChanged } from "../../src/engine/step.ts";
import { facts, refusalText, tell } from "../kit/story.ts";
import { edit, SUMS_CONFIG, subtracting, sums } from "../kit/sums.ts";

/** Has the form of a key, and opens nothing. */
const KEY = `sk-ant-${"0123456789abcdef".repeat(2)}`;

test("a secret in a model's words stands in no fact that people are told, nor in the incident's folder", {
  timeout: 240_000,
}, async () => {
  const target = sums({ "millwright.yaml": `${SUMS_CONFIG}limits: { sameSignature: 2 }\n` });
  const wrong = edit("src/add.js", "left + right", "left - right");
  const told = await tell(
    target,
    subtracting({
      developer: [wrong],
      orchestrator: [`PERSON: may T1 be tried with ${KEY} and password=hunter2swordfish?`],
    }),
  );
  const [opened] = facts(told, "incident-opened");
  expect(opened, refusalText(told)).toMatchObject({
    kind: "escalation",
    problem: expect.stringContaining("[redacted]"),
  });
  expect(opened?.problem).toContain("may T1 be tried with");
  const toldFacts = told.entries.filter(({ event }) => event.type !== "step-completed");
  expect(toldFacts.map(({ event }) => event.type)).toEqual(
    expect.arrayContaining(["orchestrated", "task-rests", "run-ended", "incident-opened"]),
  );
  expect(JSON.stringify(toldFacts)).not.toMatch(/0123456789abcdef|hunter2swordfish/);
  const folder = join(target.dir, ".millwright/incidents", opened?.incident ?? "");
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
  expect(texts.length).toBeGreaterThan(2);
  expect(texts.join("\n")).toContain("[redacted]");
  expect(texts.join("\n")).not.toMatch(/0123456789abcdef|hunter2swordfish/);
  target.remove();
});

test("another life of a run that ends with the same secret in its reason adds no second fact", async () => {
  const store = openMemoryStore(manualClock(1_000));
  const journal = await store.create({ id: "r1", title: "First", createdAt: 1_000 });
  const ended = { type: "run-ended", outcome: "stuck", reason: `T1: try it with ${KEY}` } as const;
  for (const _life of [1, 2, 3]) await appendChanged({ journal } as Ports, "ended", ended);
  expect(await journal.entries()).toHaveLength(1);
  await appendChanged({ journal } as Ports, "ended", { ...ended, reason: "T1: something else" });
  expect(await journal.entries()).toHaveLength(2);
});
