import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { openMill } from "../../src/compose/open-mill.ts";
import type { JournalEntry } from "../../src/domain/event.ts";
import { available } from "../kit/available.ts";
import { silent } from "../kit/story.ts";

const examples = resolve(import.meta.dirname, "..", "..", "examples");

interface Setup {
  setUp(
    name: string,
    dir: string,
    options?: { without: readonly string[] },
  ): { readonly dir: string; readonly commit: string };
}

/** Replays an example's recording, refusing every drifted request. */
async function replay(
  name: string,
): Promise<{ dir: string; outcome: string; reason: string; entries: readonly JournalEntry[] }> {
  const dir = join(mkdtempSync(join(tmpdir(), "millwright-example-")), name);
  const { setUp } = (await import(pathToFileURL(join(examples, "setup.mjs")).href)) as Setup;
  setUp(name, dir);
  const mill = await openMill(dir, {}, available.bwrap ? {} : { sandbox: "none" });
  try {
    const end = await mill.replay({ dir: join(examples, name, "recording") }, { strict: true }, silent());
    const reason = "reason" in end.outcome ? end.outcome.reason : "";
    return { dir, outcome: end.outcome.kind, reason, entries: await mill.entries(end.run) };
  } finally {
    await mill.close();
  }
}

const landed = (entries: readonly JournalEntry[]) => entries.filter(({ event }) => event.type === "landed").length;
const planned = (entries: readonly JournalEntry[]) =>
  entries.reduce((sum, { event }) => sum + (event.type === "plan-accepted" ? event.tasks.length : 0), 0);

const fastapi = spawnSync("/usr/bin/python3", ["-c", "import fastapi, sqlalchemy, httpx, pytest"]).status === 0;

describe("a recorded run replays, with the same requests to the letter", () => {
  test.each(["pricing", "brownfield"])("%s", { timeout: 600_000 }, async (name) => {
    const told = await replay(name);
    expect([told.outcome, told.reason]).toEqual(["done", ""]);
    expect(landed(told.entries)).toBe(planned(told.entries));
    rmSync(resolve(told.dir, ".."), { recursive: true, force: true });
  });

  test("todo-api", { timeout: 1_200_000 }, async (context) => {
    if (!fastapi)
      context.skip("it needs Debian's python3-fastapi, python3-sqlalchemy, python3-httpx and python3-pytest");
    const told = await replay("todo-api");
    expect([told.outcome, told.reason]).toEqual(["done", ""]);
    expect(landed(told.entries)).toBeGreaterThanOrEqual(12);
    rmSync(resolve(told.dir, ".."), { recursive: true, force: true });
  });

  test("todo-web, in a browser", { timeout: 1_200_000 }, async (context) => {
    if (!available.chromium) context.skip("it needs Chromium");
    const told = await replay("todo-web");
    expect([told.outcome, told.reason]).toEqual(["done", ""]);
    expect(landed(told.entries)).toBe(planned(told.entries));
    const passes = told.entries.filter(({ event }) => event.type === "gate-passed" && event.gate === "browser");
    expect(passes.length).toBeGreaterThanOrEqual(7);
    rmSync(resolve(told.dir, ".."), { recursive: true, force: true });
  });
});

test("the recorded audit of the pricing example makes the same findings and plans", { timeout: 300_000 }, async () => {
  const dir = join(mkdtempSync(join(tmpdir(), "millwright-example-")), "pricing");
  const { setUp } = (await import(pathToFileURL(join(examples, "setup.mjs")).href)) as Setup;
  setUp("pricing", dir, { without: ["specs/"] });
  const folder = join(examples, "pricing", "audit");
  const kept = JSON.parse(readFileSync(join(folder, "findings.json"), "utf8"));
  const mill = await openMill(dir, {}, available.bwrap ? {} : { sandbox: "none" });
  const request = { level: "standard", recording: join(folder, "recording"), strict: true } as const;
  const told = await mill.audit(request, silent());
  await mill.close();
  expect(told.outcome.kind).toBe("done");
  expect(told.findings.map(({ id, claim }) => [id, claim])).toEqual(
    kept.findings.map(({ id, claim }: { id: string; claim: string }) => [id, claim]),
  );
  expect(told.plans.map(({ plan }) => plan)).toEqual(kept.plans.map(({ plan }: { plan: string }) => plan));
  rmSync(resolve(dir, ".."), { recursive: true, force: true });
});

test("every recording says who answered it, and when", () => {
  for (const name of ["pricing", "pricing/audit", "brownfield", "todo-api", "todo-web", "char-lm"])
    expect(existsSync(join(examples, name, "recording", "recording.md"))).toBe(true);
});
