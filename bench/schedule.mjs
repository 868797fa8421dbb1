/**
 * The schedule under a made-up clock: the daemon's own code, killed and started again at random points (between a decision and
 * its keeping, before, in the middle and after the work). `lost` and `doubled` count against the policy; `made up` are begun
 * again after a kill. Then a day of the whole daemon (real repository, config read, branch and incidents looked at every 15 s,
 * journal opened every ten minutes, 48 programs started): what it holds in memory.
 *
 *   node bench/schedule.mjs [ticks]
 *
 * what,policy,ticks,begun,done,doubled,lost,made up,given up,noted as missed,kills,memory MB at the start,memory MB at the end
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root, row, scratch } from "./kit/house.mjs";
import { numbers } from "./kit/numbers.mjs";

const MINUTE = 60_000;
const ticks = Number(process.argv[2] ?? 10_000);

/** The parts that are measured, from the sources as they are now. */
async function parts() {
  const out = join(root, "tmp", `bench-schedule-${process.pid}.mjs`);
  mkdirSync(join(root, "tmp"), { recursive: true });
  const names = [
    "test/kit/simulated-serve.ts",
    "src/adapters/calendar/croner.ts",
    "src/adapters/clock/manual.ts",
    "src/compose/serve/open-serve.ts",
    "src/compose/serve/serve-files.ts",
  ];
  const contents = names.map((name) => `export * from "./${name}";`).join("\n");
  await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    outfile: out,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    logLevel: "error",
  });
  try {
    return await import(pathToFileURL(out).href);
  } finally {
    rmSync(out);
  }
}

const { broken, cronTicks, manualClock, openServe, serveFiles, simulate } = await parts();

async function killed(missed) {
  const loops = {
    execute: { kind: "ticks", ticks: cronTicks("*/2 * * * *", "Europe/Zurich") },
    document: { kind: "ticks", ticks: cronTicks("20 * * * *", "Europe/Zurich") },
    audit: { kind: "ticks", ticks: cronTicks("0 3 * * *", "Europe/Zurich") },
  };
  const files = serveFiles(scratch());
  const store = { read: files.state, keep: files.keep };
  const ledger = await simulate({
    timetable: { loops, missed },
    length: ticks * 2 * MINUTE,
    kill: 0.004,
    seed: 11,
    store,
  });
  const problems = broken(ledger, { loops, missed });
  for (const problem of problems.slice(0, 10)) console.log(`# ${problem}`);
  const doubled = problems.filter((problem) => problem.includes("times")).length;
  const of = (kind) => ledger.notes.filter((note) => note.kind === kind);
  const done = ledger.started.filter(({ completed }) => completed > 0).length;
  const again = of("begin").filter(({ times }) => times > 1).length;
  const late = of("missed").reduce((sum, { count }) => sum + count, 0);
  row(
    "killed and started again",
    missed,
    ticks,
    ledger.started.length,
    done,
    doubled,
    problems.length - doubled,
    again,
    of("given-up").length,
    late,
    ledger.kills,
    "",
    "",
  );
}

/** A daemon over a day; the clock jumps, all else is real. */
async function day() {
  const target = numbers(1, 'schedule: { execute: "*/10 * * * *", document: "30 * * * *", audit: "0 * * * *" }\n');
  const program = join(scratch(), "ended.cjs");
  writeFileSync(program, 'console.log(JSON.stringify({ kind: "end", outcome: { kind: "done" } }));\n');
  const clock = manualClock(Date.parse("2026-11-21T00:00:30Z"));
  const serve = await openServe(target.dir, {}, { clock, program: [process.execPath, program] });
  const end = clock.now() + 24 * 60 * MINUTE;
  const stop = new AbortController();
  const counts = { begin: 0, end: 0 };
  const memory = () => {
    globalThis.gc?.();
    return (process.memoryUsage.rss() / 2 ** 20).toFixed(0);
  };
  let first = "";
  await serve.run({
    signal: stop.signal,
    listening: async () => undefined,
    note({ kind }) {
      if (kind in counts) counts[kind] += 1;
      if (counts.end === 12 && first === "") first = memory();
      if (clock.now() >= end) stop.abort();
    },
  });
  row("a day of the whole daemon", "once", 24 * 8, counts.begin, counts.end, "", "", "", "", "", 0, first, memory());
  target.remove?.();
}

row(
  "what",
  "policy",
  "ticks",
  "begun",
  "done",
  "doubled",
  "lost",
  "made up",
  "given up",
  "noted as missed",
  "kills",
  "memory MB at the start",
  "memory MB at the end",
);
await killed("once");
await killed("skip");
await day();
