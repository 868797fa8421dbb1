/**
 * 40 independent tasks in four plans of ten, with a model that takes 2 s for each answer and answers 1, 2, 4 or 8
 * questions at once; as many tasks at once, and two more, so that no slot waits for a suite. The model is scripted (no
 * language model) and right at the first try.
 *
 *   node bench/parallel.mjs [slots...]
 *
 * ideal: questions x 2 s / slots. share: ideal / wall. Landing is serial and judges a moved base again.
 *
 * slots,tasks at once,tasks landed,questions,wall s,ideal s,share %,rebased,suites run,cpu own s
 */
import { row } from "./kit/house.mjs";
import { numbers, plansOf, scriptOf } from "./kit/numbers.mjs";
import { purpose, spawned } from "./kit/spawned.mjs"; // first: it must see every start
import { scriptedRun } from "./kit/target.mjs";

const LATENCY = 2000;
const TASKS = 40;
const slotCounts = process.argv.slice(2).length > 0 ? process.argv.slice(2).map(Number) : [1, 2, 4, 8];

const answerTo = scriptOf(plansOf(TASKS, 10, { linked: false }));

/** A server that takes `slots` questions at once; the others stand in line. */
function server(slots) {
  const line = [];
  let open = 0;
  let questions = 0;
  const script = async (request) => {
    if (open >= slots) await new Promise((resolve) => line.push(resolve));
    else open++;
    questions++;
    await new Promise((resolve) => setTimeout(resolve, LATENCY));
    const next = line.shift();
    if (next) next();
    else open--;
    return answerTo(request);
  };
  return { script, questions: () => questions };
}

async function measure(slots) {
  const target = numbers(TASKS, `parallel: ${slots + 2}\n`);
  const { script, questions } = server(slots);
  const sandboxesBefore = spawned.filter((one) => purpose(one) === "sandbox").length;
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const told = await scriptedRun(target.dir, { input: "specs/numbers.md", script });
  const wall = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const of = (type) => told.entries.filter(({ event }) => event.type === type).length;
  const suites = spawned.filter((one) => purpose(one) === "sandbox").length - sandboxesBefore;
  const ideal = (questions() * LATENCY) / 1000 / slots;
  if (told.outcome.kind !== "done") console.log(`# slots ${slots}: ${JSON.stringify(told.outcome)}`);
  row(
    slots,
    slots + 2,
    of("landed"),
    questions(),
    wall.toFixed(1),
    ideal.toFixed(1),
    ((100 * ideal) / wall).toFixed(0),
    of("rebased"),
    suites,
    ((user + system) / 1e6).toFixed(1),
  );
  target.remove();
}

row(
  "slots",
  "tasks at once",
  "tasks landed",
  "questions",
  "wall s",
  "ideal s",
  "share %",
  "rebased",
  "suites run",
  "cpu own s",
);
for (const slots of slotCounts) await measure(slots);
