import type MiniSearch from "minisearch";
import type { Chunk } from "../../../domain/outline.ts";
import { linesOf } from "../../../domain/outline.ts";
import type { CodeFile, TreeTexts } from "./tree-texts.ts";

/** A part of a file that has the words of a question, with how well it fits; higher is better. */
export interface WordHit {
  readonly file: CodeFile;
  readonly chunk: Chunk;
  readonly score: number;
}

export interface WordIndex {
  /** Every part that is indexed. */
  readonly entries: readonly Entry[];
  /** The best parts, at most `most`; the same tree and text, the same answer. */
  search(text: string, most: number): readonly WordHit[];
}

/** A part of a file. */
export type Entry = Pick<WordHit, "file" | "chunk">;

/** How much a file's other parts count for one of its parts. */
const FILE_SHARE = 0.3;
const LONGEST_CHUNK = 120;

/** Indexes every function of a tree's code files (BM25 over names, paths and words, identifiers taken apart). */
export async function wordIndex(texts: TreeTexts): Promise<WordIndex> {
  const { default: Search } = await import("minisearch");
  const entries: Entry[] = texts.code.flatMap((file) => chunksOf(file).map((chunk) => ({ file, chunk })));
  const index: MiniSearch = new Search({
    fields: ["name", "path", "text"],
    tokenize: (text) => text.split(" "),
    processTerm: (term) => term,
    searchOptions: { boost: { name: 3, path: 2 } },
  });
  index.addAll(
    entries.map(({ file, chunk }, id) => ({
      id,
      name: termsOf(chunk.name),
      path: termsOf(file.path),
      text: termsOf(linesOf(file.text, chunk.from, chunk.to)),
    })),
  );
  return {
    entries,
    search(text, most) {
      const found = index.search(termsOf(text)).slice(0, most * 10);
      return ranked(found.map(({ id, score }) => ({ ...(entries[id as number] as Entry), score }))).slice(0, most);
    },
  };
}

function chunksOf({ outline, text }: CodeFile): readonly Chunk[] {
  const whole = { name: "", from: 1, to: Math.min(LONGEST_CHUNK, text.split("\n").length), exported: false };
  if (outline.chunks.length === 0) return [whole];
  return outline.chunks.flatMap(pieces);
}

/** A long part, a class say, in pieces: what is found shall be worth its tokens. */
function pieces(chunk: Chunk): readonly Chunk[] {
  const count = Math.ceil((chunk.to - chunk.from + 1) / LONGEST_CHUNK);
  return Array.from({ length: count }, (_one, at) => ({
    ...chunk,
    from: chunk.from + at * LONGEST_CHUNK,
    to: Math.min(chunk.to, chunk.from + (at + 1) * LONGEST_CHUNK - 1),
  }));
}

/** A part of a file that fits as a whole is worth more than a lone one. */
function ranked(hits: readonly WordHit[]): readonly WordHit[] {
  const files = new Map<string, number>();
  for (const hit of hits) files.set(hit.file.path, (files.get(hit.file.path) ?? 0) + hit.score);
  const worth = (hit: WordHit) => Math.round(1e6 * (hit.score + FILE_SHARE * (files.get(hit.file.path) ?? 0)));
  return [...hits].sort((a, b) => worth(b) - worth(a) || placeOf(a).localeCompare(placeOf(b), "en"));
}

/** Where a part is, so that places sort as they stand in the tree. */
export function placeOf({ file, chunk }: Entry): string {
  return `${file.path}:${String(chunk.from).padStart(7, "0")}`;
}

/** Words so common in code that they say nothing. */
const COMMON = new Set(
  "the and for with that this from import export const let var function return def class self new async await true false null none undefined string number boolean not are was has have must may its when then else".split(
    " ",
  ),
);

/** Different words of a text in lower case, identifiers whole and taken apart, each once. */
export function termsOf(text: string): string {
  const words = new Set((text.match(/[A-Za-z][A-Za-z0-9_]{2,}/g) ?? []).filter((word) => word.length <= LONGEST_WORD));
  const terms = new Set([...words].flatMap(partsOf));
  return [...terms].filter((term) => !COMMON.has(term)).join(" ");
}

const LONGEST_WORD = 40;

function partsOf(word: string): readonly string[] {
  if (!/[a-z][A-Z]|_/.test(word)) return [word.toLowerCase()];
  const parts = word.split(/_|(?<=[a-z0-9])(?=[A-Z])/).filter((part) => part.length > 2);
  return [word, ...parts].map((part) => part.toLowerCase());
}
