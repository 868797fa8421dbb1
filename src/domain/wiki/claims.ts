import { citationText, lineOfSymbol, linesAt } from "./citation.ts";
import type { WikiFinding } from "./finding.ts";
import type { Citation, WikiFacts, WikiPage } from "./wiki-page.ts";

/** Citations of files, lines and names that are not there. */
export function brokenCitations(page: WikiPage, facts: WikiFacts): readonly WikiFinding[] {
  const there = new Set(facts.paths);
  return page.citations.flatMap((citation): readonly WikiFinding[] => {
    const why = brokenBy(citation, facts, there);
    if (why === undefined) return [];
    return [{ kind: "dead-link", path: page.path, line: citation.line, message: why, quote: citationText(citation) }];
  });
}

function brokenBy(citation: Citation, { texts, paths }: WikiFacts, there: ReadonlySet<string>): string | undefined {
  const { path, lines, symbol, certain } = citation;
  if (!there.has(path)) {
    const folder = path.split("/").slice(0, -1).join("/");
    const isOfHere = folder !== "" && paths.some((other) => other.startsWith(`${folder}/`));
    return certain || isOfHere ? `It cites ${path}, which is not there.` : undefined;
  }
  const text = texts[path];
  if (text === undefined) return undefined;
  if (lines !== undefined && linesAt(text, lines) === undefined)
    return `It cites ${citationText(citation)}, and the file has ${countOf(text)} lines.`;
  if (symbol !== undefined && !isAnchorOfMarkdown(citation) && lineOfSymbol(text, symbol) === undefined)
    return `It cites ${citationText(citation)}, and the file has no ${symbol}.`;
  return undefined;
}

function isAnchorOfMarkdown({ path }: Citation): boolean {
  return path.endsWith(".md");
}

function countOf(text: string): number {
  return text.replace(/\n$/, "").split("\n").length;
}

const CALL = /^(?:[A-Za-z_$][\w$]*\.)*([A-Za-z_$][\w$]*)\([^`]*\)$/;
const IDENTIFIER = /^(?:[a-z]+[A-Z]\w*|[A-Z][a-z0-9]+[A-Z]\w*|[a-z]+(?:_[a-z0-9]+)+)$/;

/** Names of code that a page speaks of and that no file that it cites has: each name once. */
export function uncitedNames(page: WikiPage, { texts }: WikiFacts): readonly WikiFinding[] {
  if (!["concept", "context"].includes(page.kind)) return [];
  const cited = new Set([...page.citations.map(({ path }) => path), ...page.sources.map(({ path }) => path)]);
  const known = [...cited].flatMap((path) => texts[path] ?? []);
  const seen = new Set<string>();
  return page.blocks.flatMap(({ code, line }) =>
    code.flatMap((text): readonly WikiFinding[] => {
      const name = codeName(text);
      if (name === undefined || seen.has(name)) return [];
      seen.add(name);
      if (known.some((file) => lineOfSymbol(file, name) !== undefined)) return [];
      const message =
        cited.size === 0
          ? `It speaks of \`${text}\` and cites no file of the code.`
          : `It speaks of \`${text}\`, and no file that it cites has ${name}.`;
      return [{ kind: "data-gap", path: page.path, line, message, quote: text }];
    }),
  );
}

/** The name of code that a text in backticks is, when it can be nothing else: a call, or a name with a hump or an underscore. */
export function codeName(code: string): string | undefined {
  const text = code.trim();
  return CALL.exec(text)?.[1] ?? (IDENTIFIER.test(text) ? text : undefined);
}
