import picomatch from "picomatch";
import type { Diagnostic } from "../../../domain/diagnostic.ts";
import { cannotRun, reasonOf } from "./cannot-run.ts";
import { folderOf, foldersUp, inFolder } from "./languages.ts";
import { type RuffSettings, ruffCheck } from "./python.ts";
import { diagnosticAt, sourceText } from "./source-text.ts";
import type { TreeFiles } from "./tree-files.ts";

/** What a repository asks of ruff, as far as one file without its path can be judged. */
export interface RuffPlan {
  readonly settings: RuffSettings;
  /** Codes that are not wanted in a file: [glob, codes]. */
  readonly ignored: readonly (readonly [string, readonly string[]])[];
  /** Folder of the config; globs are relative to it. */
  readonly folder: string;
  /** Path of the config; undefined for our own rules. */
  readonly from: string | undefined;
}

/** Mistakes that no style allows; of Pylint's errors those that need no other file. */
const OWN_PLAN: RuffPlan = {
  settings: { "target-version": "py314", lint: { select: ["E9", "F63", "F7", "F82", "F401", "F811", "PLE"] } },
  // A package's `__init__.py` imports what others shall find there.
  ignored: [["**/__init__.py", ["F401"]]],
  folder: "",
  from: undefined,
};

type Table = Readonly<Record<string, unknown>>;

/** The plan for a file: the nearest `ruff.toml` or `[tool.ruff]` above it, else our own. */
export async function ruffPlanFor(path: string, files: TreeFiles): Promise<RuffPlan> {
  for (const folder of foldersUp(folderOf(path))) {
    for (const name of [".ruff.toml", "ruff.toml", "pyproject.toml"]) {
      const from = inFolder(folder, name);
      const text = await files.text(from);
      if (text === undefined) continue;
      const document = await parsedToml(from, text);
      const table = name === "pyproject.toml" ? tableOf(tableOf(document, "tool"), "ruff") : document;
      if (table) return { ...planOf(table, document), folder, from };
    }
  }
  return OWN_PLAN;
}

async function parsedToml(path: string, text: string): Promise<Table> {
  const { parse } = await import("smol-toml");
  try {
    return parse(text) as Table;
  } catch (thrown) {
    throw cannotRun(
      "ruff",
      `${path}: ${reasonOf(thrown)}`,
      `Mend ${path}, or set \`lint\` in millwright.yaml.`,
      thrown,
    );
  }
}

function tableOf(table: Table | undefined, name: string): Table | undefined {
  const member = table?.[name];
  return typeof member === "object" && member !== null && !Array.isArray(member) ? (member as Table) : undefined;
}

/** Settings that need the file's path or other files: ruff sees one text here. */
const PATH_BOUND = new Set(["per-file-ignores", "extend-per-file-ignores", "exclude"]);
/** Rules that cannot be judged without a path or the files around: they would cry wolf. */
const BLIND = /^(I00|INP|N999|EXE|D100|D104|A005)/;

function planOf(table: Table, document: Table): Omit<RuffPlan, "folder" | "from"> {
  // Before ruff 0.2 the linter's settings stood at the top.
  const lint: Table = {
    ...pick(table, ["select", "ignore", "extend-select", "extend-ignore"]),
    ...tableOf(table, "lint"),
  };
  const kept = Object.entries(lint).filter(([name]) => !PATH_BOUND.has(name));
  const perFile = [
    tableOf(table, "per-file-ignores"),
    tableOf(lint, "per-file-ignores"),
    tableOf(lint, "extend-per-file-ignores"),
  ];
  const settings = pick(table, ["target-version", "line-length", "indent-width", "preview", "builtins"]);
  const version = settings["target-version"] ?? requiredVersion(document);
  return {
    settings: {
      ...settings,
      ...(typeof version === "string" && { "target-version": version }),
      lint: Object.fromEntries(kept),
    },
    ignored: perFile.flatMap((ignores) =>
      Object.entries(ignores ?? {}).map(([glob, codes]) => [glob, codes as string[]] as const),
    ),
  };
}

function pick(table: Table, names: readonly string[]): Table {
  return Object.fromEntries(names.filter((name) => name in table).map((name) => [name, table[name]]));
}

/** `requires-python = ">=3.10"` -> `py310`. */
function requiredVersion(document: Table): string | undefined {
  const required = tableOf(document, "project")?.["requires-python"];
  const minor = /[>~=]=\s*3\.(\d+)/.exec(typeof required === "string" ? required : "")?.[1];
  return minor === undefined || Number(minor) < 7 ? undefined : `py3${minor}`;
}

/** What ruff says of one file by its plan. */
export async function ruffText(plan: RuffPlan, path: string, text: string): Promise<readonly Diagnostic[]> {
  const found = await ruffCheck(text, plan.settings).catch((thrown: unknown) => {
    const hint = 'Set `lint: {run: "ruff check --output-format concise"}` to use your own ruff, or `lint: off`.';
    throw cannotRun("ruff", `${plan.from ?? "our own rules"}: ${reasonOf(thrown)}`, hint, thrown);
  });
  const source = sourceText(text);
  const inside = plan.folder === "" ? path : path.slice(plan.folder.length + 1);
  const ignored = plan.ignored.filter(([glob]) => matches(glob, inside)).flatMap(([, codes]) => codes);
  return found
    .map(({ code, message, start_location }) => ({ code: code ?? "invalid-syntax", message, line: start_location.row }))
    .filter(
      ({ code }) =>
        code !== "invalid-syntax" && !BLIND.test(code) && !ignored.some((prefix) => code.startsWith(prefix)),
    )
    .map(({ code, message, line }) => diagnosticAt(source, { path, line }, code, message));
}

/** Ruff's globs match a file's name, its path, or all below a folder; `!` turns one around. */
function matches(glob: string, path: string): boolean {
  if (glob.startsWith("!")) return !matches(glob.slice(1), path);
  const name = path.slice(path.lastIndexOf("/") + 1);
  const options = { dot: true };
  return (
    picomatch(glob, options)(path) ||
    picomatch(glob, options)(name) ||
    picomatch(`${glob.replace(/\/$/, "")}/**`, options)(path)
  );
}
