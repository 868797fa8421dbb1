import type { ShownText } from "./librarian.ts";
import type { WikiFacts, WikiPage } from "./wiki-page.ts";

const STOP = new Set(
  "the and for are was what which where when how does did with that this from into has have can not you our who why its it's about".split(
    " ",
  ),
);

/** Pages of a wiki, and the files that they cite, that bear on a question, the most telling first, within a budget of characters. */
export function textsFor(
  question: string,
  { pages, texts }: WikiFacts,
  most: number,
): { readonly shown: readonly ShownText[]; readonly left: readonly string[] } {
  const words = wordsOf(question);
  const concepts = pages.filter(({ kind }) => kind !== "schema" && kind !== "log");
  const ranked = ranking(concepts, words);
  const cited = [...new Set(ranked.slice(0, MOST_CITING).flatMap((page) => page.citations.map(({ path }) => path)))];
  const own = new Set(pages.map(({ path }) => path));
  const files = cited
    .filter((path) => !own.has(path))
    .flatMap((path) => (texts[path] === undefined ? [] : [{ path, text: texts[path] }]));
  return within([...ranked.map(({ path, text }) => ({ path, text })), ...files], most);
}

const MOST_CITING = 4;

/** Texts in their order as long as there is room; one that is too long is left out, and later ones may still fit. */
export function within(
  texts: readonly ShownText[],
  most: number,
): { readonly shown: readonly ShownText[]; readonly left: readonly string[] } {
  let room = most;
  const shown: ShownText[] = [];
  const left: string[] = [];
  for (const one of texts) {
    if (one.text.length > room) left.push(one.path);
    else {
      shown.push(one);
      room -= one.text.length;
    }
  }
  return { shown, left };
}

/** The index first, then pages by how many of the words they hold, rare ones counting more; pages without any come last. */
function ranking(pages: readonly WikiPage[], words: readonly string[]): readonly WikiPage[] {
  const holds = new Map(
    pages.map((page) => [page, new Set(wordsOf(`${page.title} ${page.aliases.join(" ")} ${page.text}`))] as const),
  );
  const rarity = (word: string) =>
    Math.log(1 + pages.length / (1 + pages.filter((page) => holds.get(page)?.has(word)).length));
  const weight = (page: WikiPage) => {
    if (page.kind === "index") return Number.POSITIVE_INFINITY;
    const title = new Set(wordsOf([page.title, ...page.aliases].join(" ")));
    const found = words.filter((word) => holds.get(page)?.has(word));
    return (
      found.reduce((sum, word) => sum + rarity(word) * (title.has(word) ? 3 : 1), 0) -
      (page.kind === "report" ? 0.5 : 0)
    );
  };
  const weights = new Map(pages.map((page) => [page, weight(page)] as const));
  return [...pages].sort((one, two) => {
    const [first = 0, second = 0] = [weights.get(one), weights.get(two)];
    if (first !== second) return first > second ? -1 : 1;
    return one.path < two.path ? -1 : 1;
  });
}

function wordsOf(text: string): readonly string[] {
  const words =
    text
      .replace(/([a-z])([A-Z])/g, "$1 $2")
      .toLowerCase()
      .match(/[\p{L}\p{N}]{3,}/gu) ?? [];
  return [
    ...new Set(words.filter((word) => !STOP.has(word)).map((word) => word.replace(/(?<=\w{3})(?:es|s|ing|ed)$/, ""))),
  ];
}
