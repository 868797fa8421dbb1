/** The architecture's budgets that no linter knows. Each law reads the house and answers findings: rule, path, what. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "./house.mjs";

const ENGINE_LINES = 2_000;
const AGENTS_LINES = 120;
const TEST = /[.](test|contract)[.]ts$/;
const CODE = /[.](ts|tsx|mts|mjs|js)$/;
const OURS = /^(src|test|scripts|bench|web)\//;
const NOT_OURS = /^test\/(runners|fixtures)\//;

const text = (path) => readFileSync(join(root, path), "utf8");
const linesOf = (path) => text(path).replace(/\n$/, "").split("\n").length;
const ourCode = (files) => files.filter((path) => OURS.test(path) && !NOT_OURS.test(path) && CODE.test(path));

/** The text with everything blanked that is only quoted (strings, templates, regular expressions); comments too, unless kept. */
function unquoted(path, { comments }) {
  const source = text(path);
  const kept = source.split("");
  const blank = (from, to) => {
    for (let at = from; at < to; at++) if (kept[at] !== "\n") kept[at] = " ";
  };
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const walk = (node) => {
    if (QUOTED.has(node.kind)) blank(node.getStart(file), node.end);
    else if (comments === "blank" && node.getChildCount(file) === 0) blank(node.pos, node.getStart(file));
    for (const child of node.getChildren(file)) walk(child);
  };
  walk(file);
  return kept.join("");
}

const QUOTED = new Set([
  ts.SyntaxKind.StringLiteral,
  ts.SyntaxKind.NoSubstitutionTemplateLiteral,
  ts.SyntaxKind.TemplateHead,
  ts.SyntaxKind.TemplateMiddle,
  ts.SyntaxKind.TemplateTail,
  ts.SyntaxKind.RegularExpressionLiteral,
]);

function hits(path, content, patterns) {
  return content.split("\n").flatMap((line, index) =>
    Object.entries(patterns)
      .filter(([, pattern]) => pattern.test(line))
      .map(([what]) => ({ path, what: `line ${index + 1}: ${what}` })),
  );
}

/** The loop stays small enough to read in one sitting. */
function engineLines(files) {
  const isLoop = (path) => path.startsWith("src/engine/") && path !== "src/engine/ports.ts";
  const counted = files.filter((path) => isLoop(path) && CODE.test(path) && !TEST.test(path));
  const total = counted.reduce((sum, path) => sum + linesOf(path), 0);
  if (total <= ENGINE_LINES) return [];
  return [{ path: "src/engine/", what: `${total} lines, the budget is ${ENGINE_LINES}` }];
}

/** What every agent reads on every task is paid for on every task. */
function agentsLines(files) {
  const over = files.filter((path) => path === "AGENTS.md" && linesOf(path) > AGENTS_LINES);
  return over.map((path) => ({ path, what: `${linesOf(path)} lines, the budget is ${AGENTS_LINES}` }));
}

const VAGUE = /^(manager|service|handler|processor|helper|util|common|impl)s?$/i;
const words = (name) => name.split(/(?<=[a-z0-9])(?=[A-Z])|[-_.]/).filter((word) => word !== "");

/** Why an exported name says nothing, or undefined. */
function vagueName(kind, name) {
  const vague = words(name).find((word) => VAGUE.test(word));
  if (vague !== undefined) return `"${name}": the word ${vague} names nothing`;
  if (/^(data|info)$/i.test(name)) return `"${name}": everything is that`;
  if (kind === "interface" && /^I[A-Z][a-z]/.test(name)) return `"${name}": no I prefix`;
  // A base commit is a word of the glossary; a base class is not.
  const type = ["class", "interface", "type"].includes(kind);
  if (type && /^Base[A-Z]/.test(name) && !/^Base(Commit|Tree)/.test(name)) return `"${name}": no base types`;
  return undefined;
}

/** Exported names say what they are. */
function exportedNames(files) {
  const exported = /^export (?:declare |abstract |async )*(const|let|function\*?|class|interface|type) (\w+)/gm;
  return ourCode(files).flatMap((path) =>
    [...text(path).matchAll(exported)]
      .map(([, kind, name]) => vagueName(kind, name))
      .filter((what) => what !== undefined)
      .map((what) => ({ path, what })),
  );
}

