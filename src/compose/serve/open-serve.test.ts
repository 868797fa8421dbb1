import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { planWith, sums } from "../../../test/kit/sums.ts";
import type { Target } from "../../../test/kit/target.ts";
import { manualClock } from "../../adapters/clock/manual.ts";
import { listenForHealth } from "../../apps/server/health.ts";
import type { LoggedNote } from "../../domain/schedule/serve-log.ts";
import { InputError } from "../../domain/step-failure.ts";
import { openAndon } from "../andon/open-andon.ts";
import { openServe } from "./open-serve.ts";

const START = Date.parse("2026-11-21T22:00:30Z");
const targets: Target[] = [];
afterEach(() => {
  for (const target of targets.splice(0)) target.remove();
});

/** A program in place of the mill: it notes its words, does what `PLAYS` says, and ends as the mill does. */
const PROGRAM = `
const { appendFileSync } = require("node:fs");
const words = process.argv.slice(2);
appendFileSync(process.env.CALLS, JSON.stringify(words) + "\\n");
const end = (outcome, exit) => {
  console.log(JSON.stringify({ kind: "end", run: "r1", outcome: { kind: outcome, reason: "played" }, exit }));
  process.exit(exit);
};
process.on("SIGTERM", () => end("cancelled", 130));
if (process.env.PLAYS === "long") setInterval(() => undefined, 1000);
else end("done", 0);
`;

interface Stage {
  readonly target: Target;
  readonly notes: readonly LoggedNote[];
  calls(): readonly string[][];
  /** Serves until a note says enough; answers once it is down. */
  serve(enough: (note: LoggedNote) => boolean, plays?: string): Promise<void>;
  open(plays?: string): ReturnType<typeof openServe>;
  readonly clock: ReturnType<typeof manualClock>;
}

function stage(schedule: string): Stage {
  const target = sums();
  targets.push(target);
  const config = readFileSync(join(target.dir, "millwright.yaml"), "utf8");
  target.write("millwright.yaml", `${config}schedule: ${schedule}\n`);
  target.write("program.cjs", PROGRAM);
  target.commit("Set the stage");
  const [clock, notes] = [manualClock(START), [] as LoggedNote[]];
  const calls = join(target.dir, "..", "calls");
  const open: Stage["open"] = (plays = "") =>
    openServe(
      target.dir,
      {},
      {
        clock,
        program: [process.execPath, join(target.dir, "program.cjs")],
        env: { PATH: process.env.PATH, CALLS: calls, PLAYS: plays },
      },
    );
  return {
    target,
    clock,
    notes,
    open,
    calls: () =>
      existsSync(calls)
        ? readFileSync(calls, "utf8")
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line) as string[])
        : [],
    async serve(enough, plays) {
      const stop = new AbortController();
      const serve = await open(plays);
      await serve.run({
        signal: stop.signal,
        listening: async () => undefined,
        note(note) {
          notes.push(note);
          // A loop that was begun is first let come to its program.
          if (enough(note)) setTimeout(() => stop.abort(), note.kind === "begin" || note.kind === "chose" ? 400 : 0);
        },
      });
    },
  };
}

const EXECUTE = '{ execute: "*/10 * * * *", audit: off, document: off, timezone: UTC }';
const PLAN = planWith([{}], { spec: { digest: "0".repeat(64) }, base: "0".repeat(40) });

test("at its tick the pending plan is run, with the choice and its end in the log", async () => {
  const { target, serve, calls, open } = stage(EXECUTE);
  target.write("plans/2026-11-subtract.md", PLAN);
  await serve(({ kind }) => kind === "end");
  expect(calls()).toEqual([["run", "plans/2026-11-subtract.md", "--json"]]);
  const log = readFileSync(join(target.dir, ".millwright/serve/log.jsonl"), "utf8").trim().split("\n");
  const tick = Date.parse("2026-11-21T22:10:00Z");
  expect(log.map((line) => JSON.parse(line))).toMatchObject([
    { kind: "up" },
    { kind: "begin", loop: "execute", tick, count: 1, times: 1 },
    { kind: "chose", plan: "subtract", because: "the only one that is ready", passedOver: [] },
    { kind: "end", loop: "execute", end: { kind: "done", run: "r1", reason: "played" } },
    { kind: "down" },
  ]);
  expect(await (await open()).status()).toMatchObject({
    state: "off",
    pid: undefined,
    begun: undefined,
    loops: [{ loop: "execute", next: Date.parse("2026-11-21T22:20:00Z") }, { loop: "document" }, { loop: "audit" }],
  });
});

test("while no plan is pending nothing is started", async () => {
  const { serve, calls, notes } = stage(EXECUTE);
  await serve(({ kind }) => kind === "end");
  expect(calls()).toEqual([]);
  expect(notes).toContainEqual(
    expect.objectContaining({ kind: "end", end: { kind: "idle", reason: "no plan is ready" } }),
  );
});

test("a pause holds every tick over a restart; afterwards the latest is made up for once", async () => {
  const { serve, calls, notes, open } = stage('{ audit: "*/10 * * * *", execute: off, document: off, timezone: UTC }');
  await (await open()).pause("release day");
  await serve(({ kind }) => kind === "held");
  await serve(({ kind }) => kind === "held");
  expect(calls()).toEqual([]);
  expect(notes.filter(({ kind }) => kind === "held")).toMatchObject([{ why: "paused" }, { why: "paused" }]);
  expect(await (await open()).resume()).toBe(true);
  await serve(({ kind }) => kind === "end");
  expect(calls()).toEqual([["audit", "--json"]]);
  expect(notes.findLast(({ kind }) => kind === "begin")).toMatchObject({ count: 2 });
});

