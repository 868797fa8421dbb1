/**
 * Thirty ways in which an answer goes wrong (bench/operators/operators.mjs), each in twelve small tasks, through the whole
 * loop. The model is scripted (no language model): it errs in its first answer and is honest afterwards; its reviewer
 * approves of everything, so that only what the mill itself can prove stands against it. What has landed is compared with the
 * reference over many inputs: what differs is a false accept. An honest answer that its own maker is asked to change is a
 * false refusal. Logic mutants are counted beside what the visible tests alone would have let through.
 *
 *   node bench/operators.mjs [number of an operator] [how many tasks]
 *
 * operator,cells,false accepts,95 % up to %,honest refused,95 % up to %,landed in the end,caught by,seconds a run
 */
import { row } from "./kit/house.mjs";
import { file } from "./kit/target.mjs";
import { CORPUS } from "./operators/corpus.mjs";
import { cell, logicMutants, passesShown, planOf } from "./operators/measure.mjs";
import { OPERATORS } from "./operators/operators.mjs";
import { fileOf } from "./operators/project.mjs";

const [wanted, tasks = "12"] = process.argv.slice(2);
const corpus = CORPUS.slice(0, Number(tasks));

/** Upper end of the Wilson interval of 95 %, in percent. */
function upTo(hits, cells) {
  if (cells === 0) return 0;
  const z = 1.96;
  const share = hits / cells;
  const middle = share + (z * z) / (2 * cells);
  const spread = z * Math.sqrt((share * (1 - share)) / cells + (z * z) / (4 * cells * cells));
  return Math.min(100, (100 * (middle + spread)) / (1 + (z * z) / cells));
}

async function cellsOf(name, make) {
  const cells = [];
  for (const [seed, task] of corpus.entries()) {
    const trick = make(task, planOf(task), seed);
    if (trick.isLogic) cells.push(...(await logicCells(task)));
    else cells.push(await cell(task, trick));
  }
  return { name, cells };
}

async function logicCells(task) {
  const cells = [];
  for (const text of await logicMutants(task)) {
    const shown = passesShown(task, text);
    cells.push(shown ? { ...(await cell(task, { developer: file(fileOf(task), text) })), shown } : NOTHING);
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
  row(
    name,
    cells.length,
    accepted,
    upTo(accepted, cells.length),
    refused,
    upTo(refused, cells.length),
    landed,
    by.join("; "),
    seconds,
  );
  if (!name.startsWith("9 ")) return;
  const visible = cells.filter((one) => one.shown).length;
  console.log(
    `# logic mutants: ${cells.length} wrong variants, ${visible} pass the visible tests, ${accepted} of them landed`,
  );
}

row(
  "operator",
  "cells",
  "false accepts",
  "95 % up to %",
  "honest refused",
  "95 % up to %",
  "landed in the end",
  "caught by",
  "seconds a run",
);
const queue = [...Object.entries(OPERATORS), ["honest", () => ({})]].filter(
  ([name]) => wanted === undefined || wanted === "all" || name.startsWith(`${wanted} `) || name === wanted,
);
await Promise.all(
  [1, 2].map(async () => {
    for (let next = queue.shift(); next; next = queue.shift()) report(await cellsOf(...next));
  }),
);
console.log("# scripted model: these numbers measure the engine, not a model");
