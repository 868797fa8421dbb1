/**
 * Specs of 5, 10, 20 and 40 criteria, one tiny function each, through the whole loop: where does it break, and how does it
 * say so? The model is scripted (no language model): it solves everything at the first try, in linked plans of at most 10
 * tasks. One last rung asks for 11 tasks in one plan, and must be refused.
 *
 *   node bench/ladder.mjs [criteria...]
 *
 * criteria,plans,tasks landed,outcome,wall s,wall without sandbox s,cpu own s,facts,questions,prompt tokens (chars/4),tokens a task,first task s,last task s,most resident MB,said
 */

import { row } from "./kit/house.mjs";
import { busy, purpose, spawned } from "./kit/spawned.mjs"; // first: it must see every start
import { approval, file, goalMet, planText, repository, scriptedRun } from "./kit/target.mjs";

const rungs = process.argv.slice(2).length > 0 ? process.argv.slice(2).map(Number) : [5, 10, 20, 40];

const taskOf = (n) => ({
  id: `T${n}`,
  title: `Add the number ${n}`,
  files: [`src/number${n}.js`],
  tests: [`test/number${n}.test.js`],
  creates: [`src/number${n}.js#number${n}`],
  accept: [[`AC${n}`, `\`number${n}(2)\` of src/number${n}.js returns ${n + 2}`]],
});

function plansOf(criteria, size) {
  const plans = [];
  for (let first = 1; first <= criteria; first += size) {
    const tasks = Array.from({ length: Math.min(size, criteria - first + 1) }, (_, n) => taskOf(first + n));
    const before = plans.length === 0 ? [] : [`numbers-${plans.length}`];
    plans.push(planText({ plan: `numbers-${plans.length + 1}`, title: "Numbers", needs: before, tasks }));
  }
  return plans;
}

function scriptOf(plans) {
  return ({ role, task }) => {
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
  };
}

async function climb(criteria, size) {
  const lines = Array.from({ length: criteria }, (_, n) => `- \`number${n + 1}(2)\` is ${n + 3}`);
  const target = repository({
    "package.json": '{ "name": "target", "type": "module", "private": true }\n',
    "specs/numbers.md": `# Numbers\n\n${lines.join("\n")}\n`,
    "src/zero.js": "export const zero = 0;\n",
    "test/zero.test.js":
      'import assert from "node:assert/strict";\nimport { test } from "node:test";\nimport { zero } from "../src/zero.js";\n\ntest("zero", () => assert.equal(zero, 0));\n',
    "millwright.yaml":
      "models: { default: mailbox }\nindependence: none\nsuites: [{ runner: node-test }]\ndependencies: { install: none }\n",
  });
  const facts = [];
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const plans = plansOf(criteria, size);
  const entry = (one) => facts.push({ event: one.event, at: performance.now() });
  const told = await scriptedRun(target.dir, { input: "specs/numbers.md", script: scriptOf(plans), entry });
  const end = performance.now();
  const own = process.cpuUsage(cpu);
  const sandboxes = spawned.filter((one) => purpose(one) === "sandbox");
  const of = (type) => facts.filter(({ event }) => event.type === type);
  const tokens = of("answered").reduce((sum, { event }) => sum + event.usage.input, 0);
  const landed = of("landed");
  const begun = of("task-started");
  const seconds = (at) => ((landed[at]?.at ?? 0) - (begun[at]?.at ?? 0)) / 1000;
  row(
    size > 10 ? `${criteria} in one plan` : criteria,
    plans.length,
    landed.length,
    told.outcome.kind,
    (end - start) / 1000,
    (end - start - busy(sandboxes, start, end)) / 1000,
    (own.user + own.system) / 1e6,
    facts.length,
    of("answered").length,
    tokens,
    landed.length === 0 ? "" : Math.round(tokens / landed.length),
    seconds(0),
    seconds(landed.length - 1),
    process.resourceUsage().maxRSS / 1024,
    (told.outcome.reason ?? "").slice(0, 400),
  );
  target.remove();
}

row(
  "criteria",
  "plans",
  "tasks landed",
  "outcome",
  "wall s",
  "wall without sandbox s",
  "cpu own s",
  "facts",
  "questions",
  "prompt tokens (chars/4)",
  "tokens a task",
  "first task s",
  "last task s",
  "most resident MB",
  "said",
);
for (const criteria of rungs) await climb(criteria, 10);
await climb(11, 11);
console.log(
  "# scripted model: it measures the loop, not a model; memory is of the bench's process, over all rungs so far",
);
