import { createHash } from "node:crypto";
import { linesOf } from "../../../domain/outline.ts";
import type { IndexStore } from "./index-store.ts";
import { type Entry, placeOf, type WordHit, type WordIndex } from "./word-index.ts";

/** What makes vectors of texts; given from outside, as models are another room. */
export interface Embedding {
  readonly model: string;
  /** @throws StepFailure when its server does not answer */
  embed(texts: readonly string[], as: "query" | "document"): Promise<readonly Float32Array[]>;
}

/** A search for the parts that bear on a text, best first. */
export interface CodeSearch {
  search(text: string, most: number): Promise<readonly WordHit[]>;
}

/** Characters of a part that its vector is made of. */
const LONGEST = 2000;
/** Parts above which a repository gets no vectors: making them would take longer than they could save. */
export const MOST_VECTORS = 20_000;
/** How much a place further back counts for less: of reciprocal rank fusion. */
const FUSION = 60;
const DEEP = 100;

/** The parts nearest to a text by their vectors; what is not in `store` is asked of the model, once, and kept there. */
export async function vectorIndex(
  entries: readonly Entry[],
  { model, embed }: Embedding,
  store: IndexStore<string>,
): Promise<CodeSearch> {
  const texts = entries.slice(0, MOST_VECTORS).map(textOf);
  const keys = texts.map((text) => digest(`${model}\0${text}`));
  const missing = [...new Map(keys.map((key, at) => [key, texts[at] ?? ""])).entries()].filter(
    ([key]) => store.get(key) === undefined,
  );
  const made = await embed(
    missing.map(([, text]) => text),
    "document",
  );
  for (const [at, [key]] of missing.entries()) store.set(key, written(made[at] ?? new Float32Array()));
  await store.save(new Set(keys));
  const vectors = keys.map((key) => unit(readVector(store.get(key) ?? "")));
  return {
    async search(text, most) {
      const [asked = new Float32Array()] = await embed([text.slice(0, LONGEST)], "query");
      const query = unit(asked);
      const hits = vectors.flatMap((vector, at) => {
        const entry = entries[at];
        return entry === undefined ? [] : [{ ...entry, score: dot(query, vector) }];
      });
      return hits.sort((a, b) => b.score - a.score || (placeOf(a) < placeOf(b) ? -1 : 1)).slice(0, most);
    },
  };
}

/** Words and vectors together: a part counts by its places in both. */
export function fusedSearch(words: WordIndex, vectors: CodeSearch): CodeSearch {
  return {
    async search(text, most) {
      const lists = [words.search(text, DEEP), await vectors.search(text, DEEP)];
      const scores = new Map<string, WordHit>();
      for (const list of lists)
        for (const [at, hit] of list.entries()) {
          const before = scores.get(placeOf(hit))?.score ?? 0;
          scores.set(placeOf(hit), { ...hit, score: before + 1 / (FUSION + at) });
        }
      const all = [...scores.entries()].sort(([a, one], [b, two]) => two.score - one.score || (a < b ? -1 : 1));
      return all.slice(0, most).map(([, hit]) => hit);
    },
  };
}

function textOf({ file, chunk }: Entry): string {
  const head = [file.path, file.summary, chunk.name].filter((part) => part !== "").join("\n");
  return `${head}\n${linesOf(file.text, chunk.from, chunk.to)}`.slice(0, LONGEST);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function written(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString("base64");
}

function readVector(text: string): Float32Array {
  const bytes = Buffer.from(text, "base64");
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~3)));
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  return length === 0 || !Number.isFinite(length) ? vector : vector.map((one) => one / length);
}

function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < Math.min(left.length, right.length); at++) sum += (left[at] ?? 0) * (right[at] ?? 0);
  return sum;
}
