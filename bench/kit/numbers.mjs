/** A project of one tiny function a criterion, its plans, and a script that is right at the first try. */
import { approval, file, goalMet, planText, repository } from "./target.mjs";

const taskOf = (n) => ({
  id: `T${n}`,
  title: `Add the number ${n}`,
  files: [`src/number${n}.js`],
  tests: [`test/number${n}.test.js`],
  creates: [`src/number${n}.js#number${n}`],
  accept: [[`AC${n}`, `\`number${n}(2)\` of src/number${n}.js returns ${n + 2}`]],
});

/** Plans of at most `size` tasks; linked ones each need the one before. */
export function plansOf(criteria, size, { linked }) {
  const plans = [];
  for (let first = 1; first <= criteria; first += size) {
    const tasks = Array.from({ length: Math.min(size, criteria - first + 1) }, (_, n) => taskOf(first + n));
    const needs = linked && plans.length > 0 ? [`numbers-${plans.length}`] : [];
    plans.push(planText({ plan: `numbers-${plans.length + 1}`, title: "Numbers", needs, tasks }));
  }
  return plans;
}

export function scriptOf(plans) {
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

/** A repository with a spec of so many criteria; `config` is added to its millwright.yaml. */
export function numbers(criteria, config = "") {
  const lines = Array.from({ length: criteria }, (_, n) => `- \`number${n + 1}(2)\` is ${n + 3}`);
  return repository({
    "package.json": '{ "name": "target", "type": "module", "private": true }\n',
    "specs/numbers.md": `# Numbers\n\n${lines.join("\n")}\n`,
    "src/zero.js": "export const zero = 0;\n",
    "test/zero.test.js":
      'import assert from "node:assert/strict";\nimport { test } from "node:test";\nimport { zero } from "../src/zero.js";\n\ntest("zero", () => assert.equal(zero, 0));\n',
    "millwright.yaml": `models: { default: mailbox }\nindependence: none\nsuites: [{ runner: node-test }]\ndependencies: { install: none }\n${config}`,
  });
}
