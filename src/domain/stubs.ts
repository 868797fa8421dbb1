import type { TestFailure } from "./suite-report.ts";

/** What stands in for an export that does not exist yet: one that throws when used, or one that returns a meaningless fresh value. */
export type StubMode = "throw" | "sentinel";

export interface StubPlan {
  /** New text by path. */
  readonly files: ReadonlyMap<string, string>;
  /** The `path#name`s that were absent and are stubbed now. */
  readonly made: readonly string[];
  /** Absent, in a language that no stub can be made for. */
  readonly impossible: readonly string[];
}

type Texts = ReadonlyMap<string, string | undefined>;

const NOT_YET = "is not written yet (millwright stub)";

/** The files that `stubFiles` has to know: the named ones, what says which module system is spoken there, and a few neighbours. */
export function stubSources(creates: readonly string[], listed: readonly string[]): readonly string[] {
  const named = [...new Set(creates.map((create) => create.split("#")[0] ?? ""))];
  const scripts = named.filter((path) => /\.jsx?$/.test(path));
  const manifests = scripts.flatMap((path) => foldersOf(path).map((folder) => `${folder}package.json`));
  const neighbours = scripts.flatMap((path) => {
    const ending = /\.jsx?$/.exec(path)?.[0] ?? "";
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    return listed.filter((other) => other.startsWith(folder) && other.endsWith(ending)).slice(0, 4);
  });
  return [...new Set([...named, ...manifests.filter((path) => listed.includes(path)), ...neighbours])];
}

/** Adds a stub for each of `creates` (`path#name`) that its file does not offer; `texts` holds the `stubSources` that exist. */
export function stubFiles(creates: readonly string[], texts: Texts, mode: StubMode): StubPlan {
  const files = new Map<string, string>();
  const made: string[] = [];
  const impossible: string[] = [];
  for (const create of creates) {
    const [path = "", name = ""] = create.split("#");
    const text = files.get(path) ?? texts.get(path);
    if (text !== undefined && offers(path, text, name)) continue;
    const stub = stubText({ path, text, name, mode }, texts);
    if (stub === undefined) impossible.push(create);
    else {
      files.set(path, text === undefined || text === "" ? stub : `${text.replace(/\n*$/, "\n")}\n${stub}`);
      made.push(create);
    }
  }
  return { files, made, impossible };
}

/** True when a test failed because of a stub: the stub threw, or was used as something that it is not. */
export function isStubFailure(failure: Pick<TestFailure, "kind" | "message">, made: readonly string[]): boolean {
  if (["syntax", "fixture", "timeout", "missing-module"].includes(failure.kind)) return false;
  if (failure.message.includes(NOT_YET) || failure.message.includes("'function' object ")) return true;
  return made.some((name) => new RegExp(`(?<![\\w$/])${literal(name)}(?:\\.\\w|\\)? is not )`).test(failure.message));
}

/** Whether importing `name` from the file would find something. */
function offers(path: string, text: string, name: string): boolean {
  const word = literal(name);
  if (path.endsWith(".py")) return offersPython(text, word);
  if (name === "default") return /^\s*export\s+default\b|\bas\s+default\b|module\.exports\s*=/m.test(text);
  const direct = `^\\s*export\\s+(?:(?:default|declare|abstract|async)\\s+)*(?:function\\s*\\*?|class|const\\s+enum|const|let|var|type|interface|enum|namespace)\\s*\\b${word}(?![\\w$])`;
  const common = `\\bexports\\.${word}\\s*=|module\\.exports\\s*=\\s*(?:\\{[^}]*(?<![\\w$.])${word}(?![\\w$])|${word}(?![\\w$]))`;
  return new RegExp(`${direct}|${common}`, "m").test(text) || exportedInLists(text).has(name);
}

/** Names in `export { a, b as c }` and `export const { a, b: c } = …`. */
function exportedInLists(text: string): ReadonlySet<string> {
  const lists = [
    ...text.matchAll(/\bexport\s+(?:type\s+)?\{([^}]*)\}/g),
    ...text.matchAll(/\bexport\s+(?:const|let|var)\s*[{[]([^}\]]*)[}\]]\s*=/g),
  ];
  const items = lists.flatMap((match) => (match[1] ?? "").replace(/\/\/.*$/gm, "").split(","));
  return new Set(
    items.map(
      (item) =>
        item
          .trim()
          .split(/\s+as\s+|\s*:\s*|\s+/)
          .at(-1) ?? "",
    ),
  );
}

