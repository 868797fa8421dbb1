import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { applyEdit, applyEdits } from "./edit-ladder.ts";
import type { Edit } from "./proposal.ts";

const FILE = [
  "export function total(items: Item[]): number {",
  "  let sum = 0;",
  "  for (const item of items) {",
  "    sum += item.price;",
  "  }",
  "  return sum;",
  "}",
  "",
].join("\n");

function applied(text: string, search: string, replace: string): string {
  const result = applyEdit(text, search, replace);
  if (result.kind === "refused") throw new Error(result.why);
  return result.text;
}

function refusal(text: string, search: string, replace = "x") {
  const result = applyEdit(text, search, replace);
  if (result.kind === "applied") throw new Error(`applied on rung ${result.rung}:\n${result.text}`);
  return result;
}

describe("one edit", () => {
  test("replaces the lines where they stand", () => {
    expect(applied(FILE, "    sum += item.price;", "    sum += item.price * item.count;")).toBe(
      FILE.replace("item.price;", "item.price * item.count;"),
    );
  });

  test("deletes lines when the replacement is empty, and joins nothing", () => {
    expect(applied(FILE, "  let sum = 0;", "")).toBe(FILE.replace("  let sum = 0;\n", ""));
  });

  test("is refused where the lines stand twice, with their line numbers", () => {
    const twice = "a();\nb();\na();\nb();\n";
    expect(refusal(twice, "a();\nb();").why).toContain("2 places (lines 1, 3)");
  });

  test("is refused where they stand nowhere, and shows the nearest region", () => {
    const result = refusal(FILE, "  for (const item of items) {\n    sum += item.cost;\n  }");
    expect(result.nearest).toEqual({ line: 3, text: "  for (const item of items) {\n    sum += item.price;\n  }" });
  });

  test("a stale line is nowhere, however much it looks alike", () => {
    expect(refusal(FILE, "    sum += item.prices;").nearest?.line).toBe(4);
    expect(refusal(FILE, "sum += item").why).toContain("do not stand in the file");
  });

  test("keeps Windows line ends and the byte order mark", () => {
    const windows = `\uFEFF${FILE.replaceAll("\n", "\r\n")}`;
    expect(applied(windows, "  let sum = 0;", "  let sum = 0;\n  let count = 0;")).toBe(
      `\uFEFF${FILE.replace("sum = 0;\n", "sum = 0;\n  let count = 0;\n").replaceAll("\n", "\r\n")}`,
    );
  });

  test("keeps each line's own end in a file of mixed line ends", () => {
    expect(applied("a\r\nb\nc\r\n", "a\nb\nc", "a\nB\nc")).toBe("a\r\nB\nc\r\n");
  });

  test("leaves a last line without its end, and gives one to a line that is no longer last", () => {
    expect(applied("a\nb", "b", "c")).toBe("a\nc");
    expect(applied("a\nb", "b", "b\nc")).toBe("a\nb\nc");
  });

  test("fills an empty file only", () => {
    expect(applied("", "", "a\nb")).toBe("a\nb\n");
    expect(refusal(FILE, "", "a").why).toContain("the file is not");
    expect(refusal(FILE, "\n\n", "a").kind).toBe("refused");
  });

  test("shifts the replacement as the search was shifted", () => {
    expect(
      applied(
        FILE,
        "for (const item of items) {\n  sum += item.price;\n}",
        "for (const item of items) {\n  sum += 1;\n}",
      ),
    ).toBe(FILE.replace("item.price", "1"));
  });

  test("refuses an indentation that is not one constant shift", () => {
    expect(refusal(FILE, "for (const item of items) {\n      sum += item.price;\n}").kind).toBe("refused");
  });

  test("refuses a shift that the replacement does not share", () => {
    expect(refusal(FILE, "      let sum = 0;", "let sum = 1;").why).toContain("indented");
  });

  test("writes tabs where the file has tabs", () => {
    const tabs = FILE.replace(/^( {2})+/gm, (indent) => "\t".repeat(indent.length / 2));
    const search = "  for (const item of items) {\n    sum += item.price;\n  }";
    expect(applied(tabs, search, search.replace("price;", "price;\n    count += 1;"))).toBe(
      tabs.replace("price;\n", "price;\n\t\tcount += 1;\n"),
    );
    const flat = "function a() {\n\treturn 1;\n}\nconst b = 1;\n";
    expect(applied(flat, "const b = 1;", "function b() {\n    return 2;\n}")).toBe(
      "function a() {\n\treturn 1;\n}\nfunction b() {\n\treturn 2;\n}\n",
    );
  });

  test("makes typographic quotes plain where the file has plain ones", () => {
    expect(applied('say("hello");\nend();\n', "say(“hello”);", "say(“bye”);")).toBe('say("bye");\nend();\n');
  });

  test("makes both kinds of quotes plain where the search curled one of them", () => {
    expect(applied("say('hello');\nend();\n", "say(‘hello’);", "say(‘hello’);\nadd(“it”);")).toBe(
      "say('hello');\nadd(\"it\");\nend();\n",
    );
  });

  test("keeps the file's typographic signs in a changed line", () => {
    const text = 'const title = "Don’t — stop";\n';
    expect(applied(text, 'const title = "Don\'t - stop";', 'const title = "Don\'t - stop now";')).toBe(
      'const title = "Don’t — stop now";\n',
    );
  });

  test("drops line numbers that the search copied from a listing", () => {
    const numbered = "  3|  for (const item of items) {\n  4|    sum += item.price;\n  5|  }";
    expect(applied(FILE, numbered, "  for (const item of items) {\n    sum += 1;\n  }")).toBe(
      FILE.replace("item.price", "1"),
    );
    expect(applied(FILE, numbered, numbered.replace("item.price", "1"))).toBe(FILE.replace("item.price", "1"));
    expect(refusal(FILE, numbered, "  3|  for (;;) {\n    sum += 1;\n  5|  }").why).toContain("line numbers");
    const spaced = "3:   for (const item of items) {\n4:     sum += item.price;\n5:   }";
    expect(applied(FILE, spaced, "  for (const item of items) {\n    sum += 1;\n  }")).toBe(
      FILE.replace("item.price", "1"),
    );
  });

  test("is found in linear time in a large file", () => {
    const large = Array.from({ length: 200_000 }, (_, at) => `line ${at};`).join("\n");
    const from = performance.now();
    expect(applyEdit(large, "line 150000;", "changed();").kind).toBe("applied");
    expect(applyEdit(large, "line that is not there;", "changed();").kind).toBe("refused");
    expect(performance.now() - from).toBeLessThan(4000);
  });
});

