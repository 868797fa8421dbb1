/** Generated wikis with and without faults: see bench/wiki-lint.mjs. */
import { createHash } from "node:crypto";

/** A small generator with a seed (mulberry32): the corpus is the same on every machine. */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const FIRST =
  "amber birch cedar delta ember fjord grove heron indigo jasper kestrel lumen maple nimbus ochre pewter quartz raven sable tundra".split(
    " ",
  );
const LAST = "ledger parcel voucher tariff consignment invoice shipment rebate manifest quota".split(" ");
const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const title = (words) => words.map((word) => word[0].toUpperCase() + word.slice(1)).join(" ");

/** The pages, linked in a ring, and the index. */
function writePages(files, pages) {
  for (const [at, page] of pages.entries()) {
    const other = pages[(at + 1) % pages.length];
    files.set(
      page.path,
      [
        `# ${page.title}`,
        "",
        `What \`${page.camel}(input)\` answers is said in \`${page.code}:3-8\`, and its name in \`${page.code}#${page.camel}\`.`,
        "",
        `## Rules`,
        "",
        `It comes before [[${other.title}]], and there is a [rule](../${other.path.slice(5)}#rules) for both.`,
        "",
      ].join("\n"),
    );
  }
  const list = (folder) =>
    pages
      .filter(({ path }) => path.includes(folder))
      .map(({ path, title: name }) => `- [${name}](${path.slice(5)}): one sentence.`);
  files.set(
    "wiki/index.md",
    [
      "# Index",
      "",
      "## Domain",
      "",
      ...list("10_DOMAIN"),
      "",
      "## System",
      "",
      ...list("20_SYSTEM"),
      "",
      "- [Storage](20_SYSTEM/decisions/0001-storage.md): a decision.",
      "",
    ].join("\n"),
  );
}

/** A wiki without faults: files now, and what cited files were when the pages were written. */
export function cleanWiki(next) {
  const pick = (from) => from[Math.floor(next() * from.length)];
  const names = new Set();
  while (names.size < 6) names.add(`${pick(FIRST)} ${pick(LAST)}`);
  const subjects = [...names].map((name) => name.split(" "));
  const files = new Map();
  const pages = subjects.map(([first, last], at) => {
    const camel = `${first}${title([last])}`;
    const code = `src/${first}-${last}.ts`;
    const body = Array.from(
      { length: 4 },
      (_, line) => `  const step${line} = input + ${Math.floor(next() * 900) + 100};`,
    );
    files.set(
      code,
      [
        `// ${first}`,
        "",
        `export function ${camel}(input: number) {`,
        ...body,
        "  return step0;",
        "}",
        "",
        "export const LIMIT = 7;",
        "",
      ].join("\n"),
    );
    const folder = at % 2 === 0 ? "10_DOMAIN" : "20_SYSTEM";
    return { path: `wiki/${folder}/${first}-${last}.md`, title: title([first, last]), camel, code };
  });
  writePages(files, pages);
  files.set("wiki/00_SCHEMA.md", "# How this wiki is kept\n\nSee `src/file.ts:10-20`.\n");
  files.set("wiki/log.md", "# Log\n\n## [2026-01-02] init | The wiki begins\n\n## [2026-02-03] ingest | Notes\n");
  files.set("plans/2026-02-storage.md", "a plan\n");
  files.set(
    "wiki/20_SYSTEM/decisions/0001-storage.md",
    "---\nplan: plans/2026-02-storage.md\n---\n# 0001. Storage\n\nWe keep files.\n",
  );
  const note = `Notes of ${pages[0].title}.\r\nThe limit is seven.\r\n`;
  files.set("wiki/sources/notes.md", note);
  files.set(
    pages[0].path,
    `---\nsources:\n  - wiki/sources/notes.md sha256:${sha256(note)}\n---\n${files.get(pages[0].path)}`,
  );
  return { files, before: new Map(files), pages, pick };
}

const change = (wiki, path, how) => wiki.files.set(path, how(wiki.files.get(path)));
const append = (wiki, page, text) => change(wiki, page.path, (old) => `${old}\n${text}\n`);

/** What has to be named, once the change is made. */
const after = (_change, path) => path;

