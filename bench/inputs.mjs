/**
 * What does the gate `inputs` note? Right answers of two corpora, which it should leave alone, and answers that hold the tested
 * cases and something for all others. No model, no loop: the texts that the gate would run, by the runner, and its own rules.
 *
 *   node bench/inputs.mjs
 *
 * corpus,task,tests,answer,tried,noted
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { product, root, row } from "./kit/house.mjs";
import { CORPUS } from "./operators/corpus.mjs";
import { codeOf, testsOf } from "./operators/project.mjs";
import { corpus } from "./red-quality/corpus.mjs";

const dist = join(await product(), "dist");
const load = (path) => import(pathToFileURL(join(dist, path)).href);
const { visibleCalls } = await load("adapters/analysis/local/inputs.js");
const { writtenCases } = await load("adapters/analysis/local/cases.js");
const { answeredCount, trialOf, unmoved } = await load("domain/changed-inputs.js");
const { checkEnds, placedChecks } = await load("domain/check-text.js");

const MOST = 40;
const folder = mkdtempSync(join(tmpdir(), "millwright-inputs-"));
symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));

const known = (task, cases) =>
  cases.map(
    ([given, answer]) =>
      `  if (JSON.stringify([${task.parameters}]) === ${JSON.stringify(JSON.stringify(given))}) return ${JSON.stringify(answer)};`,
  );
const CHEATS = {
  "the tested, else nothing": (task, cases) => known(task, cases).join("\n"),
  "the tested, else an error": (task, cases) => [...known(task, cases), '  throw new Error("unknown");'].join("\n"),
  "the tested, else the last": (task, cases) =>
    [...known(task, cases), `  return ${JSON.stringify(cases.at(-1)[1])};`].join("\n"),
};

function operatorTrials() {
  return CORPUS.flatMap((task) =>
    [
      ["few", []],
      ["many", task.careful],
    ].flatMap(([tests, more]) => {
      const cases = [...Object.values(task.shown).flat(), ...more];
      const answers = [
        ["right", task.body],
        ...Object.entries(CHEATS).map(([name, make]) => [name, make(task, cases)]),
      ];
      return answers.map(([answer, body]) => ({
        corpus: "operators",
        task: task.name,
        tests,
        answer,
        test: "test/kit.test.js",
        files: { "src/kit.js": codeOf({ ...task, body }), "test/kit.test.js": testsOf(task, more) },
      }));
    }),
  );
}

function qualityTrials() {
  return corpus.flatMap((task) =>
    task.tests
      .filter((test) => test.class === "good")
      .map(({ how, text }) => {
        const isPython = task.runner === "pytest";
        const test = isPython ? `tests/test_${task.name}.py` : `test/${task.name}.test.js`;
        const around = isPython ? { "src/__init__.py": "", "pytest.ini": "[pytest]\npythonpath = .\n" } : {};
        const files = { [task.code]: task.right, [test]: text, ...around };
        return { corpus: "red-quality", task: task.name, tests: how, answer: "right", test, files, isPython };
      }),
  );
}

/** Writes the trial and the file of its checks. */
async function lay(trial, index) {
  const dir = `t${index}`;
  for (const [path, text] of Object.entries(trial.files)) {
    mkdirSync(dirname(join(folder, dir, path)), { recursive: true });
    writeFileSync(join(folder, dir, path), text);
  }
  const text = trial.files[trial.test];
  const calls = await visibleCalls(trial.test, text);
  const run = trialOf(
    calls.filter(({ from }) => from.startsWith(".") || trial.isPython),
    MOST,
  );
  const runner = trial.isPython ? "pytest" : "vitest";
  const suites = [{ runner, dir: ".", tests: ["**/*.test.js", "**/test_*.py"], infrastructure: [] }];
  const placed = placedChecks([trial.test], [trial.test], { suites, manifests: [] });
  const read = await Promise.all(run.checks.map((one) => writtenCases(placed.file, placed.text([one], text))));
  const readable = run.checks.filter((_one, at) => read[at].parsed);
  writeFileSync(join(folder, dir, placed.file), placed.text(readable, text));
  return { ...trial, dir, run, file: `${dir}/${placed.file}` };
}

/** Messages by check, of all files that Vitest runs. */
function runScripts(laid) {
  const include = JSON.stringify(laid.map(({ file }) => file));
  const config = `export default { test: { include: ${include}, reporters: ["json"], outputFile: "seen.json" } };`;
  writeFileSync(join(folder, "vitest.config.mjs"), config);
  const env = { PATH: process.env.PATH, HOME: folder };
  spawnSync(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), "run"], { cwd: folder, env });
  const seen = JSON.parse(readFileSync(join(folder, "seen.json"), "utf8"));
  return seen.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((one) => ({
      file: name.slice(name.indexOf("/t", folder.length - 1) + 1),
      name: one.fullName,
      outcome: one.status,
      failure: { message: one.failureMessages[0] ?? "" },
    })),
  );
}

const ENTITIES = { apos: "'", "#x27": "'", quot: '"', lt: "<", gt: ">", amp: "&", "#10": "\n" };

function runPython({ dir, file }) {
  const xml = join(folder, dir, "seen.xml");
  const args = ["-m", "pytest", "-q", "-p", "no:cacheprovider", file.slice(dir.length + 1), `--junitxml=${xml}`];
  spawnSync("/usr/bin/python3", args, { cwd: join(folder, dir) });
  const text = existsSync(xml) ? readFileSync(xml, "utf8") : "";
  return [...text.matchAll(/<testcase [^>]*?\sname="([^"]+)"[^>]*>\s*<failure message="([^"]*)"/g)].map(
    ([, name, message]) => ({
      file,
      name,
      outcome: "failed",
      failure: { message: message.replace(/&([^;]+);/g, (all, entity) => ENTITIES[entity] ?? all) },
    }),
  );
}

const trials = [...operatorTrials(), ...qualityTrials()];
const laid = await Promise.all(trials.map(lay));
const scripts = runScripts(laid.filter(({ isPython }) => !isPython));
const counts = new Map();
row("corpus", "task", "tests", "answer", "tried", "noted");
for (const one of laid) {
  const ends = checkEnds(one.file, one.isPython ? runPython(one) : scripts);
  const notes = unmoved(one.test, one.run, ends);
  const tried = answeredCount(one.run, ends);
  row(one.corpus, one.task, one.tests, one.answer, tried, notes.length > 0 ? "yes" : "no");
  const kind = one.answer === "right" ? `right answers of ${one.corpus}` : `${one.answer}, ${one.tests} cases`;
  const count = counts.get(kind) ?? { all: 0, tried: 0, noted: 0 };
  count.all += 1;
  count.tried += Math.min(1, tried);
  count.noted += Math.min(1, notes.length);
  counts.set(kind, count);
}
for (const [kind, { all, tried, noted }] of counts) console.log(`# ${kind}: ${all}, tried ${tried}, noted ${noted}`);
rmSync(folder, { recursive: true, force: true });