describe("all edits of a proposal", () => {
  const read = (path: string) => (path === "a.ts" ? FILE : undefined);
  const replace = (path: string, search: string, to: string): Edit => ({ kind: "replace", path, search, replace: to });

  test("are applied one after the other, or none at all", () => {
    const both = applyEdits(
      read,
      [replace("a.ts", "  let sum = 0;", "  let sum = 1;"), replace("a.ts", "  return sum;", "  return -sum;")],
      "developer",
    );
    expect(both.kind === "applied" && both.files.get("a.ts")).toBe(
      FILE.replace("= 0", "= 1").replace("sum;\n}", "-sum;\n}").replace("return sum", "return -sum"),
    );
    const half = applyEdits(
      read,
      [replace("a.ts", "  let sum = 0;", "  let sum = 1;"), replace("a.ts", "nowhere", "x")],
      "developer",
    );
    expect(half).toMatchObject({
      kind: "refused",
      findings: [{ rule: "door/edit-no-match", path: "a.ts", answers: "developer" }],
    });
  });

  test("name every edit that does not fit, with the nearest region as evidence", () => {
    const result = applyEdits(
      read,
      [replace("a.ts", "    sum += item.cost;", "x"), replace("b.ts", "a", "b"), { kind: "delete", path: "c.ts" }],
      "tester",
    );
    expect(
      result.kind === "refused" && result.findings.map((finding) => [finding.rule, finding.line, finding.evidence]),
    ).toEqual([
      ["door/edit-no-match", 4, "    sum += item.price;"],
      ["door/edit-no-file", undefined, undefined],
      ["door/edit-no-file", undefined, undefined],
    ]);
  });

  test("create, rewrite and delete whole files", () => {
    const windows = (path: string) => (path === "w.ts" ? "a\r\nb\r\n" : read(path));
    const result = applyEdits(
      windows,
      [
        { kind: "write", path: "w.ts", content: "a\nc\n" },
        { kind: "write", path: "n.ts", content: "n\n" },
        { kind: "delete", path: "a.ts" },
      ],
      "developer",
    );
    expect(result.kind === "applied" && [...result.files]).toEqual([
      ["w.ts", "a\r\nc\r\n"],
      ["n.ts", "n\n"],
      ["a.ts", null],
    ]);
  });

  test("that change nothing are refused", () => {
    expect(applyEdits(read, [{ kind: "write", path: "a.ts", content: FILE }], "developer")).toMatchObject({
      kind: "refused",
      findings: [{ rule: "door/edit-no-change" }],
    });
  });
});

