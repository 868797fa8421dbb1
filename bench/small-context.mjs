/**
 * One task in a repository of 2,000 files whose models take 8k, 16k and 32k tokens, and as many as nobody knows: whether it
 * lands, what was left out so that its questions fit, and what they cost. A script stands in the model's place (no
 * language model): it shows what the mill does with little room, not what a model makes of it.
 *
 *   node bench/small-context.mjs [files]
 *
 * context,outcome,role,questions,tokens (o200k or chars/4),largest question,left out,shortened
 * looks,files,median ms: then what it costs to look for code in that repository.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load, median, row } from "./kit/house.mjs";
import { approval, file, goalMet, planText, repository, scriptedRun } from "./kit/target.mjs";
import { tokenCounter } from "./kit/tokens.mjs";

const COUNT = Number(process.argv[2] ?? 2000);
const NAMES = [
  "invoice",
  "order",
  "customer",
  "shipment",
  "refund",
  "voucher",
  "basket",
  "warehouse",
  "tax",
  "payment",
];
const VERBS = ["load", "store", "check", "merge", "format", "count", "group", "cancel"];
const countTokens = (await tokenCounter()) ?? ((text) => Math.round(text.length / 4));

/** A module of some sixty lines about one thing. */
function moduleText(number) {
  const name = NAMES[number % NAMES.length];
  const capital = name[0].toUpperCase() + name.slice(1);
  const functions = VERBS.map(
    (verb, at) =>
      `/** Does ${verb} for one ${name} of part ${number}. */\nexport function ${verb}${capital}${number}(${name}, limit = ${at + number}) {\n  const rows = [...(${name}.rows ?? [])].slice(0, limit);\n  if (rows.length === 0) throw new RangeError("no ${name} rows");\n  return rows.map((row) => ({ ...row, ${verb}: row.amount + ${at} }));\n}\n`,
  );
  return functions.join("\n");
}

function files() {
  const made = {};
  for (let number = 0; number < COUNT; number++) {
    const name = NAMES[number % NAMES.length];
    made[`src/part${Math.floor(number / 50)}/${name}-${number}.js`] = moduleText(number);
  }
  const numbers = Array.from(
    { length: 240 },
    (_one, at) => `export function rate${at}(amount) {\n  return amount * ${at} + 1;\n}\n`,
  );
  return {
    ...made,
    "package.json": '{ "name": "big", "type": "module", "private": true }\n',
    "AGENTS.md": `# Rules\n\n${Array.from({ length: 60 }, (_one, at) => `- Rule ${at}: amounts are whole cents; names are full words; files are small.`).join("\n")}\n`,
    "src/voucher-rates.js": `${numbers.join("\n")}\nexport function priceOf(amount) {\n  return rate1(amount);\n}\n`,
    "src/checkout.js":
      'import { priceOf } from "./voucher-rates.js";\n\nexport function checkout(amounts) {\n  return amounts.map((amount) => priceOf(amount));\n}\n',
    "test/helpers/amounts.js": `/** Amounts that tests use. */\nexport function amounts() {\n  return [1, 2, 3];\n}\n${"// a line that only fills the file\n".repeat(120)}`,
    "test/checkout.test.js":
      'import assert from "node:assert/strict";\nimport { test } from "node:test";\nimport { checkout } from "../src/checkout.js";\n\ntest("prices", () => assert.deepEqual(checkout([1]), [2]));\n',
    "specs/voucher.md":
      "# Vouchers\n\nWe want `applyVoucher` in `src/voucher-rates.js`: `applyVoucher(100, 5)` is 95; it stands beside `priceOf`.\n",
  };
}

const TEST =
  'import assert from "node:assert/strict";\nimport { test } from "node:test";\nimport { applyVoucher } from "../src/voucher-rates.js";\n\ntest("AC1 takes the voucher off", () => assert.equal(applyVoucher(100, 5), 95));\n';
const EDIT = (sign) =>
  `### EDIT src/voucher-rates.js\n<<<<<<< SEARCH\nexport function priceOf(amount) {\n=======\nexport function applyVoucher(amount, voucher) {\n  return amount ${sign} voucher;\n}\n\nexport function priceOf(amount) {\n>>>>>>> REPLACE\n`;

