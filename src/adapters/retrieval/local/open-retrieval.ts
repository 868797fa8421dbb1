import { linesOf } from "../../../domain/outline.ts";
import { wordsOf } from "../../../domain/outline-text.ts";
import { kindOfPath } from "../../../domain/paths.ts";
import { importCandidates, isTestSupport, type RelatedPart, type RelatedQuestion } from "../../../domain/related.ts";
import type { ToolProfile } from "../../../domain/tool-profile.ts";
import type { TreeId } from "../../../domain/work.ts";
import type { Git, Retrieval } from "../../../engine/ports.ts";
import type { IndexStore } from "./index-store.ts";
import { namedParts } from "./named-parts.ts";
import { type CodeFile, type KeptFile, type TreeTexts, treeTexts } from "./tree-texts.ts";
import type { CodeSearch } from "./vector-index.ts";
import { type WordIndex, wordIndex } from "./word-index.ts";

/** Code files up to which everything is found by names and imports, and nothing is indexed. */
const TINY = 60;
const MOST_SUPPORT = 8;
const MOST_IMPORTED = 8;
const MOST_HITS = 12;

export interface OpenRetrieval {
  readonly git: Pick<Git, "list" | "readBlob">;
  readonly profile: ToolProfile;
  /** What was found in files before; absent: nothing is kept. */
  readonly store?: IndexStore<KeptFile>;
  /** Makes the search that takes the words' place; absent, or undefined as its answer: words alone. */
  readonly better?: (words: WordIndex) => Promise<CodeSearch | undefined>;
}

/** Chooses code by imports, exact names and, in larger repositories, words. Nothing is read before the first question. */
export function openRetrieval({ git, profile, store, better }: OpenRetrieval): Retrieval {
  const texts = treeTexts(git, store);
  const indexed = lastIndexed(better ?? (async () => undefined));
  return {
    async outline(tree) {
      return (await texts(tree)).code.map((file) => file.outline);
    },
    async related(question) {
      const now = await texts(question.tree);
      const around = [...supportOf(now, profile), ...importedBy(question.paths, now)];
      const taken = new Set([...question.paths, ...around.map((part) => part.path)]);
      const named = namedParts(question, now, { taken, profile });
      const example = exampleFor(question, now, { profile, taken, named });
      const isTiny = now.code.length <= TINY;
      const found = isTiny ? [] : await byWords(question, { now, texts, indexed, taken });
      // Whoever writes tests has seen with the example how these names are tested.
      const told = example.length === 0 ? named : named.filter((part) => part.relation !== "test");
      return unique([
        ...around,
        ...example,
        ...within([...told, ...found], isTiny ? question.room / 2 : question.room),
      ]);
    },
  };
}

type IndexOf = (tree: TreeId, texts: TreeTexts) => Promise<CodeSearch>;

/** One index at a time: a plan asks about one tree. */
function lastIndexed(better: NonNullable<OpenRetrieval["better"]>): IndexOf {
  let last: { tree: TreeId; index: Promise<CodeSearch> } | undefined;
  const made = async (texts: TreeTexts): Promise<CodeSearch> => {
    const words = await wordIndex(texts);
    return (await better(words)) ?? { search: async (text, most) => words.search(text, most) };
  };
  return (tree, texts) => {
    if (last?.tree !== tree) last = { tree, index: made(texts) };
    return last.index;
  };
}

function supportOf(now: TreeTexts, profile: ToolProfile): readonly RelatedPart[] {
  return now.code
    .filter(({ path }) => isTestSupport(path, profile))
    .slice(0, MOST_SUPPORT)
    .map(({ path, text }) => ({ relation: "fixture", path, text }));
}

/** Files of the repository that the named ones import, one step away. */
function importedBy(paths: readonly string[], now: TreeTexts): readonly RelatedPart[] {
  const found = new Map<string, CodeFile>();
  for (const path of paths.slice(0, 12)) {
    const text = now.file(path)?.text ?? "";
    for (const candidate of importCandidates(path, text)) {
      const file = now.file(candidate);
      if (file && !paths.includes(candidate) && file.text.trim() !== "") found.set(candidate, file);
    }
  }
  return [...found.values()].slice(0, MOST_IMPORTED).map(({ path, text }) => ({ relation: "imported", path, text }));
}

/** A test file that shows how tests look here: the one that tests the most of what is named, else the nearest. */
function exampleFor(
  question: RelatedQuestion,
  now: TreeTexts,
  known: { profile: ToolProfile; taken: ReadonlySet<string>; named: readonly RelatedPart[] },
): readonly RelatedPart[] {
  const isTest = (path: string) => kindOfPath(path, known.profile) === "test";
  if (question.purpose === "code" || question.paths.some((path) => isTest(path) && now.file(path))) return [];
  const tested = known.named.find((part) => part.relation === "test");
  const words = wordsOf(question.text);
  const nearness = (file: CodeFile) => [...wordsOf(file.text)].filter((word) => words.has(word)).length;
  const tests = now.code.filter((file) => isTest(file.path) && !known.taken.has(file.path));
  const [nearest] = [...tests].sort((a, b) => nearness(b) - nearness(a) || (a.path < b.path ? -1 : 1));
  const chosen = tested ? now.file(tested.path) : nearest;
  return chosen ? [{ relation: "example", path: chosen.path, text: chosen.text }] : [];
}

interface Looking {
  readonly now: TreeTexts;
  readonly texts: (tree: TreeId) => Promise<TreeTexts>;
  readonly indexed: IndexOf;
  readonly taken: ReadonlySet<string>;
}

/** Parts with the words of the question; a file that has changed since the index is left to the names. */
async function byWords(question: RelatedQuestion, looking: Looking): Promise<readonly RelatedPart[]> {
  const old = await looking.texts(question.indexed);
  const index = await looking.indexed(question.indexed, old);
  return (await index.search(question.text, MOST_HITS))
    .filter(({ file }) => !looking.taken.has(file.path) && looking.now.file(file.path)?.text === file.text)
    .map(({ file, chunk }) => ({
      relation: "words",
      path: file.path,
      lines: { from: chunk.from, to: chunk.to },
      text: linesOf(file.text, chunk.from, chunk.to),
    }));
}

/** The first ones that fit into so many characters; one that is too long does not keep out those after it. */
function within(parts: readonly RelatedPart[], room: number): readonly RelatedPart[] {
  let left = room;
  return parts.filter((part) => {
    if (part.text.length > left) return false;
    left -= part.text.length;
    return true;
  });
}

function unique(parts: readonly RelatedPart[]): readonly RelatedPart[] {
  const seen = new Map<string, RelatedPart>();
  for (const part of parts) {
    const whole = seen.get(part.path);
    const key = part.lines ? `${part.path}:${part.lines.from}` : part.path;
    if (!whole && !seen.has(key)) seen.set(key, part);
  }
  return [...seen.values()];
}
