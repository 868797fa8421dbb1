/**
 * What is sent to models, from recordings (the folders that every run leaves under `.millwright/recordings/<run>`, and
 * examples/<name>/recording): tokens a task, and per role how much of a retry's prompt is, byte for byte, the beginning of
 * the same role's prompt before in the same task (local servers and paid caches reuse exactly that).
 *
 *   node bench/prompts.mjs [recording...]
 *
 * recording,role,questions,tokens (chars/4),tokens (o200k),tokens a task,retries,prefix median %,prefix least %,prefix of all retried bytes %,first questions' prefix %
 *
 * Without an argument: the recordings of the examples, then runs with a scripted model (no language model): the tiny task
 * (add one function with a test to a small repository) answered right at once, in which the row `the tiny task` counts
 * tester, developer and reviewer together; the same with tester and developer refused twice each; and that again in a
 * repository with twenty files and rules of its own. `tokens (o200k)` needs the package gpt-tokenizer:
 * `npm i --no-save gpt-tokenizer`, or its folder in GPT_TOKENIZER; else it stays empty.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { median, root, row } from "./kit/house.mjs";
import { approval, file, goalMet, planText, repository, scriptedRun } from "./kit/target.mjs";
import { tokenCounter } from "./kit/tokens.mjs";

const countTokens = await tokenCounter();

/** Questions of a recording in no order: task, role, attempt and the text that was sent. */
function questionsOf(dir) {
  return readdirSync(dir).flatMap((name) => {
    const parts = /^(.+)\.([a-z-]+)\.(\d+)\.request\.md$/.exec(name);
    if (!parts) return [];
    const text = readFileSync(join(dir, name), "utf8").replace(/^---\n[\s\S]*?\n---\n/, "");
    return [{ task: parts[1], role: parts[2], attempt: Number(parts[3]), text: Buffer.from(text) }];
  });
}

function samePrefix(one, other) {
  const most = Math.min(one.length, other.length);
  let at = 0;
  while (at < most && one[at] === other[at]) at += 1;
  return at;
}

/** Of each retry: its length, and how much of it began the question before. */
function retriesOf(questions) {
  return questions.flatMap((question) => {
    const before = questions.find((other) => other.task === question.task && other.attempt === question.attempt - 1);
    return before ? [{ bytes: question.text.length, same: samePrefix(before.text, question.text) }] : [];
  });
}

/** Of each first question in a task after the first: the best that an earlier first question of this role began. */
function firstsOf(questions) {
  const firsts = questions.filter(({ attempt }) => attempt === 1);
  return firsts.slice(1).map((question, at) => {
    const same = Math.max(...firsts.slice(0, at + 1).map((other) => samePrefix(other.text, question.text)));
    return { bytes: question.text.length, same };
  });
}

const share = ({ bytes, same }) => (100 * same) / bytes;
const sum = (list, pick) => list.reduce((total, one) => total + pick(one), 0);
const ofAll = (list) => (list.length === 0 ? "" : (100 * sum(list, (one) => one.same)) / sum(list, (one) => one.bytes));
const characters = ({ text }) => text.toString("utf8").length;

function report(recording, role, questions, { tasks, retries, firsts }) {
  const estimated = Math.round(sum(questions, characters) / 4);
  const counted = countTokens ? sum(questions, ({ text }) => countTokens(text.toString("utf8"))) : undefined;
  const shares = retries.map(share);
  row(
    recording,
    role,
    questions.length,
    estimated,
    counted,
    Math.round((counted ?? estimated) / Math.max(1, tasks)),
    retries.length,
    shares.length === 0 ? "" : median(shares),
    shares.length === 0 ? "" : Math.min(...shares),
    ofAll(retries),
    ofAll(firsts),
  );
}

function measure(recording, dir) {
  const questions = questionsOf(dir);
  if (questions.length === 0) throw new Error(`${dir} holds no *.request.md`);
  const tasks = new Set(questions.map(({ task }) => task).filter((task) => task !== "plan" && task !== "goal")).size;
  const byRole = [...new Set(questions.map(({ role }) => role))].map((role) => {
    const own = questions.filter((question) => question.role === role);
    return { role, own, tasks, retries: retriesOf(own), firsts: firstsOf(own) };
  });
  for (const { role, own, ...rest } of byRole) report(recording, role, own, rest);
  const all = { tasks, retries: byRole.flatMap((one) => one.retries), firsts: byRole.flatMap((one) => one.firsts) };
  report(recording, `all (${tasks} tasks)`, questions, all);
}

/** The folders of this kind: a recording has its header, or a run's frozen inputs, beside the questions. */
function recordingsBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /(?:^|\/)(?:recording\.md|run\.json)$/.test(path) && !path.includes("node_modules"))
    .map((path) => join(folder, dirname(path)))
    .filter((dir) => readdirSync(dir).some((name) => name.endsWith(".request.md")))
    .filter((dir, at, all) => all.indexOf(dir) === at)
    .sort();
}

/** Tester, developer and reviewer together, as a server would count them. */
function measureTiny(title, folder) {
  const questions = questionsOf(folder).filter(({ role }) => ["tester", "developer", "reviewer"].includes(role));
  report(title, "the tiny task: tester + developer + reviewer", questions, { tasks: 1, retries: [], firsts: [] });
}

