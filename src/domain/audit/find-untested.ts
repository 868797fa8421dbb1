import { symbolsOf } from "../outline.ts";
import { type FinderReport, reportOfSignals, type Signal, signalAt, weights } from "./signal.ts";
import type { SourceFile } from "./source.ts";

/** Lines that tests ran, by file: `lines` of those that hold code, with how often each ran. */
export type Coverage = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** Reads LCOV; paths as written, made relative to `root` where they begin with it. */
export function readLcov(text: string, root = ""): Coverage {
  const files = new Map<string, Map<number, number>>();
  let current = new Map<number, number>();
  for (const line of text.split(/\r?\n/)) {
    const file = /^SF:(.+)$/.exec(line)?.[1];
    if (file !== undefined) {
      const path = relativePath(file, root);
      current = files.get(path) ?? new Map();
      files.set(path, current);
    }
    const ran = /^DA:(\d+),(\d+)/.exec(line);
    if (ran) current.set(Number(ran[1]), (current.get(Number(ran[1])) ?? 0) + Number(ran[2]));
  }
  return files;
}

function relativePath(file: string, root: string): string {
  const path = file.replaceAll("\\", "/").replace(/^\.\//, "");
  return root !== "" && path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}

const FEWEST_LINES = 2;

/** Runs of lines that no test ran, where tests were run with coverage. */
export function findUncovered(files: readonly SourceFile[], coverage: Coverage, how: string): FinderReport {
  const signals = files
    .filter(({ isTest }) => !isTest)
    .flatMap((file) => {
      const lines = coverage.get(file.path);
      return lines === undefined ? [] : gapsOf(lines).map((gap) => gapSignal(file, gap));
    });
  return reportOfSignals("coverage", how, signals);
}

/** Neighbouring lines with code that did not run; lines without code between them belong to the gap. */
function gapsOf(lines: ReadonlyMap<number, number>): readonly { readonly from: number; readonly to: number }[] {
  const sorted = [...lines].sort(([a], [b]) => a - b);
  const gaps: { from: number; to: number; count: number }[] = [];
  let open: { from: number; to: number; count: number } | undefined;
  for (const [line, ran] of sorted) {
    if (ran > 0) open = undefined;
    else if (open === undefined) {
      open = { from: line, to: line, count: 1 };
      gaps.push(open);
    } else {
      open.to = line;
      open.count++;
    }
  }
  return gaps.filter(({ count }) => count >= FEWEST_LINES);
}

function gapSignal(file: SourceFile, { from, to }: { readonly from: number; readonly to: number }): Signal {
  const claim = `No test runs lines ${from} to ${to}.`;
  const impact = to - from >= 10 ? "medium" : "low";
  const said = { by: "coverage", kind: "missing-tests", claim } as const;
  return signalAt({ file, from, to }, { ...said, weights: weights(impact, "small", "low", "high") });
}

/** Without coverage: names that a file offers and that no test says. */
export function findUnnamed(files: readonly SourceFile[], why: string): FinderReport {
  const tests = files.filter(({ isTest }) => isTest);
  if (tests.length === 0) return withoutTests(files);
  const named = new Set(tests.flatMap(({ text }) => text.match(/[A-Za-z_$][\w$]*/g) ?? []));
  const signals = files
    .filter((file) => !file.isTest && !isDeclaration(file.path))
    .flatMap((file) => {
      const missing = new Set(symbolsOf(file.outline).filter((name) => !named.has(name)));
      return file.outline.chunks
        .filter(({ name, exported }) => exported && missing.has(name))
        .filter(({ from, to }) => holdsCode(file, from, to))
        .map(({ name, from, to }) => unnamedSignal(file, { name, from, to }));
    });
  return reportOfSignals("coverage", `${why}; exports that no test names`, signals);
}

function unnamedSignal(file: SourceFile, chunk: { readonly name: string; readonly from: number; readonly to: number }) {
  const claim = `No test names ${chunk.name}, which ${file.path} offers.`;
  const long = chunk.to - chunk.from >= 15;
  const said = { by: "coverage", kind: "missing-tests", claim } as const;
  const place = { file, from: declarationIn(file, chunk), to: chunk.to };
  return signalAt(place, { ...said, weights: weights(long ? "medium" : "low", "small", "low", "medium") });
}

/** The line of the declaration, below the comment that belongs to it. */
export function declarationIn(
  file: SourceFile,
  { from, to, name }: { from: number; to: number; name: string },
): number {
  const lines = file.text.split(/\r?\n/);
  for (let at = from; at <= to; at++) {
    const line = lines[at - 1] ?? "";
    if (!/^\s*(?:\/\/|\/?\*|#|@)/.test(line) && line.includes(name)) return at;
  }
  return from;
}

function withoutTests(files: readonly SourceFile[]): FinderReport {
  const [first] = files.filter(({ text }) => text.trim() !== "");
  const claim = "There is no test in this repository: nothing notices when a change breaks what works.";
  const said = {
    by: "coverage",
    kind: "missing-tests",
    claim,
    weights: weights("high", "medium", "low", "high"),
  } as const;
  return reportOfSignals(
    "coverage",
    "there are no tests",
    first ? [signalAt({ file: first, from: firstLine(first) }, said)] : [],
  );
}

function firstLine({ text }: SourceFile): number {
  const at = text.split(/\r?\n/).findIndex((line) => /[A-Za-z]{3}/.test(line));
  return at < 0 ? 1 : at + 1;
}

function isDeclaration(path: string): boolean {
  return /\.d\.[cm]?ts$/.test(path);
}

/** Types alone are nothing that a test could run. */
function holdsCode({ text, path }: SourceFile, from: number, to: number): boolean {
  const body = text
    .split(/\r?\n/)
    .slice(from - 1, to)
    .join("\n");
  return (
    path.endsWith(".py") ||
    !/^(?:\s*(?:\/\/.*|\/\*[\s\S]*?\*\/))*\s*export\s+(?:declare\s+)?(?:type|interface)\b/.test(body)
  );
}