function offersPython(text: string, word: string): boolean {
  const declared = new RegExp(
    `^(?:(?:async\\s+)?def|class)\\s+${word}\\b|^${word}\\s*(?::|=(?!=))|^import\\b.*\\b${word}\\b`,
    "m",
  );
  if (declared.test(text)) return true;
  const imported = [...text.matchAll(/^from\s+\S+\s+import\s+(?:\(([^)]*)\)|(.*))$/gm)];
  return imported.some((match) => new RegExp(`\\b${word}\\b(?!\\s+as\\b)`).test(match[1] ?? match[2] ?? ""));
}

interface Wanted {
  readonly path: string;
  readonly text: string | undefined;
  readonly name: string;
  readonly mode: StubMode;
}

function stubText(wanted: Wanted, texts: Texts): string | undefined {
  const { path, name, mode } = wanted;
  if (path.endsWith(".py")) return pythonStub(name, mode);
  if (/(?<!\.d)\.[cm]?tsx?$/.test(path)) return scriptStub(wanted, "typescript");
  if (/\.[cm]?jsx?$/.test(path)) return scriptStub(wanted, speaksCommonJs(wanted, texts) ? "commonjs" : "module");
  return undefined;
}

const MODULE = /^\s*(?:export\b|import\b\s*["'{*\w])/m;
const COMMON = /\brequire\(|\bmodule\.exports\b|\bexports\.\w/;

/** By file ending, by the file itself, by `type` in package.json, else by what its neighbours speak. */
function speaksCommonJs({ path, text }: Wanted, texts: Texts): boolean {
  if (/\.[cm]jsx?$/.test(path)) return path.includes(".cjs");
  if (text !== undefined && (MODULE.test(text) || COMMON.test(text))) return !MODULE.test(text);
  const manifest = foldersOf(path)
    .map((folder) => texts.get(`${folder}package.json`))
    .find((found) => found !== undefined);
  if (manifest !== undefined && /"type"\s*:\s*"module"/.test(manifest)) return false;
  const neighbours = [...texts].filter(([other]) => /\.jsx?$/.test(other)).map(([, other]) => other ?? "");
  if (neighbours.some((other) => MODULE.test(other))) return false;
  return manifest !== undefined || neighbours.some((other) => COMMON.test(other));
}

/** The folders above a path, nearest first, each with a slash at its end; the last is the root. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_part, index) => `${parts.slice(0, parts.length - index).join("/")}/`).concat("");
}

function pythonStub(name: string, mode: StubMode): string {
  const body = mode === "throw" ? `raise NotImplementedError("${name} ${NOT_YET}")` : "return object()";
  return `def ${name}(*arguments, **named):\n    ${body}\n`;
}

function scriptStub({ name, text, mode }: Wanted, style: "typescript" | "module" | "commonjs"): string {
  const body = mode === "throw" ? `throw new Error("${name} ${NOT_YET}");` : "return { millwright: {} };";
  const parameters = style === "typescript" ? "..._arguments: any[]" : "..._arguments";
  const result = style === "typescript" ? ": any" : "";
  if (style === "commonjs") {
    const target = name === "default" ? "module.exports" : `module.exports.${name}`;
    return `${target} = function (${parameters}) { ${body} };\n`;
  }
  if (name === "default") return `export default function (${parameters})${result} { ${body} }\n`;
  if (!isDeclared(text ?? "", name)) return `export function ${name}(${parameters})${result} { ${body} }\n`;
  // The file has a private thing of that name: a second declaration would break the whole module.
  const alias = `millwrightStub_${name}`;
  return `function ${alias}(${parameters})${result} { ${body} }\nexport { ${alias} as ${name} };\n`;
}

function isDeclared(text: string, name: string): boolean {
  const word = `${literal(name)}(?![\\w$])`;
  return new RegExp(
    `^(?:(?:declare|abstract|async)\\s+)*(?:function\\s*\\*?|class|const|let|var|type|interface|enum|namespace)\\s*\\b${word}|^import\\b[^;"']*(?<![\\w$])${word}`,
    "m",
  ).test(text);
}

function literal(name: string): string {
  return name.replace(/\$/g, "\\$");
}
