/**
 * Where the time of each stage of the recorded pipeline of examples/char-lm goes: in programs of the experiment that the sandbox runs, in
 * waiting for the model, in the mill itself.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { load, root, row, scratch } from "../kit/house.mjs";
import { busy, purpose, spawned } from "../kit/spawned.mjs";

/** Replays all seven stages, with training, tests and baselines really run, and writes a line a visit of a stage. */
export async function reportStages() {
  const { facts, began, outcome } = await replayed();
  if (outcome.kind !== "done") throw new Error(`the recording was not replayed to its end: ${JSON.stringify(outcome)}`);
  row(
    "stage",
    "visit",
    "wall s",
    "in the sandbox s",
    "of which probes s",
    "waiting for the model s",
    "the mill's own s",
    "own of wall %",
  );
  const spans = stagesOf(facts, began);
  for (const span of spans) report(span, facts);
  report({ stage: "all seven", visit: "", from: began, to: spans.at(-1).to }, facts);
}

async function replayed() {
  const { setUp } = await import(pathToFileURL(join(root, "examples/setup.mjs")).href);
  const { openMill } = await load("compose/open-mill.js");
  const outer = scratch();
  const dir = join(outer, "char-lm");
  setUp("char-lm", dir);
  const facts = [];
  const entry = ({ event }) => facts.push({ event, at: performance.now() });
  const watch = { entry, glimpse: () => undefined, signal: new AbortController().signal };
  const mill = await openMill(dir, {}, {});
  const began = performance.now();
  try {
    const { outcome } = await mill.research({ dir, recording: join(root, "examples/char-lm/recording") }, watch);
    return { facts, began, outcome };
  } finally {
    await mill.close();
    rmSync(outer, { recursive: true, force: true });
  }
}

/** A stage lasts from the end of the one before it to its own. */
function stagesOf(facts, began) {
  const ends = facts.filter(({ event }) => event.type === "research-stage");
  return ends.map(({ event, at }, n) => ({
    stage: event.stage,
    visit: event.visit,
    from: ends[n - 1]?.at ?? began,
    to: at,
  }));
}

function report({ stage, visit, from, to }, facts) {
  const sandboxes = spawned.filter((one) => purpose(one) === "sandbox");
  const probes = sandboxes.filter(({ args }) => args.some((arg) => arg.includes("millwright_probe")));
  const waits = waitsOf(facts);
  const wall = to - from;
  const own = wall - busy([...sandboxes, ...waits], from, to);
  const seconds = [wall, busy(sandboxes, from, to), busy(probes, from, to), busy(waits, from, to), own].map((one) =>
    (one / 1000).toFixed(2),
  );
  row(stage, visit, ...seconds, (100 * own) / wall);
}

/** From each question to its answer. */
function waitsOf(facts) {
  return facts.flatMap(({ event, at }, n) => {
    if (event.type !== "asked" && event.type !== "asked-again") return [];
    const same = (other) => other.type === "answered" && other.task === event.task && other.role === event.role;
    const answer = facts.slice(n).find((later) => same(later.event));
    return answer === undefined ? [] : [{ start: at, end: answer.at }];
  });
}
