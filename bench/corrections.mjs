/**
 * What corrections cost, and whether they leave right files alone:
 *
 *   node bench/corrections.mjs [how many right files of each language] [rounds]
 *
 * `time`: one proposal of two files with 0, 10 and 50 corrections that are on; `none` has no word of them in it, `every`
 * has something for each. `right files`: installed sources (node_modules, Debian's packages, our own) that somebody has
 * tested; whatever a correction changes there is a false change, wherever its `files` let it look (`own files`) and as if they
 * were `**` (`anywhere`). `idempotent`: what was corrected is corrected again: examples, right files, and files with the mistakes
 * of both bench projects.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load, median, quantile, root, row } from "./kit/house.mjs";
import { GENERIC, synthetic } from "./kit/many-corrections.mjs";
import { ROLES, waysOf } from "./todo/maker.mjs";

const [wanted = "1500", rounds = "40"] = process.argv.slice(2);
const { parseCorrection, printCorrection } = await load("domain/correction-text.js");
const { correctionLanguage } = await load("domain/correction-path.js");
const { correctWith, corrected } = await load("adapters/corrections/local/correct-with.js");

function parsed(text, path) {
  const read = parseCorrection(text, path);
  if (read.kind === "problems") throw new Error(`${path}: ${JSON.stringify(read.problems)}`);
  return read.correction;
}

const inFolder = (folder) =>
  readdirSync(join(root, folder)).map((name) =>
    parsed(readFileSync(join(root, folder, name), "utf8"), `corrections/${name}`),
  );
const made = (drafts) => drafts.map((draft) => parsed(printCorrection(draft), `corrections/${draft.id}.yaml`));

const SHIPPED = inFolder("examples/todo-api/corrections");
const BY_HAND = inFolder("bench/todo/corrections");
const BUILT_IN = made(GENERIC);
const SETS = { shipped: SHIPPED, "by hand": BY_HAND, "built-in forms": BUILT_IN };

function filesBelow(dir, ending, most) {
  const found = [];
  const folders = [dir];
  while (folders.length > 0 && found.length < most) {
    const folder = folders.shift();
    const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !/^(__pycache__|\.git|tmp)$/.test(entry.name)) folders.push(path);
      if (entry.isFile() && ending.test(entry.name)) found.push(path);
    }
  }
  return found;
}

/** Every n-th file, so that no package has all the say. */
function sampled(paths) {
  const step = Math.max(1, Math.floor(paths.length / Number(wanted)));
  const some = paths.filter((_, at) => at % step === 0).slice(0, Number(wanted));
  return some.map((path) => [path, readFileSync(path, "utf8")]).filter(([, text]) => text.length < 200_000);
}

/** Right files by language. */
const corpus = () => ({
  python: sampled(filesBelow("/usr/lib/python3", /\.py$/, 20_000)),
  javascript: sampled(filesBelow(join(root, "node_modules"), /\.[cm]?js$/, 30_000)),
  typescript: [
    ...sampled(filesBelow(join(root, "src"), /\.ts$/, 5000)),
    ...sampled(filesBelow(join(root, "node_modules"), /\.[cm]?ts$/, 30_000)),
  ],
});

/** As a proposal would name it: below the folders that the corrections look into. */
const placed = (name, path) => `${/test/i.test(name) ? "tests/test_" : "app/"}${path.replace(/[^\w.]+/g, "_")}`;

async function changesIn(corrections, [path, text], anywhere) {
  const own = placed(path, path);
  const ground = { tree: "", tools: undefined, ...(anywhere ? { anywhere: true } : {}) };
  const { files, applied, notes } = await corrected(corrections, [{ path: own, base: undefined, after: text }], ground);
  return { own, after: files[0]?.after ?? text, applied, notes };
}

async function rightFiles() {
  row(
    "right files",
    "language",
    "corrections",
    "where",
    "files",
    "changed",
    "share",
    "by",
    "not idempotent",
    "left out",
  );
  for (const [language, files] of Object.entries(corpus()))
    for (const [name, set] of Object.entries(SETS)) {
      const own = set.filter(({ languages }) => languages.includes(language));
      if (own.length === 0) continue;
      for (const anywhere of [false, true]) await oneCorpus({ language, files, name, own, anywhere });
    }
}

async function oneCorpus({ language, files, name, own, anywhere }) {
  const by = new Map();
  let [changed, restless, left] = [0, 0, 0];
  for (const [path, text] of files) {
    const first = await changesIn(own, [path, text], anywhere);
    left += first.notes.length;
    if (first.after === text) continue;
    changed += 1;
    for (const { correction } of first.applied) by.set(correction, (by.get(correction) ?? 0) + 1);
    const again = await changesIn(own, [path, first.after], anywhere);
    if (again.after !== first.after) restless += 1;
    if (process.env.BENCH_TELL) console.error(path, [...first.applied.map(({ correction }) => correction)].join());
  }
  const words = [...by].map(([id, count]) => `${id} ${count}`).join("; ");
  const share = `${((100 * changed) / Math.max(1, files.length)).toFixed(2)} %`;
  const where = anywhere ? "anywhere" : "own files";
  row("right files", language, `${name} (${own.length})`, where, files.length, changed, share, words, restless, left);
}

