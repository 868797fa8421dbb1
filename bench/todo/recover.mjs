/**
 * A series that was cut off before its end, from the journal that it left behind.
 *
 *   node bench/todo/recover.mjs <its folder> todo|second <condition> <seed> <repeats> <minutes>
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { load, root } from "../kit/house.mjs";
import { correctionsIn, told } from "./series.mjs";

const [dir, name, condition, seed, repeats, minutes] = process.argv.slice(2);
const { openStore } = await load("adapters/journal/libsql/open-store.js");
const { systemClock } = await load("adapters/clock/system.js");
const store = openStore(join(dir, ".millwright"), systemClock());
const mill = { runs: () => store.runs(), entries: (run) => store.open(run).entries() };
const entries = [];
for (const { id } of await mill.runs()) entries.push(...(await mill.entries(id)));
const of = (type) => entries.map(({ event }) => event).filter((event) => event.type === type);
const approvals = of("correction-decided").filter(({ decision }) => decision === "approved");
const series = {
  ...{ name, condition, seed: Number(seed), repeats: Number(repeats), isCutOff: true, sessions: [] },
  approvals: approvals.map(({ correction }) => correction),
  words: of("task-reopened").filter(({ word }) => word !== undefined).length,
  seconds: Number(minutes) * 60,
  learned: 0,
  landed: new Set(of("landed").map(({ task }) => task)).size,
  corrections: correctionsIn(dir),
  ...(await told(mill, { log: [] })),
};
store.close();
writeFileSync(join(root, "tmp/todo-replay", `${name}.${condition}.${repeats}.${seed}.json`), JSON.stringify(series));