/** Faults by kind: each changes the wiki and answers the path that has to be named. */
export const FAULTS = {
  orphan: {
    "page without links": (wiki, page) => {
      for (const path of wiki.files.keys())
        if (path.startsWith("wiki/") && path !== page.path)
          change(wiki, path, (old) =>
            old
              .split("\n")
              .filter((line) => !line.includes(page.path.slice(5)) && !line.includes(`[[${page.title}]]`))
              .join("\n"),
          );
      for (const other of wiki.pages)
        change(wiki, other.path, (old) => (/## Rules\s*$/.test(old) ? `${old.trimEnd()}\n\nIt stands alone.\n` : old));
      return page.path;
    },
  },
  "dead-link": {
    "page that is gone": (wiki, page) => after(append(wiki, page, "See [this](gone.md) too."), page.path),
    "heading that is gone": (wiki, page) =>
      after(append(wiki, page, `See [this](${page.path.split("/").at(-1)}#nowhere) too.`), page.path),
    "file that is gone": (wiki, page) => after(append(wiki, page, "It is in `src/gone.ts:4`."), page.path),
    "lines beyond the end": (wiki, page) => after(append(wiki, page, `It is in \`${page.code}:90-95\`.`), page.path),
    "name that was never there": (wiki, page) =>
      after(append(wiki, page, `It is in \`${page.code}#neverThere\`.`), page.path),
  },
  "missing-page": {
    "name in brackets": (wiki, page) => after(append(wiki, page, "It needs a [[Phantom Docket]]."), page.path),
    "term of two pages": (wiki, page) => {
      const two = [page, wiki.pages[(wiki.pages.indexOf(page) + 2) % wiki.pages.length]];
      for (const one of two) append(wiki, one, "The **Granite Clause** holds here.");
      return two.map(({ path }) => path).sort()[0];
    },
  },
  "missing-reference": {
    "title without a link": (wiki, page) => {
      const other = wiki.pages[(wiki.pages.indexOf(page) + 3) % wiki.pages.length];
      append(wiki, page, `A ${other.title.toLowerCase()} is like it.`);
      return page.path;
    },
  },
  "stale-claim": {
    "line that changed": (wiki, page) =>
      after(
        change(wiki, page.code, (old) => old.replace("const step1 = input +", "const step1 = input -")),
        page.path,
      ),
    "lines that moved": (wiki, page) =>
      after(
        change(wiki, page.code, (old) => `// new\n// lines\n${old}`),
        page.path,
      ),
    "name whose body changed": (wiki, page) =>
      after(
        change(wiki, page.code, (old) => old.replace("return step0", "return step3")),
        page.path,
      ),
  },
  "data-gap": {
    "section without words": (wiki, page) => after(append(wiki, page, "## Errors"), page.path),
    "something left open": (wiki, page) => after(append(wiki, page, "TODO: say what happens at zero."), page.path),
    "name that no cited file has": (wiki, page) =>
      after(append(wiki, page, "Then `phantomCall()` is made."), page.path),
    "source that nobody uses": (wiki) =>
      after(wiki.files.set("wiki/sources/unused.txt", "words\n"), "wiki/sources/unused.txt"),
    "source that changed": (wiki) =>
      after(
        change(wiki, "wiki/sources/notes.md", (old) => `${old}More.\n`),
        wiki.pages[0].path,
      ),
  },
  schema: {
    "entry of the log without a kind": (wiki) =>
      after(
        change(wiki, "wiki/log.md", (old) => `${old}\n## [2026-03-01] Something\n`),
        "wiki/log.md",
      ),
    "entry before an older one": (wiki) =>
      after(
        change(wiki, "wiki/log.md", (old) => `${old}\n## [2025-12-31] run | Late\n`),
        "wiki/log.md",
      ),
    "two titles": (wiki, page) => after(append(wiki, page, "# Another\n\nWords."), page.path),
    "page that the index lacks": (wiki, page) =>
      after(
        change(wiki, "wiki/index.md", (old) =>
          old
            .split("\n")
            .filter((line) => !line.includes(page.path.slice(5)))
            .join("\n"),
        ),
        page.path,
      ),
  },
  decision: {
    "without a plan": (wiki) =>
      after(
        change(wiki, "wiki/20_SYSTEM/decisions/0001-storage.md", (old) => old.replace(/^---[\s\S]*?---\n/, "")),
        "wiki/20_SYSTEM/decisions/0001-storage.md",
      ),
    "plan that is not there": (wiki) =>
      after(
        change(wiki, "wiki/20_SYSTEM/decisions/0001-storage.md", (old) => old.replace("02-storage", "02-gone")),
        "wiki/20_SYSTEM/decisions/0001-storage.md",
      ),
  },
};

/** Changes that nobody has to hear of. */
export const HARMLESS = [
  (wiki, page) => change(wiki, page.code, (old) => old.replaceAll("  const", "\tconst")),
  (wiki, page) => change(wiki, page.code, (old) => `${old}\nexport const LATER = 1;\n`),
  (wiki, page) => change(wiki, page.code, (old) => old.replaceAll("\n", "\r\n")),
  (wiki, page) => append(wiki, page, "```ts\nsee [[Nothing]] and [no](gone.md)\n```"),
  (wiki, page) => append(wiki, page, "See <https://example.org/a.md> and [there](https://example.org/x#y)."),
  (wiki, page) => append(wiki, page, "**Only Here** it is strong; `and/or` and `a.b` are no files."),
  (wiki, page) => change(wiki, page.path, (old) => old.replaceAll("\n", "\r\n")),
];