/** One real edit: a file, a block of it that stands there once, and a changed block. */
interface Sample {
  readonly text: string;
  readonly search: string;
  readonly replace: string;
  readonly expected: string;
}

const folder = import.meta.dirname;
const sources = [folder, join(folder, "gates"), join(folder, "../engine")]
  .flatMap((dir) => readdirSync(dir).map((name) => join(dir, name)))
  .filter((path) => path.endsWith(".ts"))
  .map((path) => readFileSync(path, "utf8"))
  .filter((text) => !/[“”‘’\t–—]/.test(text));

/** Blocks of 3 to 8 lines, one line changed and one added in the middle, as a developer would. */
function samples(): Sample[] {
  const found: Sample[] = [];
  for (const text of sources) {
    const lines = text.split("\n").slice(0, -1);
    for (let from = 2; from + 8 < lines.length; from += 9) {
      const size = 3 + (from % 6);
      const block = lines.slice(from, from + size);
      const middle = block[Math.floor(size / 2)] ?? "";
      if (middle.trim().length < 6 || middle.trim().startsWith("*") || block.every((line) => line.trim().length < 6))
        continue;
      const search = block.join("\n");
      if (text.split(`${search}\n`).length !== 2) continue;
      const indent = middle.slice(0, middle.length - middle.trimStart().length);
      const changed = block.flatMap((line, at) =>
        at === Math.floor(size / 2) ? [`${line} // seen`, `${indent}added("it", 1);`] : [line],
      );
      const replace = changed.join("\n");
      found.push({ text, search, replace, expected: text.replace(search, () => replace) });
    }
  }
  return found;
}

const each = (text: string, change: (line: string) => string) => text.split("\n").map(change).join("\n");
const both = (sample: Sample, change: (line: string) => string): Sample => ({
  ...sample,
  search: each(sample.search, change),
  replace: each(sample.replace, change),
});
const inFile = (sample: Sample, change: (text: string) => string): Sample => ({
  ...sample,
  text: change(sample.text),
  expected: change(sample.expected),
});
const tabbed = (text: string) =>
  each(text, (line) => line.replace(/^( {2})+/, (spaces) => "\t".repeat(spaces.length / 2)));