const PYTHON = (words) =>
  `from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n${Array.from({ length: 30 }, (_, at) => `@router.get("/things/{thing_${at}}")\ndef read_${at}(thing_${at}: int):\n    return {"id": thing_${at}, "name": "thing"}\n`).join("\n\n")}${words}`;
const SCRIPT = (words) =>
  `import { write } from "./write.js";\n\n${Array.from({ length: 30 }, (_, at) => `export function read${at}(thing) {\n  return write({ id: ${at}, thing });\n}\n`).join("\n")}${words}`;

async function times() {
  row("time", "corrections", "words", "milliseconds: median", "nine tenths", "first");
  for (const count of [0, 10, 50])
    for (const words of ["none", "every"]) {
      const { drafts, python, script } = synthetic(count);
      const { correct } = correctWith(made(drafts));
      const after = words === "every" ? [PYTHON(python), SCRIPT(script)] : [PYTHON(""), SCRIPT("")];
      const spent = [];
      for (let round = 0; round <= Number(rounds); round++) {
        const text = (one) => `${one}\n${"\n".repeat(round % 3)}`;
        const start = performance.now();
        await correct(
          [
            { path: "app/routes.py", base: undefined, after: text(after[0]) },
            { path: "app/routes.js", base: undefined, after: text(after[1]) },
          ],
          "",
        );
        spent.push(performance.now() - start);
      }
      const [first, ...warm] = spent;
      row("time", count, words, median(warm), quantile(warm, 0.9), first);
    }
}

/** Answers of both bench projects with each mistake in them: what the corrections are for. */
async function mistaken() {
  const texts = [...(await ofTodo()), ...(await ofSecond())];
  return [...new Map(texts.map(([path, text]) => [`${path}\n${text}`, [path, text]])).values()];
}

async function ofTodo() {
  const { project } = await import("./todo/project.mjs");
  const landed = new Set();
  const base = new Set();
  const texts = [];
  for (const task of project.tasks) {
    const context = { landed: new Set(landed), base: new Set(base), task };
    const pairs = ROLES.flatMap((role) => project.mistakes.map((mistake) => [role, mistake]));
    for (const [role, mistake] of pairs) {
      const honest = project.honest(task, role, context);
      for (const way of waysOf(mistake, role, honest, context)) texts.push(...Object.entries(way(honest, context)));
    }
    landed.add(task);
    for (const path of project.paths(task)) base.add(path);
  }
  return texts;
}

async function ofSecond() {
  const second = await import("./second-project/index.mjs");
  const pairs = second.tasks.flatMap(({ id }) => second.mistakes.map((mistake) => [id, mistake]));
  return pairs.flatMap(([id, mistake]) => {
    const reply = mistake.apply(second.reference(id, mistake.role));
    const files = [...reply.matchAll(/^### FILE (\S+)\n(`{3,})\w*\n([\s\S]*?)\n\2$/gm)];
    return files.map(([, path, , text]) => [path, `${text}\n`]);
  });
}

async function idempotence() {
  row("idempotent", "what", "texts", "changed", "changed again the second time");
  const all = { ...SETS, "shipped and by hand": [...SHIPPED, ...BY_HAND] };
  const texts = (await mistaken()).filter(([path]) => correctionLanguage(path) !== undefined);
  for (const [name, set] of Object.entries(all)) {
    const examples = set.flatMap(({ examples, languages }) =>
      [...examples.valid, ...examples.invalid].map(
        ({ path = languages[0] === "python" ? "app/x.py" : "src/x.js", text }) => [path, text ?? ""],
      ),
    );
    await twice(`${name}: examples`, set, examples, true);
    await twice(`${name}: mistakes of both projects`, set, texts, false);
  }
}

async function twice(what, set, texts, anywhere) {
  let [changed, restless] = [0, 0];
  const ground = { tree: "", tools: undefined, ...(anywhere ? { anywhere: true } : {}) };
  for (const [path, text] of texts) {
    const once = (await corrected(set, [{ path, base: undefined, after: text }], ground)).files[0]?.after;
    if (once !== text) changed += 1;
    const again = (await corrected(set, [{ path, base: undefined, after: once }], ground)).files[0]?.after;
    if (again !== once) restless += 1;
  }
  row("idempotent", what, texts.length, changed, restless);
}

await times();
await idempotence();
await rightFiles();