/** Files and folders say what is in them. */
function fileNames(files) {
  return ourCode(files).flatMap((path) => {
    const segments = path.split("/").map((segment) => segment.replace(/([.](test|contract|d))?[.]\w+$/, ""));
    const file = segments.at(-1);
    const vague = segments.find((segment) => words(segment).some((word) => VAGUE.test(word)));
    if (vague !== undefined) return [{ path, what: `"${vague}" names nothing` }];
    if (/^(data|info|types|base)$/.test(file)) return [{ path, what: `"${file}" names nothing: name the thing` }];
    return [];
  });
}

const WORLD = {
  "Math.random: randomness comes from a port": /\bMath\s*[.]\s*random\b/,
  "Date: ask the clock port": /(?<![\w.$])Date\b(?!\s*:)/,
  "process: ask a port": /(?<![\w.$])process\s*[.[]/,
  "fetch: ask a port": /(?<![\w.$])fetch\s*\(/,
  "timers: ask the clock port": /(?<![\w.$])(setTimeout|setInterval|setImmediate|queueMicrotask)\b/,
  "performance: ask the clock port": /(?<![\w.$])performance\s*[.]/,
  "crypto: identities and digests come from a port or @noble/hashes": /(?<![\w.$])crypto\s*[.]/,
  "globalThis: ask a port": /(?<![\w.$])globalThis\b/,
};
const LATER = { "no async in the domain: a rule answers at once": /(?<![\w.$])(async|await)\s|(?<![\w.$])Promise\b/ };

/** The pure rooms see no clock, no chance and no world: a replay must walk the same path. */
function pureRooms(files) {
  const pure = files.filter(
    (path) => /^src\/(domain|engine|briefs|views)\//.test(path) && CODE.test(path) && !TEST.test(path),
  );
  return pure.flatMap((path) => {
    const laws = path.startsWith("src/domain/") ? { ...WORLD, ...LATER } : WORLD;
    return hits(path, text(path), laws).length === 0 ? [] : hits(path, unquoted(path, { comments: "blank" }), laws);
  });
}

/** Silencing a tool is an exception like any other: it has an ADR. */
function suppressions(files) {
  const silenced = { "silences a tool": /(\/\/|\/\*+|^\s*\*)\s*(biome-ignore|@ts-(ignore|nocheck|expect-error))\b/ };
  return ourCode(files).flatMap((path) =>
    hits(path, text(path), silenced).length === 0 ? [] : hits(path, unquoted(path, { comments: "keep" }), silenced),
  );
}

const literal = (string) => string.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The hosts this machine installs from; somebody else's machine has others. */
function registryHosts() {
  const npm = spawnSync("npm", ["config", "get", "registry"], { cwd: root, encoding: "utf8" }).stdout?.trim();
  const configured = [npm, process.env.PIP_INDEX_URL, process.env.UV_INDEX_URL, process.env.GOPROXY];
  const hosts = configured.filter((url) => URL.canParse(url ?? "")).map((url) => new URL(url).host);
  const known = [
    ["registry", "npmjs", "org"],
    ["registry", "yarnpkg", "com"],
    ["files", "pythonhosted", "org"],
  ];
  const public_ = new Set(["localhost", "pypi.org", "github.com"]);
  return [...known.map((parts) => parts.join(".")), ...hosts.filter((host) => !public_.has(host))];
}

/** What is committed knows nothing of the machine that it was written on. */
function machineTraces(files) {
  const homes = ["work", "root"].join("|"); // in pieces, so that this file does not find itself
  const patterns = {
    "a path of this machine": new RegExp(`(?<![\\w.\\-@})*])/(${homes})/`),
    "a registry host": new RegExp([...new Set(registryHosts())].map(literal).join("|")),
  };
  return files.flatMap((path) => {
    const content = text(path);
    return content.includes("\0") ? [] : hits(path, content, patterns);
  });
}

/** rule name -> law */
export const laws = {
  "engine-lines": engineLines,
  "agents-lines": agentsLines,
  "exported-names": exportedNames,
  "file-names": fileNames,
  "pure-rooms": pureRooms,
  suppressions,
  "machine-traces": machineTraces,
};