/** A small repository's own rules and neighbours, so that a question is as long as in a real one. */
function neighbours() {
  const files = {
    "AGENTS.md": `# Rules\n\n${"- Numbers are finite, names are full words, functions are pure and small.\n".repeat(12)}`,
  };
  for (const name of ["multiply", "divide", "power", "root", "round", "floor", "ceiling", "modulo", "sum", "mean"]) {
    files[`src/${name}.js`] =
      `/** Does ${name} with two numbers. */\nexport function ${name}(left, right) {\n  return [left, right];\n}\n`;
    files[`test/${name}.test.js`] = `import { ${name} } from "../src/${name}.js";\n`;
  }
  const helpers = Array.from(
    { length: 12 },
    (_one, at) =>
      `export function number${at}(left, right) {\n  if (left > right) return left - ${at};\n  return left + right + ${at};\n}\n`,
  );
  return { ...files, "src/subtract.js": helpers.join("\n") };
}

async function measureScripted({ title, refused, more = {} }) {
  const body = (sign) => `export function subtract(left, right) {\n  return left ${sign} right;\n}\n`;
  const whole = more["src/subtract.js"];
  const code = (sign, before) => {
    if (whole === undefined || !refused) return file("src/subtract.js", body(sign));
    const anchor = "export function number0(left, right) {\n";
    const old = before === undefined ? anchor : `${body(before)}\n${anchor}`;
    return `### EDIT src/subtract.js\n<<<<<<< SEARCH\n${old}=======\n${body(sign)}\n${anchor}>>>>>>> REPLACE\n`;
  };
  const tests = (name, wanted) =>
    file(
      "test/subtract.test.js",
      `import assert from "node:assert/strict";\nimport { test } from "node:test";\nimport { subtract } from "../src/subtract.js";\n\ntest("${name}", () => assert.equal(subtract(5, 3), ${wanted}));\n`,
    );
  const task = {
    id: "T1",
    title: "Subtract two numbers",
    files: ["src/subtract.js"],
    tests: ["test/subtract.test.js"],
  };
  const accept = [["AC1", "`subtract(5, 3)` of `src/subtract.js` returns 2"]];
  const plan = planText({
    plan: "subtract",
    title: "Numbers can be subtracted",
    tasks: [{ ...task, creates: ["src/subtract.js#subtract"], accept }],
  });
  const answers = {
    architect: [plan.replace("returns 2", "works"), plan].slice(refused ? 0 : 1),
    tester: ["I would test it.", tests("subtracts", 2), tests("AC1 subtracts", 2)].slice(refused ? 0 : 2),
    developer: ["+", "*", "-"]
      .map((sign, at) => code(sign, at === 0 ? undefined : ["+", "*"][at - 1]))
      .slice(refused ? 0 : 2),
    reviewer: [approval(["AC1"], "src/subtract.js: left - right")],
    "goal-checker": [goalMet],
  };
  const target = repository({
    "package.json": '{ "name": "calculator", "type": "module", "private": true }\n',
    "src/add.js": "export function add(left, right) {\n  return left + right;\n}\n",
    "test/add.test.js":
      'import assert from "node:assert/strict";\nimport { test } from "node:test";\nimport { add } from "../src/add.js";\n\ntest("adds", () => assert.equal(add(1, 2), 3));\n',
    ...more,
    "specs/subtract.md": "# Subtract\n\nWe want `subtract` in `src/subtract.js`: `subtract(5, 3)` is 2.\n",
    "millwright.yaml":
      "models: { default: mailbox }\nindependence: none\nsuites: [{ runner: node-test }]\ndependencies: { install: none }\n",
  });
  const script = ({ role, attempt }) =>
    answers[role]?.[Math.min(attempt, answers[role].length) - 1] ?? `{ "checks": [] }`;
  const { run } = await scriptedRun(target.dir, { input: "specs/subtract.md", script });
  const folder = join(target.dir, ".millwright/recordings", run);
  measure(title, folder);
  if (!refused) measureTiny(title, folder);
  target.remove();
}

row(
  "recording",
  "role",
  "questions",
  "tokens (chars/4)",
  "tokens (o200k)",
  "tokens a task",
  "retries",
  "prefix median %",
  "prefix least %",
  "prefix of all retried bytes %",
  "first questions' prefix %",
);
const named = process.argv.slice(2);
const found = named.length > 0 ? named : recordingsBelow(join(root, "examples"));
for (const dir of found)
  measure(
    named.length > 0 ? basename(basename(dir) === "recording" ? dirname(dir) : dir) : dir.slice(root.length + 1),
    dir,
  );
if (named.length === 0) {
  await measureScripted({ title: "scripted tiny task", refused: false });
  await measureScripted({ title: "scripted calculator", refused: true });
  await measureScripted({ title: "scripted calculator with rules and neighbours", refused: true, more: neighbours() });
}
console.log(
  `# tokens a task: all that was sent divided by the tasks asked about, ${countTokens ? "counted with gpt-tokenizer's o200k_base" : "estimated as characters / 4"}; the scripted runs are no language model`,
);
