/**
 * Thirteen mutations of real edit blocks through the ladder (src/domain/edit-ladder.ts): a model's block is rarely to the
 * byte what stands in the file. `right`: the outcome that a careful person would want (the file as the block means it, or
 * a refusal where the block does not say what stands there); `refused`; `wrong`: applied, but to something else.
 *
 *   node bench/edits.mjs [blocks]
 *
 * mutation,wanted,blocks,applied right,refused,wrong,milliseconds a block
 *
 * Blocks are cut from installed sources (zod's TypeScript, Python's standard library where it is there) by a seeded draw.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load, root, row } from "./kit/house.mjs";

const BLOCKS = Number(process.argv[2] ?? 150);
const { applyEdit } = await load("domain/edit-ladder.js");

/** A small seeded generator (mulberry32): the same blocks on every run over the same sources. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
const random = seeded(20261121);
const pick = (list) => list[Math.floor(random() * list.length)];

function sources(folder, ending) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(ending) && !path.includes("locales") && !path.includes("node_modules"))
    .sort()
    .map((path) => readFileSync(join(folder, path), "utf8").replaceAll("\r\n", "\n"))
    .filter((text) => text.length > 2_000 && text.length < 200_000 && !text.includes("\t"));
}

const python = ["/usr/lib/python3.11", "/usr/lib/python3.12", "/usr/lib/python3.13"].find(existsSync) ?? "";
const files = [
  sources(join(root, "node_modules/zod/src/v4"), ".ts"),
  python === "" ? [] : sources(join(python, "asyncio"), ".py").concat(sources(join(python, "email"), ".py")),
].filter((list) => list.length > 0);

const isSame = (line, other) => line.trim() === other.trim();
const countOf = (lines, block) =>
  lines.filter((_, at) => block.every((line, offset) => isSame(line, lines[at + offset] ?? ""))).length;

/** A block of 3 to 8 lines that stands once in its file, and what it becomes: one line in its middle is changed. */
function cut() {
  for (;;) {
    const lines = pick(pick(files)).replace(/\n$/, "").split("\n");
    const size = 3 + Math.floor(random() * 6);
    const at = Math.floor(random() * (lines.length - size));
    const search = lines.slice(at, at + size);
    const middle = Math.floor(size / 2);
    const indented = search.filter((line) => line.trim() !== "");
    const usable =
      indented.length === size &&
      indented.every((line) => line.startsWith("  ")) &&
      search.every((line) => !/\s$/.test(line) && line.trim().length > 5 && /[a-z]/i.test(line)) &&
      search.some((line) => /["']/.test(line)) &&
      countOf(lines, search) === 1;
    if (!usable) continue;
    const indent = /^\s*/.exec(search[middle])[0];
    const replace =
      search.with?.(middle, `${indent}changed_line = 1`) ??
      search.map((line, n) => (n === middle ? `${indent}changed_line = 1` : line));
    return { lines, at, size, search, replace, middle };
  }
}

const unindent = (lines) => {
  const least = Math.min(...lines.map((line) => /^ */.exec(line)[0].length));
  return lines.map((line) => line.slice(least));
};
const typo = (line) => line.replace(/[A-Za-z](?=[^A-Za-z]*$)/, (letter) => (letter === "q" ? "z" : "q"));
const replaced = (lines, at, line) => lines.map((one, n) => (n === at ? line : one));
const tabbed = (line) =>
  line.replace(/^ +/, (spaces) => "\t".repeat(Math.floor(spaces.length / 2)) + " ".repeat(spaces.length % 2));
const curly = (line) => line.replace(/"([^"]*)"/g, "“$1”").replace(/'([^']*)'/g, "‘$1’");

/**
 * What a mutation makes of file, search and replace. `expected` is the file that the block means; by default the original
 * with the block replaced; undefined: only a refusal is right.
 */
const MUTATIONS = {
  exact: ({ lines, search, replace }) => ({ lines, search, replace }),
  "model adds trailing spaces": ({ lines, search, replace }) => ({
    lines,
    search: search.map((line) => `${line}  `),
    replace,
  }),
  "file has trailing spaces": ({ lines, at, size, search, replace, middle }) => {
    const dirty = lines.map((line, n) => (n >= at && n < at + size ? `${line}  ` : line));
    return { lines: dirty, search, replace, expected: replaced(dirty, at + middle, replace[middle]) };
  },
  "block outdented": ({ lines, search, replace }) => ({
    lines,
    search: unindent(search),
    replace: unindentLike(search, replace),
  }),
  "block shifted by two": ({ lines, search, replace }) => ({
    lines,
    search: search.map((line) => `  ${line}`),
    replace: replace.map((line) => `  ${line}`),
  }),
  "tabs in the file": ({ lines, at, search, replace, middle }) => {
    const inTabs = lines.map(tabbed);
    return { lines: inTabs, search, replace, expected: replaced(inTabs, at + middle, tabbed(replace[middle])) };
  },
  "typographic quotes": ({ lines, search, replace }) => ({
    lines,
    search: search.map(curly),
    replace: replace.map((line, n) => (line === search[n] ? curly(line) : line)),
  }),
  "line numbers": ({ lines, at, search, replace }) => ({
    lines,
    search: search.map((line, n) => `${at + n + 1} | ${line}`),
    replace: replace.map((line, n) => `${at + n + 1} | ${line}`),
  }),
  "CRLF file": ({ lines, search, replace }) => ({ lines, search, replace, end: "\r\n" }),
  "typo in the first line": ({ lines, search, replace }) =>
    refusal(lines, replaced(search, 0, typo(search[0])), replace),
  "typo in the middle": ({ lines, search, replace, middle }) =>
    refusal(lines, replaced(search, middle, typo(search[middle])), replace),
  "invented line": ({ lines, search, replace, middle }) =>
    refusal(lines, [...search.slice(0, middle), "    invented(line)", ...search.slice(middle)], replace),
  "stale block": ({ lines, at, search, replace, middle }) =>
    refusal(
      replaced(lines, at + middle, `${/^\s*/.exec(lines[at + middle])[0]}somebody_changed_this()`),
      search,
      replace,
    ),
};

function unindentLike(search, replace) {
  const least = Math.min(...search.map((line) => /^ */.exec(line)[0].length));
  return replace.map((line) => line.slice(least));
}

function refusal(lines, search, replace) {
  return { lines, search, replace, expected: undefined };
}

function meant(block, made) {
  if ("expected" in made) return made.expected;
  return [...block.lines.slice(0, block.at), ...block.replace, ...block.lines.slice(block.at + block.size)];
}

const blocks = Array.from({ length: BLOCKS }, cut);
const totals = { right: 0, refused: 0, wrong: 0 };
row("mutation", "wanted", "blocks", "applied right", "refused", "wrong", "milliseconds a block");
for (const [name, mutate] of Object.entries(MUTATIONS)) {
  const seen = { right: 0, refused: 0, wrong: 0 };
  let wanted = "apply";
  const start = performance.now();
  for (const block of blocks) {
    const made = mutate(block);
    const end = made.end ?? "\n";
    const text = (lines) => `${lines.join(end)}${end}`;
    const expected = meant(block, made);
    if (expected === undefined) wanted = "refuse";
    const done = applyEdit(text(made.lines), made.search.join("\n"), made.replace.join("\n"));
    if (done.kind === "refused") seen.refused += 1;
    else if (expected !== undefined && done.text === text(expected)) seen.right += 1;
    else {
      seen.wrong += 1;
      if (process.env.SHOW)
        console.error(name, {
          search: made.search,
          replace: made.replace,
          done: done.text.split(end).slice(block.at, block.at + block.size),
          rung: done.rung,
        });
    }
  }
  row(
    name,
    wanted,
    blocks.length,
    seen.right,
    seen.refused,
    seen.wrong,
    ((performance.now() - start) / blocks.length).toFixed(2),
  );
  for (const key of Object.keys(totals)) totals[key] += seen[key];
}
console.log(
  `# no model takes part; of ${blocks.length * Object.keys(MUTATIONS).length}: applied right ${totals.right}, refused ${totals.refused}, wrong ${totals.wrong}`,
);
