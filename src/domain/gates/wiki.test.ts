import { expect, test } from "vitest";
import { driveGate, rules } from "../../../test/kit/drive-gate.ts";
import { state } from "../../../test/kit/gate-states.ts";
import { readPage } from "../wiki/read-page.ts";
import { pathsNeeded, type WikiFacts } from "../wiki/wiki-page.ts";
import { DOCUMENTER_FILES, kindOfPage } from "../wiki/wiki-paths.ts";
import { check } from "./check.ts";
import { wiki } from "./wiki.ts";

type Files = Readonly<Record<string, string>>;

const CODE = { "src/sum.ts": "export function add(left: number) {\n  return left;\n}\n" };
const LONG = `# Sums\n\n\`add()\` is \`src/sum.ts#add\`. ${"It adds what it is given, and nothing else. ".repeat(6)}\n`;
const BASE: Files = {
  ...CODE,
  "wiki/00_SCHEMA.md": "# Schema\n",
  "wiki/index.md": "# Index\n\n## System\n\n- [Sums](20_SYSTEM/sums.md): adding\n",
  "wiki/log.md": "# Log\n",
  "wiki/20_SYSTEM/sums.md": LONG,
  "agents/CONTEXT.md": "# Context\n\n<!-- millwright:status begin -->\n1 plan\n<!-- millwright:status end -->\n",
};

function facts(files: Files): WikiFacts {
  const paths = Object.keys(files).sort();
  const pages = paths.filter((path) => kindOfPage(path)).map((path) => readPage(path, files[path] ?? ""));
  return {
    pages,
    paths,
    texts: Object.fromEntries(pathsNeeded(pages, paths).map((path) => [path, files[path] ?? ""])),
  };
}

function judged(change: Readonly<Record<string, string | null>>, purpose = "Keep the wiki.") {
  const after: Record<string, string> = { ...BASE };
  for (const [path, text] of Object.entries(change))
    if (text === null) delete after[path];
    else after[path] = text;
  const task = { kind: "docs", files: [...DOCUMENTER_FILES], tests: [], purpose } as const;
  return driveGate(wiki, state({ task }), (need) => {
    if (need.see === "wiki") return facts(need.tree === "work" ? after : BASE);
    return Object.entries(change).map(
      ([path, text]) => ({ path, status: "modified", blob: text && path, before: null, mode: "100644" }) as const,
    );
  });
}

test.each([
  ["a page with a citation that is there", { "wiki/20_SYSTEM/sums.md": `${LONG}\nSee \`src/sum.ts:1-2\`.\n` }, []],
  ["a link to nowhere", { "wiki/20_SYSTEM/sums.md": `${LONG}\n[x](none.md)\n` }, ["wiki/dead-link"]],
  ["a file that is not there", { "wiki/20_SYSTEM/sums.md": `${LONG}\nSee \`src/gone.ts:1\`.\n` }, ["wiki/dead-link"]],
  ["lines beyond the end", { "wiki/20_SYSTEM/sums.md": `${LONG}\nSee \`src/sum.ts:4-9\`.\n` }, ["wiki/dead-link"]],
  [
    "a name that is not there",
    { "wiki/20_SYSTEM/sums.md": `${LONG}\nSee \`src/sum.ts#subtract\`.\n` },
    ["wiki/dead-link"],
  ],
  ["a call that no cited file has", { "wiki/20_SYSTEM/sums.md": `${LONG}\nThen \`divide()\`.\n` }, ["wiki/data-gap"]],
  ["a page that is lost", { "wiki/20_SYSTEM/sums.md": null, "wiki/index.md": "# Index\n" }, ["wiki/page-lost"]],
  ["a page that loses its words", { "wiki/20_SYSTEM/sums.md": "# Sums\n\n`src/sum.ts`\n" }, ["wiki/page-gutted"]],
  ["a new page without a link", { "wiki/10_DOMAIN/price.md": "# Price\n\nA sum.\n" }, ["wiki/orphan"]],
  ["the log", { "wiki/log.md": "# Log\n\n## [2026-01-01] run | Mine\n" }, ["wiki/kept"]],
  ["the schema", { "wiki/00_SCHEMA.md": "# Mine\n" }, ["wiki/kept"]],
  ["the mill's block of the context page", { "agents/CONTEXT.md": "# Context\n\nNew words.\n" }, ["wiki/block"]],
  ["what is no page", { "wiki/20_SYSTEM/tool.sh": "rm\n" }, ["wiki/not-a-page"]],
])("the wiki gate, %s", (_name, change: Readonly<Record<string, string | null>>, expected) => {
  expect(rules(judged(change))).toEqual(expected);
});

test("a source that the task is about has to be the source of a page", () => {
  const change = { "wiki/sources/note.md": "words\n", "wiki/20_SYSTEM/sums.md": `${LONG}\nMore.\n` };
  expect(rules(judged(change, "Read wiki/sources/note.md."))).toContain("wiki/source");
});

test("a task that writes the wiki alone needs no check where the gate is, and one without it does", () => {
  const task = { kind: "docs", files: [...DOCUMENTER_FILES], tests: [] } as const;
  const plain = state({ task });
  const look = () => ({ exitCode: 0, ended: "exited", output: "" });
  expect(rules(driveGate(check, plain, look))).toEqual(["check/none"]);
  const gates = [...plain.workflow.gates, { gate: "wiki" as const }];
  expect(rules(driveGate(check, { ...plain, workflow: { ...plain.workflow, gates } }, look))).toEqual([]);
});
