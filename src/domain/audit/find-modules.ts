import { symbolsOf } from "../outline.ts";
import { type FinderReport, reportOfSignals, type Signal, signalAt, weights } from "./signal.ts";
import { fanIn, type ImportGraph, importCycles, type SourceFile } from "./source.ts";

/** What a file is as a module. */
export interface ModuleMeasure {
  readonly path: string;
  /** Lines that hold something. */
  readonly lines: number;
  /** Names that others can see: its surface. */
  readonly surface: number;
  /** Lines behind each such name: a deep module has many. */
  readonly depth: number;
  readonly fanIn: number;
  readonly fanOut: number;
}

/** The modules of a repository, tests left out, the most imported first. */
export function measureModules(files: readonly SourceFile[], graph: ImportGraph): readonly ModuleMeasure[] {
  const code = files.filter(({ isTest }) => !isTest);
  const own = new Set(code.map(({ path }) => path));
  const counts = fanIn(new Map([...graph].filter(([path]) => own.has(path))));
  return code
    .map(({ path, text, outline }) => {
      const lines = text.split("\n").filter((line) => line.trim() !== "").length;
      const surface = outline.chunks.some(({ exported }) => exported) ? symbolsOf(outline).length : 0;
      const depth = surface === 0 ? lines : Math.round((10 * lines) / surface) / 10;
      return { path, lines, surface, depth, fanIn: counts.get(path) ?? 0, fanOut: graph.get(path)?.size ?? 0 };
    })
    .sort((a, b) => b.fanIn - a.fanIn || b.lines - a.lines || (a.path < b.path ? -1 : 1));
}

const WIDE_SURFACE = 15;
const MANY_IMPORTS = 15;
const SHALLOW = { surface: 6, depth: 4 } as const;

/** Circles of imports, wide surfaces, shallow modules, files that know too many others, files that are two. */
export function findModules(files: readonly SourceFile[], graph: ImportGraph): FinderReport {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const place = (path: string, claim: string, grades: ReturnType<typeof weights>): readonly Signal[] => {
    const file = byPath.get(path);
    return file
      ? [signalAt({ file, from: 1 + firstWritten(file) }, { by: "modules", kind: "refactor", claim, weights: grades })]
      : [];
  };
  const code = new Map([...graph].filter(([path]) => byPath.get(path)?.isTest === false));
  const cycles = importCycles(code).flatMap((group) =>
    place(
      group[0] ?? "",
      `${group.length} files import one another in a circle: ${group.slice(0, 6).join(", ")}${group.length > 6 ? ", …" : ""}.`,
      weights("medium", "medium", "medium", "high"),
    ),
  );
  const measured = measureModules(files, graph).flatMap((module) =>
    saidOf(module).flatMap((claim) => place(module.path, claim, weights("low", "medium", "medium", "medium"))),
  );
  return reportOfSignals("modules", "cycles, coupling, surface, depth, cohesion", [
    ...cycles,
    ...measured,
    ...findSplit(files),
  ]);
}

function saidOf({ path, surface, depth, fanIn: callers, fanOut }: ModuleMeasure): readonly string[] {
  const isIndex = /(?:^|\/)(?:index|__init__|types?)\.\w+$/.test(path);
  return [
    ...(surface > WIDE_SURFACE && !isIndex
      ? [`The module offers ${surface} names to ${callers} files: a wide surface.`]
      : []),
    ...(fanOut > MANY_IMPORTS && !isIndex ? [`The file imports ${fanOut} others: it knows too much.`] : []),
    ...(surface >= SHALLOW.surface && depth < SHALLOW.depth && callers > 0 && !isIndex
      ? [`The module offers ${surface} names over ${depth} lines each: it is shallow.`]
      : []),
  ];
}

function firstWritten({ text }: SourceFile): number {
  const at = text.split(/\r?\n/).findIndex((line) => /[A-Za-z]/.test(line) && !/^\s*(?:\/\/|\/?\*|#)/.test(line));
  return Math.max(0, at);
}

/** Files whose parts fall into groups that never name each other. */
function findSplit(files: readonly SourceFile[]): readonly Signal[] {
  return files
    .filter(({ isTest, path }) => !isTest && /\.(?:[cm]?[jt]sx?|py)$/.test(path))
    .flatMap((file) => {
      const groups = groupsIn(file).filter((group) => group.length >= 2);
      const [first, second] = groups;
      if (!first || !second) return [];
      const told = [first, second].map((group) =>
        group
          .map(({ name }) => name)
          .slice(0, 5)
          .join(", "),
      );
      const claim = `The file holds groups that never name each other: ${told.join("; and ")}.`;
      const said = { by: "modules", kind: "refactor", claim } as const;
      const from = second[0]?.from ?? 1;
      return [signalAt({ file, from, to: from }, { ...said, weights: weights("low", "small", "low", "low") })];
    });
}

function groupsIn({ text, outline }: SourceFile) {
  const parts = outline.chunks.filter(({ titled, name }) => !titled && name !== "default");
  const lines = text.split(/\r?\n/);
  const words = parts.map(
    ({ from, to }) =>
      new Set(
        lines
          .slice(from - 1, to)
          .join("\n")
          .match(/[A-Za-z_$][\w$]*/g) ?? [],
      ),
  );
  const group = parts.map((_, at) => at);
  const top = (at: number): number => (group[at] === at ? at : top(group[at] ?? at));
  for (const [at, said] of words.entries())
    for (const [other, part] of parts.entries()) if (other !== at && said.has(part.name)) group[top(at)] = top(other);
  const byTop = new Map<number, (typeof parts)[number][]>();
  for (const [at, part] of parts.entries()) byTop.set(top(at), [...(byTop.get(top(at)) ?? []), part]);
  return [...byTop.values()].sort((a, b) => b.length - a.length);
}