const common = (block: string) => {
  const indents = block
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => line.length - line.trimStart().length);
  return Math.min(...indents);
};
const smart = (line: string) => line.replace(/"([^"]*)"/g, "“$1”").replaceAll("'", "’");
const middleLine = (block: string, change: (line: string) => string) => {
  const lines = block.split("\n");
  const at = Math.floor(lines.length / 2);
  return lines.map((line, index) => (index === at ? change(line) : line)).join("\n");
};
const typo = (line: string) =>
  /[A-Za-z]/.test(line) ? line.replace(/([A-Za-z])([A-Za-z]*[^A-Za-z]*)$/, "z$1$2") : `${line}z`;

/** The thirteen mutations of research/gates.md section 5; the last four must be refused. */
const mutations: readonly { name: string; refuse: boolean; only?: string; mutate: (sample: Sample) => Sample }[] = [
  { name: "exact", refuse: false, mutate: (sample) => sample },
  { name: "model writes trailing space", refuse: false, mutate: (sample) => both(sample, (line) => `${line}  `) },
  {
    name: "file has trailing space",
    refuse: false,
    mutate: (sample) => {
      const spaced = (text: string) =>
        each(text, (line) => (/[{;]$/.test(line) && !/seen|added/.test(line) ? `${line} ` : line));
      return { ...sample, text: spaced(sample.text), expected: spaced(sample.expected) };
    },
  },
  { name: "outdented", refuse: false, mutate: (sample) => both(sample, (line) => line.slice(common(sample.search))) },
  { name: "shifted by 2", refuse: false, mutate: (sample) => both(sample, (line) => (line === "" ? "" : `  ${line}`)) },
  { name: "tabs in the file", refuse: false, mutate: (sample) => inFile(sample, tabbed) },
  { name: "smart quotes", refuse: false, only: '"', mutate: (sample) => both(sample, smart) },
  {
    name: "line numbers",
    refuse: false,
    mutate: (sample) => ({
      ...sample,
      search: sample.search
        .split("\n")
        .map((line, at) => `${String(at + 7).padStart(4)}| ${line}`)
        .join("\n"),
    }),
  },
  {
    name: "Windows line ends",
    refuse: false,
    mutate: (sample) => inFile(sample, (text) => text.replaceAll("\n", "\r\n")),
  },
  {
    name: "typo at the edge",
    refuse: true,
    mutate: (sample) => ({ ...sample, search: each(sample.search, (line) => line).replace(/^.*/, typo) }),
  },
  {
    name: "typo in the middle",
    refuse: true,
    mutate: (sample) => ({ ...sample, search: middleLine(sample.search, typo) }),
  },
  {
    name: "invented middle",
    refuse: true,
    mutate: (sample) => ({ ...sample, search: middleLine(sample.search, () => "  const invented = here();") }),
  },
  {
    name: "stale",
    refuse: true,
    mutate: (sample) => ({
      ...sample,
      text: sample.text.replace(
        sample.search,
        middleLine(sample.search, (line) => `${line} // newer`),
      ),
    }),
  },
];

describe("mutated blocks of our own sources", () => {
  const real = samples();

  test("there are enough of them", () => expect(real.length).toBeGreaterThan(100));

  test.each(mutations)("$name: never wrong", ({ refuse, mutate, only }) => {
    const counts = { right: 0, refused: 0, wrong: 0 };
    const wrong: string[] = [];
    const fitting = real.filter((sample) => only === undefined || sample.search.includes(only));
    for (const sample of fitting.map(mutate)) {
      const result = applyEdit(sample.text, sample.search, sample.replace);
      if (result.kind === "refused") counts.refused += 1;
      else if (!refuse && result.text === sample.expected) counts.right += 1;
      else {
        counts.wrong += 1;
        wrong.push(`${sample.search}\n---\n${sample.replace}\n---`);
      }
    }
    expect(wrong.slice(0, 2)).toEqual([]);
    expect(counts).toEqual(
      refuse ? { right: 0, refused: fitting.length, wrong: 0 } : { right: fitting.length, refused: 0, wrong: 0 },
    );
  });
});
