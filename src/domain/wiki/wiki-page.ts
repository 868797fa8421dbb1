import type { PageKind } from "./wiki-paths.ts";

/** What a page says of a place in the repository: a file, lines of it (1-based, inclusive), or a name in it. */
export interface Citation {
  readonly path: string;
  readonly lines?: { readonly from: number; readonly to: number };
  readonly symbol?: string;
  /** 1-based line of the page. */
  readonly line: number;
  /** True when it is written so that it can be nothing else: with lines, a name, or as a link. */
  readonly certain: boolean;
}

/** A link of a page. `target` is a path in the repository, without its anchor; empty: the page itself. */
export interface PageLink {
  readonly target: string;
  readonly anchor?: string;
  readonly text: string;
  readonly line: number;
  /** `[[Name]]`: `target` is then what stands between the brackets. */
  readonly kind: "path" | "name";
}

/** A paragraph, a list item or a row of a table, with the code that it names. */
export interface Block {
  readonly line: number;
  readonly section: number;
  /** Its words without code, links as their texts. */
  readonly prose: string;
  /** What stands in backticks. */
  readonly code: readonly string[];
  /** What is emphasised strongly. */
  readonly terms: readonly string[];
}

export interface Section {
  readonly title: string;
  readonly depth: number;
  readonly line: number;
  /** Number of blocks directly below the heading, and of all below it with its subsections. */
  readonly own: number;
  readonly all: number;
}

/** A source of a page: a file under `wiki/sources/` with the SHA-256 of its bytes. */
export interface PageSource {
  readonly path: string;
  readonly sha256: string;
}

/** A page as it was read. Data only. */
export interface WikiPage {
  readonly path: string;
  readonly kind: PageKind;
  readonly text: string;
  /** The first heading of the first level; the file's name when there is none. */
  readonly title: string;
  readonly titled: boolean;
  readonly aliases: readonly string[];
  /** The commit at which its claims were last checked, when the front matter says so. */
  readonly checked: string | undefined;
  /** The plan that a decision came from, when the front matter says so. */
  readonly plan: string | undefined;
  readonly sources: readonly PageSource[];
  readonly sections: readonly Section[];
  readonly blocks: readonly Block[];
  readonly links: readonly PageLink[];
  readonly citations: readonly Citation[];
  /** What is wrong with the front matter. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

/** Everything that rules look at, at one tree. */
export interface WikiFacts {
  readonly pages: readonly WikiPage[];
  /** Every path of the tree. */
  readonly paths: readonly string[];
  /** Texts of the files that pages cite and of their sources, by path; binary and missing ones are absent. */
  readonly texts: Readonly<Record<string, string>>;
}

/** Paths whose texts the rules need beside the pages' own. */
export function pathsNeeded(pages: readonly WikiPage[], paths: readonly string[]): readonly string[] {
  const there = new Set(paths);
  const wanted = pages.flatMap((page) => [
    ...page.citations.map(({ path }) => path),
    ...page.sources.map(({ path }) => path),
  ]);
  return [...new Set(wanted)].filter((path) => there.has(path)).sort();
}
