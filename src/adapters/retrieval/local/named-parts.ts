import { type Chunk, linesOf, symbolsOf } from "../../../domain/outline.ts";
import { wordsOf } from "../../../domain/outline-text.ts";
import { kindOfPath } from "../../../domain/paths.ts";
import type { RelatedPart, RelatedQuestion, Relation } from "../../../domain/related.ts";
import type { ToolProfile } from "../../../domain/tool-profile.ts";
import type { CodeFile, TreeTexts } from "./tree-texts.ts";

/** Names shorter than this are words of every text. */
const SHORTEST_NAME = 4;
const MOST_OF_A_KIND = 6;

interface Known {
  /** Files that are shown anyway. */
  readonly taken: ReadonlySet<string>;
  readonly profile: ToolProfile;
}

/**
 * Exact look-ups: where the names that the question holds are defined elsewhere, then the tests and the callers of the
 * names that the shown files define, those with the most names first.
 */
export function namedParts(question: RelatedQuestion, now: TreeTexts, known: Known): readonly RelatedPart[] {
  const words = wordsOf(question.text);
  const asked = [...words].filter((word) => word.length >= SHORTEST_NAME && /[a-z][A-Z]|_|^[A-Z]/.test(word));
  const touched = question.paths
    .flatMap((path) => symbolsOf(now.file(path)?.outline ?? { path, chunks: [] }))
    .filter((name) => name.length >= SHORTEST_NAME && words.has(name));
  const others = now.code.filter((file) => !known.taken.has(file.path));
  const isTest = (file: CodeFile) => kindOfPath(file.path, known.profile) === "test";
  const defined = definitions(new Set(asked), others);
  if (question.purpose === "tests") return [...defined, ...uses(touched, others.filter(isTest), "test")];
  return [
    ...defined,
    ...uses(touched, others.filter(isTest), "test"),
    ...uses(
      touched,
      others.filter((file) => !isTest(file)),
      "caller",
    ),
  ];
}

function definitions(names: ReadonlySet<string>, files: readonly CodeFile[]): readonly RelatedPart[] {
  const found = files.flatMap((file) =>
    file.outline.chunks.filter((chunk) => names.has(chunk.name)).map((chunk) => part("definition", file, chunk)),
  );
  return found.slice(0, MOST_OF_A_KIND);
}

function uses(names: readonly string[], files: readonly CodeFile[], relation: Relation): readonly RelatedPart[] {
  if (names.length === 0) return [];
  const pattern = new RegExp(`(?<![\\w$])(?:${names.map(escaped).join("|")})(?![\\w$])`, "g");
  const found = files.flatMap((file) => {
    if (file.text.search(pattern) < 0) return [];
    return file.outline.chunks.flatMap((chunk) => {
      const text = linesOf(file.text, chunk.from, chunk.to);
      const count = new Set(text.match(pattern) ?? []).size;
      return count === 0 ? [] : [{ count, part: part(relation, file, chunk) }];
    });
  });
  return found
    .sort((a, b) => b.count - a.count || compare(a.part, b.part))
    .slice(0, MOST_OF_A_KIND)
    .map((use) => use.part);
}

function compare(a: RelatedPart, b: RelatedPart): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return (a.lines?.from ?? 0) - (b.lines?.from ?? 0);
}

function part(relation: Relation, file: CodeFile, chunk: Chunk): RelatedPart {
  const { from, to } = chunk;
  return { relation, path: file.path, lines: { from, to }, text: linesOf(file.text, from, to) };
}

function escaped(name: string): string {
  return name.replace(/[$]/g, "\\$&");
}
