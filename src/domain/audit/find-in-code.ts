import type { Diagnostic } from "../diagnostic.ts";
import { declarationIn } from "./find-untested.ts";
import { functionsOf } from "./functions.ts";
import { type FinderReport, reportOfSignals, type Signal, signalAt, weights } from "./signal.ts";
import type { SourceFile } from "./source.ts";

const MOST_BRANCHES = 12;
const MOST_LINES = 80;

/** Functions with more branches or lines than one can hold in mind. */
export function findComplexity(files: readonly SourceFile[]): FinderReport {
  const signals = files
    .filter(({ isTest }) => !isTest)
    .flatMap((file) =>
      functionsOf(file)
        .filter(({ complexity, from, to }) => complexity > MOST_BRANCHES || to - from >= MOST_LINES)
        .map(({ name, complexity, from, to }): Signal => {
          const claim = `${name} has a complexity of ${complexity} in ${to - from + 1} lines.`;
          const impact = complexity > 2 * MOST_BRANCHES ? "medium" : "low";
          const said = { by: "complexity", kind: "refactor", claim } as const;
          return signalAt({ file, from, to }, { ...said, weights: weights(impact, "medium", "medium", "high") });
        }),
    );
  return reportOfSignals("complexity", `more than ${MOST_BRANCHES} branches or ${MOST_LINES} lines`, signals);
}

/** When a line was last written, in seconds since 1970. */
export type LineDates = ReadonlyMap<string, ReadonlyMap<number, number>>;

const MARK = /(?:^|[^\w])(TODO|FIXME|XXX|HACK)\b[:(\s]/;
const OLD_DAYS = 90;

/** Lines that say that something is left to do. */
export function marksIn({ text }: SourceFile): readonly number[] {
  return text
    .split(/\r?\n/)
    .flatMap((line, at) => (MARK.test(line) && /(?:\/\/|\/?\*|#|<!--)/.test(line) ? [at + 1] : []));
}

/** What was left to do, and since when; `now` in seconds since 1970. */
export function findMarks(files: readonly SourceFile[], dates: LineDates, now: number): FinderReport {
  const signals = files.flatMap((file) =>
    marksIn(file).map((line) => markSignal(file, line, ageInDays(dates.get(file.path)?.get(line), now))),
  );
  return reportOfSignals("todo", "TODO, FIXME, XXX and HACK, with the age that git knows", signals);
}

function markSignal(file: SourceFile, line: number, days: number | undefined): Signal {
  const word = MARK.exec(file.text.split(/\r?\n/)[line - 1] ?? "")?.[1] ?? "TODO";
  const age = days === undefined ? "" : ` for ${days} day${days === 1 ? "" : "s"}`;
  const impact = word === "FIXME" || word === "XXX" ? "medium" : "low";
  const grades = weights(impact, "medium", "low", (days ?? 0) >= OLD_DAYS ? "medium" : "low");
  const claim = `A ${word} has stood here${age}.`;
  return signalAt({ file, from: line }, { by: "todo", kind: "debt", claim, weights: grades });
}

function ageInDays(date: number | undefined, now: number): number | undefined {
  return date === undefined ? undefined : Math.max(0, Math.floor((now - date) / 86_400));
}

/** What the target's type checker complains of as the repository stands. */
export function findTypeErrors(
  files: readonly SourceFile[],
  diagnostics: readonly Diagnostic[],
  how: string,
): FinderReport {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const signals = diagnostics.flatMap(({ path, line, code, message }): readonly Signal[] => {
    const file = byPath.get(path);
    if (!file) return [];
    const claim = `${code}: ${message.slice(0, 300)}`;
    const grades = weights(file.isTest ? "low" : "medium", "small", "low", "high");
    return [signalAt({ file, from: Math.max(1, line) }, { by: "types", kind: "bug", claim, weights: grades })];
  });
  return reportOfSignals("types", how, signals);
}

/** Exported functions and classes without a word above them, one signal a file. */
export function findUndocumented(files: readonly SourceFile[]): FinderReport {
  const signals = files
    .filter(({ isTest, path }) => !isTest && !/\.d\.[cm]?ts$/.test(path))
    .flatMap((file) => {
      const open = file.outline.chunks.filter(({ exported }) => exported);
      const bare = open.filter((chunk) => !isExplained(file, chunk));
      const [first] = bare;
      if (first === undefined || bare.length * 2 <= open.length) return [];
      const names = bare.map(({ name }) => name);
      const claim = `${names.length} of ${open.length} exports have no documentation: ${names.slice(0, 8).join(", ")}.`;
      const said = { by: "documentation", kind: "missing-docs", claim } as const;
      const from = declarationIn(file, first);
      return [
        signalAt(
          { file, from },
          { ...said, weights: weights(names.length >= 4 ? "medium" : "low", "small", "low", "medium") },
        ),
      ];
    });
  return reportOfSignals("documentation", "exports without a comment or docstring, where most have none", signals);
}

function isExplained(
  file: SourceFile,
  chunk: { readonly from: number; readonly to: number; readonly name: string },
): boolean {
  const lines = file.text.split(/\r?\n/);
  const at = declarationIn(file, chunk);
  if (/^\s*(?:\/\/|\/?\*|#(?!!))/.test(lines[at - 2] ?? "")) return true;
  return (
    file.path.endsWith(".py") &&
    lines.slice(at, Math.min(chunk.to, at + 12)).some((line) => /^\s*[rRuU]?("""|''')/.test(line))
  );
}
