import { type PastCommit, pastCommits } from "../adapters/git/system/history.ts";
import { treeTexts } from "../adapters/retrieval/local/tree-texts.ts";
import { type CodeSearch, fusedSearch, MOST_VECTORS, vectorIndex } from "../adapters/retrieval/local/vector-index.ts";
import { wordIndex } from "../adapters/retrieval/local/word-index.ts";
import { type Place, questionOf, scoresOf, verdictOf } from "../domain/memory-bench.ts";
import { InputError } from "../domain/step-failure.ts";
import { embeddingOf, openFileStore, openVectorStore } from "./index-vectors.ts";
import { type IndexVerdict, writeVerdict } from "./index-verdict.ts";
import { type RulesPlace, withGit } from "./memory-rules.ts";

/** Newest commits that are asked about, and the share of a shorter history. */
const MOST_COMMITS = 300;
const SHARE = 2 / 3;
/** A commit that touches more files than this is about none of them. */
const MOST_FILES = 20;
const DEEP = 100;

interface Query {
  readonly text: string;
  readonly wanted: ReadonlySet<string>;
}

/**
 * Measures on this repository's own history how well words, and words with vectors, find the files that a commit changed
 * from its subject; the index is made at a commit before all of them. Keeps the verdict that retrieval goes by.
 * @throws InputError without a history; StepFailure when the embedding model does not answer
 */
export async function benchIndex(place: RulesPlace, told: (what: string) => void): Promise<IndexVerdict> {
  const embedding = embeddingOf(place.config, process.env);
  return withGit(place, async (git, inspection) => {
    const head = inspection.head ?? "";
    const all = await pastCommits(inspection, head, MOST_COMMITS * 2);
    const asked = all.slice(0, Math.min(MOST_COMMITS, Math.floor(all.length * SHARE)));
    const before = all[asked.length];
    if (before === undefined || asked.length === 0)
      throw new InputError(["There is too little history: no commit lies before those that could be asked about."]);
    const texts = treeTexts(git, await openFileStore(place.stateDir));
    const tree = (await git.resolve(before.commit))?.tree ?? "";
    const files = await texts(tree);
    told(`${files.code.length} files at ${before.commit.slice(0, 10)}, ${asked.length} commits after it`);
    const queries = queriesOf(asked, new Set(files.code.map(({ path }) => path)));
    if (queries.length === 0)
      throw new InputError([
        `There is nothing to ask about: none of the ${asked.length} commits changes a code file that was there before and says so in its subject.`,
      ]);
    const words = await wordIndex(files);
    const byWords: CodeSearch = { search: async (text, most) => words.search(text, most) };
    const paths = files.code.map(({ path }) => path);
    const places = (search: CodeSearch) => placesOf(queries, search, paths);
    const found = { words: await places(byWords) };
    const base = {
      version: 1 as const,
      indexed: before.commit,
      newest: asked[0]?.commit ?? head,
      files: files.code.length,
      parts: words.entries.length,
    };
    const own = { name: "words", scores: scoresOf(found.words) };
    if (embedding === undefined) return keep(place, { ...base, ways: [own], verdict: { kind: "no-model" } });
    told(`${Math.min(words.entries.length, MOST_VECTORS)} parts become vectors of ${embedding.model}`);
    const vectors = await vectorIndex(words.entries, embedding, await openVectorStore(place.stateDir, embedding.model));
    const byVectors = await places(vectors);
    const together = await places(fusedSearch(words, vectors));
    return keep(place, {
      ...base,
      model: embedding.model,
      ways: [
        own,
        { name: "vectors", scores: scoresOf(byVectors) },
        { name: "words and vectors", scores: scoresOf(together) },
      ],
      verdict: verdictOf(found.words, together),
    });
  });
}

async function keep({ stateDir }: RulesPlace, verdict: IndexVerdict): Promise<IndexVerdict> {
  await writeVerdict(stateDir, verdict);
  return verdict;
}

function queriesOf(commits: readonly PastCommit[], known: ReadonlySet<string>): readonly Query[] {
  return commits.flatMap(({ subject, changed }) => {
    const text = questionOf(subject);
    const wanted = new Set(changed.filter((path) => known.has(path)));
    return text === undefined || wanted.size === 0 || changed.length > MOST_FILES ? [] : [{ text, wanted }];
  });
}

/**
 * For each query the place of the first file that was changed, among the files in the order of their best parts. Those that
 * were not found follow in the order of the tree, else a way that orders everything anyhow would beat one that is silent.
 */
async function placesOf(
  queries: readonly Query[],
  search: CodeSearch,
  rest: readonly string[],
): Promise<readonly Place[]> {
  const places: Place[] = [];
  for (const { text, wanted } of queries) {
    const found = (await search.search(text, DEEP)).map(({ file }) => file.path);
    const paths = [...new Set([...found, ...rest])];
    places.push(paths.findIndex((path) => wanted.has(path)) + 1);
  }
  return places;
}
