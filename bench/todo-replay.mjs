/**
 * The twelve-task Todo API and a second project, pursued by a scripted maker that makes the seed's published mistakes at its
 * published rates. No language model takes part: it measures the engine, and says nothing of what a model would do.
 *
 *   node bench/todo-replay.mjs [seeds, e.g. 1-3] [how often the maker repeats itself: 0, 0.5, 0.73, 0.9]
 *   node bench/todo-replay.mjs one todo|second <condition> <seed> <repeats>
 *   node bench/todo-replay.mjs table [real]     what was measured so far, and 40 series of each condition on paper
 *
 * Each series is kept below tmp/todo-replay/ when it ends, and not run again: a bench that was stopped goes on. The second project
 * brings what the series b of the same seed learned on the first one.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, row } from "./kit/house.mjs";
import { MODELS } from "./todo/models.mjs";
import { rehearsals } from "./todo/rehearsals.mjs";
import { CONDITIONS, runSeries } from "./todo/series.mjs";
import { attemptsOf, bandsOf, typesOf } from "./todo/summary.mjs";

const args = process.argv.slice(2);
const kept = join(root, "tmp/todo-replay");
const nameOf = ({ name, condition, seed, repeats }) => `${name}.${condition}.${repeats}.${seed}`;
const placeOf = (one) => join(kept, `${nameOf(one)}.json`);
const learnedOf = (one) => join(kept, `${nameOf(one)}.corrections`);

/** Runs a series unless it was run before. */
async function series(one) {
  if (existsSync(placeOf(one))) return;
  const { project } = await import(one.name === "todo" ? "./todo/project.mjs" : "./todo/second.mjs");
  const say = (line) => console.error(`${nameOf(one)}: ${line}`);
  say(CONDITIONS[one.condition].says);
  const brings = CONDITIONS[one.condition].brings;
  const brought = brings ? learnedOf({ ...one, name: "todo", condition: brings }) : undefined;
  const model = { ...MODELS[one.repeats], seed: `${one.seed}` };
  const options = { condition: one.condition, model, brought, keepAt: learnedOf(one), say };
  const told = await runSeries(project, options);
  writeFileSync(`${placeOf(one)}.part`, JSON.stringify({ ...one, ...told }));
  renameSync(`${placeOf(one)}.part`, placeOf(one));
  say(`ended after ${Math.round(told.seconds)} s`);
}

const percent = (rate) => (rate === undefined ? "" : `${(100 * rate).toFixed(1)} %`);

function table(all) {
  row(
    ...["project", "condition", "repeats", "seed", "tasks landed", "answers", "answers that passed", "refused"],
    ...["deadlocks", "attempts as the seed counts", "landed of them", "approvals", "a person's words", "line stops"],
    ...[
      "corrections at the end",
      "last band: corrections",
      "answers",
      "passed",
      "attempts as the seed counts",
      "landed",
    ],
    ...["refused: patch", "environment", "other types", "final tests", "minutes", "of them learning"],
  );
  for (const one of all) {
    const sum = attemptsOf(one.rows, one.landed);
    const last = bandsOf(one).at(-1) ?? {};
    const { patch = 0, environment = 0, ...others } = typesOf(one.rows);
    row(
      ...[
        one.name,
        one.condition,
        String(one.repeats),
        one.seed,
        one.landed,
        sum.answers,
        percent(sum.rate),
        sum.refused,
      ],
      ...[sum.deadlocks, sum.cycles, percent(sum.cycleRate), one.approvals.length, one.words, one.lineStops],
      ...[
        one.corrections.length,
        last.corrections,
        last.answers,
        percent(last.rate),
        last.cycles,
        percent(last.cycleRate),
      ],
      ...[patch, environment, Object.values(others).reduce((a, b) => a + b, 0), one.tests],
      ...[one.seconds / 60, one.learned / 60],
    );
  }
}

function bands(all) {
  row("project", "condition", "repeats", "seed", "corrections", "answers", "passed", "as the seed counts", "landed");
  for (const one of all)
    for (const band of bandsOf(one))
      row(
        ...[one.name, one.condition, String(one.repeats), one.seed, band.corrections, band.answers, percent(band.rate)],
        ...[band.cycles, percent(band.cycleRate)],
      );
}

async function tables() {
  const files = readdirSync(kept).filter((name) => name.endsWith(".json"));
  const all = files.sort().map((name) => JSON.parse(readFileSync(join(kept, name), "utf8")));
  table(all);
  bands(all);
  if (args[1] === "real") return;
  const { project } = await import("./todo/project.mjs");
  await rehearsals(project, (...cells) => row(...cells), all);
}

mkdirSync(kept, { recursive: true });
if (args[0] === "one") {
  const [, name, condition, seed, repeats] = args;
  await series({ name, condition, seed: Number(seed), repeats: Number(repeats) });
} else {
  const [seeds = "1-3", repeats = "0.73"] = args;
  const [first, last = first] = seeds.split("-").map(Number);
  for (let seed = first; args[0] !== "table" && seed <= last; seed++) {
    for (const condition of ["f", "b", "c", "d", "a"])
      await series({ name: "todo", condition, seed, repeats: Number(repeats) });
    for (const condition of ["g", "e", "a"])
      await series({ name: "second", condition, seed, repeats: Number(repeats) });
  }
  await tables();
}