test("while an incident is open nothing begins, and the log says so", async () => {
  const { target, serve, calls, notes } = stage('{ audit: "*/10 * * * *", execute: off, document: off }');
  const andon = await openAndon(target.dir, {});
  await andon.open("prices are wrong in production", { stop: true });
  await serve(({ kind }) => kind === "held");
  expect(calls()).toEqual([]);
  expect(notes.find(({ kind }) => kind === "held")).toMatchObject({ loop: "audit", why: "line-stopped" });
});

test("a daemon that is asked to end lets the loop end its step, and the next one begins it again", async () => {
  const { serve, calls, notes } = stage('{ audit: "*/10 * * * *", execute: off, document: off }');
  await serve(({ kind }) => kind === "begin", "long");
  expect(notes.findLast(({ kind }) => kind === "end")).toMatchObject({ end: { kind: "cancelled", run: "r1" } });
  await serve(({ kind }) => kind === "end");
  expect(notes.filter(({ kind }) => kind === "begin")).toMatchObject([
    { times: 1 },
    { times: 2, tick: expect.any(Number) },
  ]);
  expect(calls()).toHaveLength(2);
});

test("a second daemon is told who serves; a wrong schedule is told with every mistake", async () => {
  const { target, open } = stage(EXECUTE);
  const stop = new AbortController();
  const watch = { signal: stop.signal, note: () => undefined, listening: async () => undefined };
  let second: unknown;
  const first = (await open()).run({
    ...watch,
    async listening() {
      second = await (await open()).run(watch).catch((error: unknown) => error);
      stop.abort();
      return undefined;
    },
  });
  await first;
  expect(String(second)).toContain(`process ${process.pid} (serve`);
  target.write("millwright.yaml", 'schedule: { audit: "99 * * * *", execute: "0 0 31 2 *", timezone: UTC }\n');
  const failure = await (await open()).run(watch).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(InputError);
  expect((failure as InputError).problems).toEqual([
    expect.stringContaining("schedule.execute"),
    expect.stringContaining("schedule.audit"),
  ]);
});

test("a config that breaks while it serves is told once, and the last good schedule goes on", async () => {
  const { target, serve, notes } = stage('{ audit: "*/10 * * * *", execute: off, document: off }');
  const good = readFileSync(join(target.dir, "millwright.yaml"), "utf8");
  let ends = 0;
  await serve(({ kind }) => {
    if (kind === "end") target.write("millwright.yaml", `${good}nonsense: [\n`);
    if (kind === "end") ends += 1;
    return ends === 3;
  });
  expect(notes.filter(({ kind }) => kind === "problem")).toHaveLength(1);
});

test("documentation begins once the branch has moved, and not for what it wrote itself", async () => {
  const { target, serve, calls } = stage('{ audit: "*/10 * * * *", execute: off, document: after-merge }');
  await serve(({ kind }) => kind === "end");
  target.write("wiki/log.md", "# Log\n");
  target.commit("Document");
  await serve(({ kind }) => kind === "end");
  expect(calls()).toEqual([
    ["audit", "--json"],
    ["audit", "--json"],
  ]);
  target.write("src/more.js", "export const more = 1;\n");
  target.commit("Merge more");
  await serve(({ kind }) => kind === "end");
  expect(calls().at(-1)).toEqual(["document", "--json"]);
});

test("one pass begins each loop once and stops at the first that does not end well", async () => {
  const { open, calls, target } = stage(EXECUTE);
  const ends = await (await open()).pass(["audit", "execute", "document"], new AbortController().signal);
  expect(ends.map(({ loop, kind }) => `${loop} ${kind}`)).toEqual(["audit done", "execute idle", "document done"]);
  expect(calls()).toEqual([
    ["audit", "--json"],
    ["document", "--json"],
  ]);
  target.write(
    "program.cjs",
    'console.log(JSON.stringify({ kind: "error", problems: ["no such thing"] })); process.exit(2);',
  );
  const [only, ...none] = await (await open()).pass(["audit", "document"], new AbortController().signal);
  expect([only, none]).toMatchObject([{ kind: "failed", reason: "no such thing" }, []]);
});

test("health needs the token, which only its owner can read, and is for this machine", async () => {
  const { target, open } = stage(EXECUTE);
  const serve = await open();
  const server = await listenForHealth(serve, 0);
  try {
    const token = await serve.token();
    expect(statSync(join(target.dir, ".millwright/token")).mode & 0o777).toBe(0o600);
    const ask = (path: string, headers: Record<string, string>, method = "GET") =>
      fetch(`${server.url}${path}`, { method, headers });
    const bearer = { authorization: `Bearer ${token}` };
    expect((await ask("/health", {})).status).toBe(401);
    expect((await ask("/health", { authorization: `Bearer ${"0".repeat(64)}` })).status).toBe(401);
    expect((await ask("/health", { ...bearer, origin: "https://example.org" })).status).toBe(403);
    expect((await ask("/", bearer)).status).toBe(404);
    expect((await ask("/health", bearer, "POST")).status).toBe(405);
    const health = await (await ask("/health", bearer)).json();
    expect(health).toMatchObject({ state: "off", residentBytes: expect.any(Number), missed: "once" });
  } finally {
    await server.close();
  }
});

test("a state that was cut in half is laid aside", async () => {
  const { target, serve, calls } = stage('{ audit: "*/10 * * * *", execute: off, document: off }');
  mkdirSync(join(target.dir, ".millwright/serve"), { recursive: true });
  writeFileSync(join(target.dir, ".millwright/serve/state.json"), '{"format":1,"loo');
  await serve(({ kind }) => kind === "end");
  expect(calls()).toHaveLength(1);
  expect(existsSync(join(target.dir, ".millwright/serve/state.json.broken"))).toBe(true);
});
