import { declarationIn } from "./find-untested.ts";
import { type FinderReport, reportOfSignals, type Signal, signalAt, weights } from "./signal.ts";
import type { ImportGraph, SourceFile } from "./source.ts";

/** What a manifest says is reached from outside. */
export interface Doors {
  /** Paths that a package offers or starts. */
  readonly entries: readonly string[];
  /** All that else may name code: manifests, configs, documents, pages, by their words. */
  readonly words: ReadonlySet<string>;
}

const ENTRY =
  /(?:^|\/)(?:index|main|cli|server|app|conftest|setup|manage|wsgi|asgi|__init__|__main__|[\w.-]+\.config|[\w.-]+\.d)\.[cm]?[jt]sx?$|(?:^|\/)(?:main|app|conftest|setup|manage|wsgi|asgi|__init__|__main__)\.py$|(?:^|\/)(?:bin|scripts|pages|routes|migrations|examples?|fixtures?|bench(?:marks?)?)\//;

/**
 * Names that a file offers and that nothing else in the repository says, whatever it is: tests alone do not count. Only files
 * that others import are looked at: who calls the others cannot be seen from here.
 */
export function findDead(files: readonly SourceFile[], graph: ImportGraph, doors: Doors): FinderReport {
  const code = files.filter(({ isTest }) => !isTest);
  const own = new Set(code.map(({ path }) => path));
  const used = new Set(code.flatMap(({ path }) => [...(graph.get(path) ?? [])]));
  const counts = new Map<string, number>();
  for (const { text } of code) for (const word of wordsIn(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const tested = new Set(files.filter(({ isTest }) => isTest).flatMap(({ text }) => [...wordsIn(text)]));
  const candidates = code.filter(({ path }) => used.has(path) && own.has(path) && !isEntry(path, files, doors));
  const signals = candidates.flatMap((file) =>
    file.outline.chunks
      .filter(({ exported, name }) => exported && name !== "default" && !doors.words.has(name))
      .filter((chunk) => (counts.get(chunk.name) ?? 0) <= 1 && !isDecorated(file, chunk.from))
      .map((chunk) => deadSignal({ file, chunk, isTested: tested.has(chunk.name) })),
  );
  return reportOfSignals("dead code", "exports that no other file names", signals);
}

function wordsIn(text: string): ReadonlySet<string> {
  return new Set(text.match(/[A-Za-z_$][\w$]*/g) ?? []);
}

function timesIn(text: string, name: string): number {
  return (text.match(/[A-Za-z_$][\w$]*/g) ?? []).filter((word) => word === name).length;
}

/** Files that people or programs call from outside, and those that pass all of another file on. */
function isEntry(path: string, files: readonly SourceFile[], { entries }: Doors): boolean {
  if (ENTRY.test(path) || entries.includes(path)) return true;
  const stem =
    path
      .replace(/\.[cm]?[jt]sx?$/, "")
      .split("/")
      .at(-1) ?? "";
  const passes = new RegExp(
    `export\\s*\\*\\s*(?:as\\s+\\w+\\s*)?from\\s*["'][^"']*/${escaped(stem)}(?:\\.[cm]?[jt]sx?)?["']`,
  );
  return files.some(({ text }) => text.includes("*") && passes.test(text));
}

function escaped(text: string): string {
  return text.replace(/[^\w-]/g, "\\$&");
}

/** A framework calls what is decorated. */
function isDecorated({ text }: SourceFile, from: number): boolean {
  return /^\s*@/.test(text.split(/\r?\n/)[from - 1] ?? "");
}

interface Unused {
  readonly file: SourceFile;
  readonly chunk: { readonly name: string; readonly from: number; readonly to: number };
  readonly isTested: boolean;
}

function deadSignal({ file, chunk, isTested }: Unused): Signal {
  const { name } = chunk;
  const others = isTested ? "Only tests name" : "No other file names";
  const isUsedInside = timesIn(file.text, name) > 1;
  const claim = `${others} ${name}: ${isUsedInside ? "it need not be exported" : "it seems to be dead code"}.`;
  const grades = weights("low", "small", "low", isUsedInside || isTested ? "low" : "medium");
  return signalAt(
    { file, from: declarationIn(file, chunk), to: chunk.to },
    { by: "dead code", kind: "debt", claim, weights: grades },
  );
}
