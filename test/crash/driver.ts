/**
 * A mill in a process of its own that dies at the points it is told: `node driver.js ORDER`. Told nothing, it writes down
 * every point that it passes. It goes on with the run that is there, or begins one.
 */
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Wiring } from "../../src/compose/wiring.ts";
import type { Journal } from "../../src/engine/ports.ts";
import type { Mill } from "../../src/mill.ts";
import { RUN, reply, somebodyElse } from "./makers.ts";

/** What the process is to do; the JSON text of it is the argument. */
export interface Order {
  /** The folder of the compiled sources. */
  readonly dist: string;
  readonly dir: string;
  readonly side: string;
  readonly sandbox: "none" | "bubblewrap";
  /** Points at which it kills itself, each once ever. */
  readonly kills: readonly string[];
  /** Points at which a person presses Ctrl-C, each once ever. */
  readonly interrupts: readonly string[];
  /** Kills itself this many milliseconds after a point. */
  readonly late?: { readonly point: string; readonly milliseconds: number };
  /** The branch of a person's that the result is landed on. */
  readonly land?: string;
  /** Waits at this point for the file `go` beside the others. */
  readonly pause?: string;
}

const STARTED_AT = 1_767_225_600;

const order = JSON.parse(process.argv[2] ?? "") as Order;
const beside = (name: string) => join(order.side, name);
const linesOf = (name: string) =>
  existsSync(beside(name)) ? readFileSync(beside(name), "utf8").trimEnd().split("\n") : [];
const controller = new AbortController();

function die(): never {
  process.kill(process.pid, "SIGKILL");
  for (;;); // until the signal arrives
}

function isFirst(how: "kill" | "interrupt" | "late", point: string): boolean {
  if (linesOf("fired").includes(`${how} ${point}`)) return false;
  appendFileSync(beside("fired"), `${how} ${point}\n`);
  return true;
}

function pass(point: string): void {
  appendFileSync(beside("points"), `${linesOf("runs").length} ${point}\n`);
  if (order.kills.includes(point) && isFirst("kill", point)) die();
  if (order.interrupts.includes(point) && isFirst("interrupt", point)) controller.abort();
  if (order.late?.point === point && isFirst("late", point)) setTimeout(die, order.late.milliseconds);
}

async function write<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  pass(`before ${name}`);
  const result = await work();
  pass(`after ${name}`);
  return result;
}

/** Every write that is one: what is there already is not written again. */
function wrapJournal(journal: Journal): Journal {
  return {
    ...journal,
    append: async (key, event) => {
      if (key === "begun/land/T2/1") somebodyElse(order.dir, "second");
      if (await journal.find(key)) return journal.append(key, event);
      await write(key.replace(/^resumed\/.*/, "resumed"), () => journal.append(key, event));
      if (key.startsWith("begun/see/suite/")) killWhile(key.replace("begun/", "during "), "runs");
    },
    remember: (digest, kind, result) =>
      write(`memo/${kind}/${digest.slice(0, 24)}`, () => journal.remember(digest, kind, result)),
    putBlob: (text) =>
      write(`blob/${createHash("sha256").update(text).digest("hex").slice(0, 12)}`, () => journal.putBlob(text)),
  };
}

/** A kill while the target's own code runs: it says so and waits, see support/tell.js of the project. */
function killWhile(point: string, file: "runs" | "installs"): void {
  if (!order.kills.includes(point) || linesOf("fired").includes(`kill ${point}`)) return;
  rmSync(beside("held"), { force: true });
  writeFileSync(beside(`hold-${file}`), "");
  setInterval(() => {
    if (!existsSync(beside("held"))) return;
    rmSync(beside(`hold-${file}`));
    pass(point);
  }, 5);
}

async function answer(request: Parameters<typeof reply>[0]): Promise<string> {
  const name = `${request.task}/${request.role}/${request.attempt}`;
  appendFileSync(beside("calls"), `${name}\n`);
  pass(`during ask/${name}`);
  while (order.pause === `ask/${name}` && !existsSync(beside("go"))) {
    writeFileSync(beside("waiting"), String(process.pid));
    await new Promise((done) => setTimeout(done, 20));
  }
  return reply(request, order.dir);
}

const load = <Module>(path: string) => import(pathToFileURL(join(order.dist, path)).href) as Promise<Module>;

/** What a person would do: resume; and where a run had not begun yet, begin it. */
async function pursue(mill: Mill) {
  const watch = { entry: () => undefined, glimpse: () => undefined, signal: controller.signal };
  const request = { input: "specs/numbers.md", land: order.land };
  if ((await mill.runs()).length === 0) return mill.run(request, watch);
  return mill.resume(RUN, {}, watch).catch((error: Error) => {
    if (!error.message.includes("did not begin")) throw error;
    return mill.run(request, watch);
  });
}

const { openMill } = await load<typeof import("../../src/compose/open-mill.ts")>("compose/open-mill.js");
const { storyOf } = await load<typeof import("../../src/views/story.ts")>("views/story.js");
const wiring: Wiring = {
  script: answer,
  sandbox: order.sandbox,
  begin: { run: RUN, startedAt: STARTED_AT },
  wrapJournal,
};
killWhile("during install", "installs");
const mill = await openMill(order.dir, {}, wiring);
const end = await pursue(mill);
const entries = await mill.entries(end.run);
await mill.close();
writeFileSync(beside("end.json"), JSON.stringify({ ...end, entries, story: storyOf(entries) }));
process.exit(0); // a timer that waits for a kill that was not needed
