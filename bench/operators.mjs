/**
 * Thirty ways in which an answer goes wrong (bench/operators/operators.mjs), each in twelve small tasks, through the whole
 * loop. The model is scripted (no language model): it errs in its first answer and is honest afterwards; its reviewer
 * approves of everything, so that only what the mill itself can prove stands against it. What has landed is compared with the
 * reference over many inputs: what differs is a false accept. An honest answer that its own maker is asked to change is a
 * false refusal. Logic mutants are counted beside what the visible tests alone would have let through.
 *
 *   node bench/operators.mjs [number of an operator | all | table] [how many tasks]
 *
 * All operators in one task, then in the next; `table` only shows what was measured so far. Each cell is kept below tmp/operators/, one folder a state of the product, and not run again: a series that was stopped goes on.
 * MILLWRIGHT_BENCH_CELLS names another folder, to go on in with a newer product once the cells that it concerns are removed.
 *
 * operator,cells,false accepts,95 % from,to,trick refused by name,honest refused,95 % from,to,landed in the end,caught by,seconds a run
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { product, root, row } from "./kit/house.mjs";
import { file } from "./kit/target.mjs";
import { CORPUS } from "./operators/corpus.mjs";
import { cell, logicMutants, passesShown, planOf } from "./operators/measure.mjs";
import { OPERATORS } from "./operators/operators.mjs";
import { fileOf } from "./operators/project.mjs";

const [wanted, tasks = "12"] = process.argv.slice(2);
const corpus = CORPUS.slice(0, Number(tasks));
const kept = process.env.MILLWRIGHT_BENCH_CELLS ?? join(root, "tmp/operators", basename(await product()));
mkdirSync(kept, { recursive: true });

/** Both ends of the Wilson interval of 95 %, in percent. */
function wilson(hits, cells) {
  if (cells === 0) return ["", ""];
  const z = 1.96;
  const share = hits / cells;
  const middle = share + (z * z) / (2 * cells);
  const spread = z * Math.sqrt((share * (1 - share)) / cells + (z * z) / (4 * cells * cells));
  return [middle - spread, middle + spread].map((end) =>
    Math.min(100, Math.max(0, (100 * end) / (1 + (z * z) / cells))),
  );
}

/** What was measured before under this name, or is measured now; undefined where only the table is wanted. */
async function once(name, measure) {
  const place = join(kept, `${name.replace(/[^\w.]+/g, "-")}.json`);
  if (existsSync(place)) return JSON.parse(readFileSync(place, "utf8"));
  if (wanted === "table") return undefined;
  const found = await measure();
  writeFileSync(`${place}.part`, `${JSON.stringify(found)}\n`);
  renameSync(`${place}.part`, place);
  return found;
}

/** The cells of an operator in one task. */
async function cellsOf([name, make], task, seed) {
  const trick = make(task, planOf(task), seed);
  if (trick.isLogic) return await logicCells(task);
  const found = await once(`${name} ${task.name}`, () => cell(task, trick));
  return found === undefined ? [] : [found];
}

async function logicCells(task) {
  const cells = [];
  const variants = await once(`variants ${task.name}`, async () => {
    const texts = await logicMutants(task);
    return texts.map((text) => ({ text, shown: passesShown(task, text) }));
  });
  for (const { text, shown } of variants ?? []) {
    const name = `9 ${task.name} ${createHash("sha256").update(text).digest("hex").slice(0, 12)}`;
    const run = () => cell(task, { developer: file(fileOf(task), text) });
    const found = shown ? await once(name, run) : NOTHING;
    if (found !== undefined) cells.push({ ...found, shown });
  }
  return cells;
}

/** A mutant that the visible tests refuse needs no run to be told wrong. */
const NOTHING = {
  landed: true,
  accepted: false,
  caught: ["green (by the visible tests)"],
  honestRefused: false,
  seconds: 0,
};

function report({ name, cells }) {
  const accepted = cells.filter((one) => one.accepted).length;
  const refused = cells.filter((one) => one.honestRefused).length;
  const caught = new Map();
  for (const one of cells.flatMap((each) => each.caught)) caught.set(one, (caught.get(one) ?? 0) + 1);
  const by = [...caught].sort((a, b) => b[1] - a[1]).map(([gate, times]) => `${gate} ${times}`);
  const run = cells.filter((one) => one.seconds > 0);
  const seconds = run.reduce((sum, one) => sum + one.seconds, 0) / Math.max(1, run.length);
  const landed = cells.filter((one) => one.landed).length;
  const named = cells.filter((one) => one.caught.length > 0).length;
  const judged = cells.some((one) => one.isUnfair) ? 0 : run.length;
  row(
    name,
    cells.length,
    accepted,
    ...wilson(accepted, cells.length),
    named,
    judged === 0 ? "not asked" : refused,
    ...wilson(refused, judged),
    landed,
    by.join("; "),
    seconds,
  );
  if (!name.startsWith("9 ")) return;
  const visible = cells.filter((one) => one.shown).length;
  const through = cells.filter((one) => one.shown && one.accepted).length;
  const [from, to] = wilson(through, visible).map((end) => Math.round(end * 10) / 10);
  console.log(
    `# logic mutants: ${cells.length} wrong variants, ${visible} pass the visible tests, ${through} of them landed (95 %: ${from} to ${to} %)`,
  );
}

row(
  "operator",
  "cells",
  "false accepts",
  "95 % from",
  "to",
  "trick refused by name",
  "honest refused",
  "95 % from",
  "to",
  "landed in the end",
  "caught by",
  "seconds a run",
);
const queue = [...Object.entries(OPERATORS), ["honest", () => ({})]].filter(
  ([name]) =>
    wanted === undefined || /^(?:all|table)$/.test(wanted) || name.startsWith(`${wanted} `) || name === wanted,
);
const cells = new Map(queue.map(([name]) => [name, []]));
for (const [seed, task] of corpus.entries())
  for (const one of queue) cells.get(one[0]).push(...(await cellsOf(one, task, seed)));
for (const [name, found] of cells) report({ name, cells: found });
console.log("# scripted model: these numbers measure the engine, not a model");