function script({ role, attempt }) {
  const plan = planText({
    plan: "voucher",
    title: "Vouchers are taken off",
    tasks: [
      {
        id: "T1",
        title: "Take a voucher off beside priceOf",
        files: ["src/voucher-rates.js"],
        tests: ["test/voucher.test.js"],
        creates: ["src/voucher-rates.js#applyVoucher"],
        accept: [["AC1", "`applyVoucher(100, 5)` of `src/voucher-rates.js` returns 95, beside `priceOf`"]],
      },
    ],
  });
  const answers = {
    architect: [plan],
    tester: [file("test/voucher.test.js", TEST)],
    developer: [
      EDIT("+"),
      EDIT("-").replace(
        "SEARCH\n",
        "SEARCH\nexport function applyVoucher(amount, voucher) {\n  return amount + voucher;\n}\n\n",
      ),
    ],
    reviewer: [approval(["AC1"], "src/voucher-rates.js: return amount - voucher;")],
    "goal-checker": [goalMet],
  };
  return answers[role][Math.min(attempt, answers[role].length) - 1];
}

async function measure(context) {
  const contexts = context === undefined ? "" : `contexts: { scripted: ${context} }\n`;
  const config = `models: { default: mailbox }\nindependence: none\nsuites: [{ runner: node-test }]\ndependencies: { install: none }\n${contexts}`;
  const target = repository({ ...files(), "millwright.yaml": config });
  const end = await scriptedRun(target.dir, { input: "specs/voucher.md", script });
  const events = end.entries.map((entry) => entry.event);
  const landed = events.some((event) => event.type === "landed")
    ? "landed"
    : `${end.outcome.kind}: ${end.outcome.reason}`;
  const folder = join(target.dir, ".millwright/recordings", end.run);
  const asked = events.filter((event) => event.type === "asked");
  for (const role of [...new Set(asked.map((event) => event.role))]) {
    const texts = readdirSync(folder)
      .filter((name) => name.includes(`.${role}.`) && name.endsWith(".request.md"))
      .map((name) => readFileSync(join(folder, name), "utf8").replace(/^---\n[\s\S]*?\n---\n/, ""));
    const dropped = asked.filter((event) => event.role === role).flatMap((event) => event.dropped ?? []);
    const tokens = texts.map(countTokens);
    row(
      context ?? "unknown",
      landed,
      role,
      texts.length,
      tokens.reduce((sum, one) => sum + one, 0),
      Math.max(0, ...tokens),
      dropped
        .filter((name) => name.endsWith("(left out)"))
        .map((name) => name.slice(0, -11))
        .join("; "),
      dropped
        .filter((name) => name.endsWith("(shortened)"))
        .map((name) => name.slice(0, -12))
        .join("; "),
    );
  }
  return target;
}

async function looks(target) {
  const { openGit } = await load("adapters/git/system/open-git.js");
  const { openRetrieval } = await load("adapters/retrieval/local/open-retrieval.js");
  const opened = await openGit({ root: target.dir, stateDir: join(target.dir, ".millwright"), submodules: "empty" });
  const profile = {
    manifests: [],
    suites: [{ name: "t", runner: "node-test", version: "", dir: ".", tests: ["test/*.test.js"], infrastructure: [] }],
  };
  const { tree } = await opened.git.resolve("HEAD");
  const time = async (work) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  const question = (text) => ({
    tree,
    indexed: tree,
    paths: ["src/voucher-rates.js"],
    purpose: "code",
    text,
    room: 6000,
  });
  const cold = { outline: [], index: [] };
  let retrieval;
  for (let round = 0; round < 3; round++) {
    retrieval = openRetrieval({ git: opened.git, profile });
    cold.outline.push(await time(() => retrieval.outline(tree)));
    cold.index.push(await time(() => retrieval.related(question("voucher priceOf rate1"))));
  }
  const warm = [];
  for (let round = 0; round < 20; round++)
    warm.push(
      await time(() => retrieval.related(question(`group ${NAMES[round % 10]} rows and cancel priceOf ${round}`))),
    );
  row("reading every file for the map, first time", COUNT, median(cold.outline));
  row("the index and the first look", COUNT, median(cold.index));
  row("a look, warm", COUNT, median(warm));
  await opened.close();
}

row("context", "outcome", "role", "questions", "tokens", "largest question", "left out", "shortened");
let last;
for (const context of [8192, 16_384, 32_768, undefined]) {
  last?.remove();
  last = await measure(context);
}
row("look", "files", "median ms");
await looks(last);
last.remove();
console.log(
  "# a script stands in the model's place; its largest question is what the mill sent, whatever the model would do with it",
);
