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
import { purpose, spawned } from "./kit/spawned.mjs"; // first: it must see every start
import { approval, file, goalMet, planText, repository, scriptedRun } from "./kit/target.mjs";

const LATENCY = 2000;
const TASKS = 40;
const slotCounts = process.argv.slice(2).length > 0 ? process.argv.slice(2).map(Number) : [1, 2, 4, 8];

const taskOf = (n) => ({
  id: `T${n}`,
  title: `Add the number ${n}`,
  files: [`src/number${n}.js`],
  tests: [`test/number${n}.test.js`],
  creates: [`src/number${n}.js#number${n}`],
  accept: [[`AC${n}`, `\`number${n}(2)\` of src/number${n}.js returns ${n + 2}`]],
});

const plans = Array.from({ length: TASKS / 10 }, (_, at) => {
  const tasks = Array.from({ length: 10 }, (_, n) => taskOf(at * 10 + n + 1));
  return planText({ plan: `numbers-${at + 1}`, title: "Numbers", tasks });
});

function answerTo({ role, task }) {
  const n = Number(task.slice(1));
  switch (role) {
    case "architect":
      return plans.join("\n");
    case "tester":
      return file(
        `test/number${n}.test.js`,
        `import assert from "node:assert/strict";\nimport { test } from "node:test";\nimport { number${n} } from "../src/number${n}.js";\n\ntest("AC${n} adds ${n}", () => assert.equal(number${n}(2), ${n + 2}));\n`,
      );
    case "developer":
      return file(`src/number${n}.js`, `export function number${n}(amount) {\n  return amount + ${n};\n}\n`);
    case "reviewer":
      return approval([`AC${n}`], `src/number${n}.js: amount + ${n}`);
    default:
      return goalMet;
  }
}

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
  const lines = Array.from({ length: TASKS }, (_, n) => `- \`number${n + 1}(2)\` is ${n + 3}`);
  const target = repository({
    "package.json": '{ "name": "target", "type": "module", "private": true }\n',
    "specs/numbers.md": `# Numbers\n\n${lines.join("\n")}\n`,
    "src/zero.js": "export const zero = 0;\n",
    "test/zero.test.js":
      'import assert from "node:assert/strict";\nimport { test } from "node:test";\nimport { zero } from "../src/zero.js";\n\ntest("zero", () => assert.equal(zero, 0));\n',
    "millwright.yaml": `models: { default: mailbox }\nindependence: none\nparallel: ${slots + 2}\nsuites: [{ runner: node-test }]\ndependencies: { install: none }\n`,
  });
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
