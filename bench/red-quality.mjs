/**
 * What is a test worth that red accepts? Good, vacuous, weak and wrong tests of 16 small tasks in three runners, each as
 * the tester's proposal through the whole loop (a script in the model's place), then the right code. "It fails on the base", by exit
 * code, stands beside it.
 *
 *   node bench/red-quality.mjs [task]
 *
 * runner,task,class,test,red,refused by,right code passes,caught later by,by exit code
 */

import { row } from "./kit/house.mjs";
import { corpus } from "./red-quality/corpus.mjs";
import { targetOf, trial } from "./red-quality/trial.mjs";

const [wanted] = process.argv.slice(2);

/** Share in percent with its Wilson interval of 95 %. */
function share(hits, all) {
  if (all === 0) return "none";
  const z = 1.96;
  const middle = (hits / all + (z * z) / (2 * all)) / (1 + (z * z) / all);
  const spread =
    (z * Math.sqrt(((hits / all) * (1 - hits / all)) / all + (z * z) / (4 * all * all))) / (1 + (z * z) / all);
  const percent = (part) => (100 * Math.min(1, Math.max(0, part))).toFixed(1);
  return `${hits} of ${all} = ${percent(hits / all)} % (${percent(middle - spread)} to ${percent(middle + spread)})`;
}

const PLAIN = {
  "true true": "passes on the base",
  "true false": "passes on the base",
  "false true": "red, then green",
  "false false": "red, and red on the right code",
};

function passes(seen) {
  if (!seen.accepted) return "";
  return seen.passes ? "yes" : "no";
}

function lineOf(task, test, seen) {
  const caught = seen.passes
    ? seen.later
    : seen.codeRefusedBy.map((rule) => `${rule}, so that the developer can say impossible`);
  return [
    task.runner,
    task.name,
    test.class,
    test.how,
    seen.accepted ? "accepted" : "refused",
    seen.refusedBy.join("; ") || (seen.accepted ? "" : `the run ended: ${seen.outcome.reason}`),
    passes(seen),
    caught.join("; "),
    PLAIN[`${seen.plain.base} ${seen.plain.right}`],
  ];
}

const told = [];
async function measure(task) {
  const target = targetOf(task);
  for (const test of task.tests) {
    const seen = await trial(task, test, target.dir);
    told.push({ task, test, seen });
    row(...lineOf(task, test, seen));
  }
  target.remove();
}

row("runner", "task", "class", "test", "red", "refused by", "right code passes", "caught later by", "by exit code");
const queue = corpus.filter((task) => wanted === undefined || task.name === wanted);
await Promise.all(
  [1, 2].map(async () => {
    for (let task = queue.shift(); task; task = queue.shift()) await measure(task);
  }),
);

for (const one of ["good", "vacuous", "weak", "wrong"]) {
  const own = told.filter(({ test }) => test.class === one);
  const accepted = own.filter(({ seen }) => seen.accepted);
  console.log(
    `# ${one}: accepted ${share(accepted.length, own.length)}; of these the right code passes ${share(accepted.filter(({ seen }) => seen.passes).length, accepted.length)}; caught later ${accepted.filter(({ seen }) => !seen.passes || seen.later.length > 0).length}; by exit code alone accepted ${own.filter(({ seen }) => !seen.plain.base).length}`,
  );
}
const accepted = told.filter(({ seen }) => seen.accepted);
const plain = told.filter(({ seen }) => !seen.plain.base);
console.log(
  `# all: ${told.length} tests; of the accepted the right code passes ${share(accepted.filter(({ seen }) => seen.passes).length, accepted.length)}; of those that exit codes alone accept ${share(plain.filter(({ seen }) => seen.plain.right).length, plain.length)}`,
);
