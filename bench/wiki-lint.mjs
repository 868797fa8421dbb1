/**
 * Wiki lint on generated wikis with planted faults, as CSV on standard output:
 * kind,fault,planted,found,share found,false alarms of the kind,wikis
 *
 *   node bench/wiki-lint.mjs [wikis]     (default 300)
 *
 * Each wiki has its own code, pages, links, citations, sources, decisions and log, drawn from a seeded generator, and none to six
 * faults, one of a kind at most. Half of the wikis also have harmless changes that must not alarm: spaces in cited lines, code that moved beside the
 * cited lines, Windows line ends, links in code, external addresses, terms that one page emphasises. A fault counts as
 * found when a finding of its kind names its page; whatever is left over is a false alarm of its kind. No model is asked:
 * contradictions are planted as a librarian's answers, half of them with a quotation that is not there, which must be dropped.
 */
import { load } from "./kit/house.mjs";
import { cleanWiki, FAULTS, HARMLESS, random } from "./kit/wiki-corpus.mjs";

const wikis = Number(process.argv[2] ?? 300);
const { readPage } = await load("domain/wiki/read-page.js");
const { pathsNeeded } = await load("domain/wiki/wiki-page.js");
const { kindOfPage } = await load("domain/wiki/wiki-paths.js");
const { lintWiki } = await load("domain/wiki/lint.js");
const { readContradictions } = await load("domain/wiki/librarian.js");

function lint({ files, before }) {
  const paths = [...files.keys()].sort();
  const pages = paths.filter((path) => kindOfPage(path) !== undefined).map((path) => readPage(path, files.get(path)));
  const texts = Object.fromEntries(pathsNeeded(pages, paths).map((path) => [path, files.get(path)]));
  const written = new Map(
    pages.map(({ path }) => [path, { commit: "0123456789ab", texts: Object.fromEntries(before) }]),
  );
  return lintWiki({ pages, paths, texts, written, older: new Set() });
}

const counts = new Map();
const alarms = new Map();
const kinds = Object.keys(FAULTS);
const all = kinds.flatMap((kind) => Object.keys(FAULTS[kind]).map((fault) => [kind, fault]));
for (const [kind, fault] of all) counts.set(`${kind},${fault}`, { planted: 0, found: 0 });

let examples = 0;
for (let seed = 1; seed <= wikis; seed++) {
  const next = random(seed);
  const wiki = cleanWiki(next);
  if (seed % 2 === 0) for (const harmless of HARMLESS) if (next() < 0.4) harmless(wiki, wiki.pick(wiki.pages));
  const planted = [];
  const free = [...wiki.pages];
  for (let left = Math.floor(next() * 7); left > 0 && free.length > 0; left--) {
    const [kind, fault] = all[Math.floor(next() * all.length)];
    const [page] = free.splice(Math.floor(next() * free.length), 1);
    if (planted.some((one) => one.kind === kind)) continue;
    planted.push({ kind, fault, page });
  }
  // What takes links away comes first, so that it takes away none of another fault.
  planted.sort((one, two) => (one.kind === "orphan" ? 0 : 1) - (two.kind === "orphan" ? 0 : 1));
  for (const one of planted) one.path = FAULTS[one.kind][one.fault](wiki, one.page);
  const findings = [...lint(wiki)];
  for (const { kind, fault, path } of planted) {
    const count = counts.get(`${kind},${fault}`);
    count.planted++;
    const at = findings.findIndex((one) => one.kind === kind && one.path === path);
    if (at < 0) continue;
    count.found++;
    // One fault may be told by two findings: a line and the name around it.
    for (let more = findings.length - 1; more >= 0; more--) {
      const one = findings[more];
      if (one.kind === kind && one.path === path) findings.splice(more, 1);
    }
  }
  for (const one of findings) {
    const hidden = planted.some(({ kind, path }) => kind === one.kind && path === one.path);
    if (hidden) continue;
    alarms.set(one.kind, (alarms.get(one.kind) ?? 0) + 1);
    if (process.env.SHOW && examples++ < 20)
      console.error(
        seed,
        planted.map(({ kind, fault }) => `${kind}/${fault}`).join("; "),
        "->",
        one.kind,
        one.path,
        one.message,
      );
  }
}

const shown = [
  { path: "wiki/10_DOMAIN/a.md", text: "# A\n\nPrices are rounded to whole cents, always upwards.\n" },
  { path: "wiki/10_DOMAIN/b.md", text: "# B\n\nA price is rounded to the nearest cent.\n" },
];
const quotes = [
  ["always upwards", "rounded to the nearest cent"],
  ["always downwards", "rounded to the nearest cent"],
];
const judged = { planted: 0, found: 0, wrong: 0 };
for (const [here, there] of quotes) {
  const reply = JSON.stringify({
    contradictions: [
      { about: "rounding", one: { path: shown[0].path, quote: here }, other: { path: shown[1].path, quote: there } },
    ],
  });
  const read = readContradictions(reply, shown);
  const isTrue = shown[0].text.includes(here);
  if (isTrue) judged.planted++;
  if (isTrue && read.reply.findings.length === 1) judged.found++;
  if (!isTrue) judged.wrong += read.reply.findings.length;
}

console.log("kind,fault,planted,found,share found,false alarms of the kind,wikis");
for (const [kind, fault] of all) {
  const { planted, found } = counts.get(`${kind},${fault}`);
  console.log(
    [kind, fault, planted, found, (found / Math.max(1, planted)).toFixed(3), alarms.get(kind) ?? 0, wikis].join(","),
  );
}
console.log(
  [
    "contradiction",
    "quotations (no model)",
    judged.planted,
    judged.found,
    (judged.found / judged.planted).toFixed(3),
    judged.wrong,
    1,
  ].join(","),
);
const other = [...alarms].filter(([kind]) => !kinds.includes(kind));
for (const [kind, number] of other) console.log([kind, "none", 0, 0, "", number, wikis].join(","));
