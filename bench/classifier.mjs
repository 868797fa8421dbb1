/**
 * The classifier of failures on outputs that are made here by running what fails, as CSV on standard output:
 * kind,half,what,number,right,share,confidence,note
 *
 *   node bench/classifier.mjs [words]
 *
 * Each category is split in two by the digest of the case's name. On `calibration` the confidences are measured, (right + 1) /
 * (number + 2); they are what src/domain/failure-text.ts ships. `check` is the other half: nothing was tuned to it. `published` is
 * the table of patterns and confidences that the seed's own tool has published, on the same outputs. With `words`, the wrong ones
 * of the calibration half are shown with their output.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { FAILURES } from "./kit/failures.mjs";
import { load, root, row } from "./kit/house.mjs";

const { CATEGORIES, recognise } = await load("domain/failure-text.js");
const showsWords = process.argv[2] === "words";
const home = realpathSync(mkdtempSync(join(tmpdir(), "millwright-failures-")));
chmodSync(home, 0o755);

const python = ["python3", "/usr/bin/python3"].find(
  (one) => spawnSync(one, ["-m", "pytest", "--version"]).status === 0,
);
const isRoot = process.getuid?.() === 0;
const tools = {
  NODE: process.execPath,
  VITEST: `${process.execPath} ${join(root, "node_modules/vitest/vitest.mjs")}`,
  TSC: `${process.execPath} ${join(root, "node_modules/typescript/bin/tsc")}`,
  PY: python ?? "python3",
  PYTEST: `${python} -m pytest -p no:cacheprovider`,
  NOBODY: isRoot ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : "",
};
const canRun = ({ run }) => python !== undefined || !/\$PY/.test(run);

/** The published patterns, in their order. */
const PUBLISHED = [
  ["command-missing", 0.94, /command not found|is not recognized as an internal or external command/i],
  ["python-module-missing", 0.88, /ModuleNotFoundError|No module named/i],
  ["node-module-missing", 0.84, /Cannot find module/i],
  ["permission", 0.82, /permission denied|EACCES/i],
  ["path", 0.79, /No such file or directory|ENOENT/i],
  ["timeout", 0.68, /timed out|timeout|ETIMEDOUT/i],
  ["assertion", 0.62, /AssertionError|failed|failures/i],
];

function published(text) {
  const found = PUBLISHED.find(([, , pattern]) => pattern.test(text));
  return { category: found?.[0] ?? "unknown", confidence: found?.[1] ?? 0.35 };
}

/** What a case writes, to both streams in the order of writing. */
async function outputOf({ run, files }, index) {
  const dir = join(home, String(index));
  mkdirSync(dir);
  chmodSync(dir, 0o777);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  if (/VITEST|TSC/.test(run)) symlinkSync(join(root, "node_modules"), join(dir, "node_modules"));
  const env = { PATH: process.env.PATH, HOME: home, LANG: "C", NO_COLOR: "1", PYTHONDONTWRITEBYTECODE: "1", ...tools };
  const child = spawn("bash", ["-c", `exec 2>&1\n${run}`], { cwd: dir, env, stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (piece) => {
    text += piece;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  chmodSync(dir, 0o777);
  return { text: text.slice(-20_000), code };
}

const digest = (name) => createHash("sha256").update(name).digest("hex");

/** Every second case of a category, in the order of their names' digests, is for calibration. */
function halved(cases) {
  return CATEGORIES.flatMap((label) =>
    cases
      .filter((one) => one.label === label)
      .sort((a, b) => (digest(a.name) < digest(b.name) ? -1 : 1))
      .map((one, index) => ({ ...one, half: index % 2 === 0 ? "calibration" : "check" })),
  );
}

async function main() {
  const seen = [];
  for (const [index, one] of FAILURES.entries()) {
    if (!canRun(one)) {
      console.log(`# not run, because pytest is missing: ${one.name}`);
      continue;
    }
    const { text, code } = await outputOf(one, index);
    if (code === 0) console.log(`# left out, because it did not fail here: ${one.label}, ${one.name}`);
    else seen.push({ ...one, text, said: recognise(text), table: published(text) });
  }
  report(halved(seen));
}

function report(cases) {
  const [calibration, check] = ["calibration", "check"].map((half) => cases.filter((one) => one.half === half));
  row("kind", "half", "what", "number", "right", "share", "confidence", "note");
  for (const [half, some] of [
    ["calibration", calibration],
    ["check", check],
  ]) {
    score("ours", half, some, (one) => one.said);
    score("published", half, some, (one) => one.table);
  }
  for (const by of [...new Set(cases.map((one) => one.said.by))].sort()) {
    const own = calibration.filter((one) => one.said.by === by);
    const other = check.filter((one) => one.said.by === by);
    line(
      "calibration",
      by,
      own,
      `confidence by (right + 1) / (number + 2): ${((right(own) + 1) / (own.length + 2)).toFixed(2)}`,
    );
    line("check", by, other, "");
  }
  for (const label of CATEGORIES) {
    const labelled = check.filter((one) => one.label === label);
    const called = check.filter((one) => one.said.category === label);
    row("recall", "check", label, labelled.length, right(labelled), share(labelled), "", "");
    row("precision", "check", label, called.length, right(called), share(called), "", "");
  }
  for (const one of cases.filter((each) => each.said.category !== each.label)) {
    row(
      "wrong",
      one.half,
      one.name,
      1,
      0,
      "",
      one.said.confidence.toFixed(2),
      `${one.label}; said ${one.said.category} by ${one.said.by}`,
    );
    if (showsWords && one.half === "calibration") console.error(`--- ${one.label}: ${one.name}\n${one.text}\n`);
  }
}

const isRight = (one) => one.said.category === one.label;
const right = (some) => some.filter(isRight).length;
const share = (some) => (some.length === 0 ? "" : (right(some) / some.length).toFixed(3));

function line(half, what, some, note) {
  row("rule", half, what, some.length, right(some), share(some), some[0]?.said.confidence.toFixed(2) ?? "", note);
}

/** Accuracy; mean confidence; the Brier score; the mean distance of confidence and share, by confidence. */
function score(what, half, some, of) {
  const hits = some.map((one) => ({ hit: of(one).category === one.label ? 1 : 0, confidence: of(one).confidence }));
  const mean = (all, value) => all.reduce((sum, one) => sum + value(one), 0) / Math.max(1, all.length);
  const groups = Map.groupBy ? Map.groupBy(hits, ({ confidence }) => confidence) : grouped(hits);
  const distance = [...groups].reduce(
    (sum, [confidence, all]) => sum + (all.length / hits.length) * Math.abs(confidence - mean(all, ({ hit }) => hit)),
    0,
  );
  const brier = mean(hits, ({ hit, confidence }) => (hit - confidence) ** 2);
  const number = hits.reduce((sum, { hit }) => sum + hit, 0);
  const confidence = mean(hits, (one) => one.confidence).toFixed(3);
  const note = `Brier ${brier.toFixed(3)}; calibration error ${distance.toFixed(3)}`;
  row("accuracy", half, what, hits.length, number, (number / hits.length).toFixed(3), confidence, note);
}

function grouped(hits) {
  const groups = new Map();
  for (const one of hits) groups.set(one.confidence, [...(groups.get(one.confidence) ?? []), one]);
  return groups;
}

try {
  await main();
} finally {
  rmSync(home, { recursive: true, force: true });
}
