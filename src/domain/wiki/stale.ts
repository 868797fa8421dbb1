import { citationText, lineOfSymbol, linesAt } from "./citation.ts";
import type { WikiFinding } from "./finding.ts";
import type { Citation, WikiFacts, WikiPage } from "./wiki-page.ts";

/** The files that a page cites as they were when it was written. */
export interface Then {
  readonly commit: string;
  readonly texts: Readonly<Record<string, string>>;
}

/**
 * Claims whose lines are no longer what they were when the page was written. Text that only moved to another place comes with
 * its fix; spaces do not count.
 */
export function staleClaims(page: WikiPage, then: Then, { texts }: WikiFacts): readonly WikiFinding[] {
  return page.citations.flatMap((citation): readonly WikiFinding[] => {
    const [before, now] = [then.texts[citation.path], texts[citation.path]];
    if (before === undefined || before === now) return [];
    const stale = now === undefined ? undefined : changeOf(citation, before, now, then.commit);
    if (stale === undefined) return [];
    return [{ kind: "stale-claim", path: page.path, line: citation.line, quote: citationText(citation), ...stale }];
  });
}

type Change = Pick<WikiFinding, "message" | "fix">;

function changeOf(citation: Citation, before: string, now: string, commit: string): Change | undefined {
  const since = `since ${commit.slice(0, 10)}`;
  const { lines, symbol } = citation;
  if (symbol !== undefined) return symbolChange(citation, { before, now, since });
  if (lines === undefined) return undefined;
  const [was, is] = [linesAt(before, lines), linesAt(now, lines)];
  if (was === undefined || (is !== undefined && sameWords(was, is))) return undefined;
  const moved = placeOf(was, now);
  if (moved === undefined)
    return { message: `It cites ${citationText(citation)}, and these lines have changed ${since}.` };
  const to = citationText({ ...citation, lines: moved });
  return {
    message: `It cites ${citationText(citation)}, and these lines stand at ${to} now.`,
    fix: { kind: "replace", from: citationText(citation), to },
  };
}

interface Compared {
  readonly before: string;
  readonly now: string;
  readonly since: string;
}

function symbolChange(citation: Citation, { before, now, since }: Compared): Change | undefined {
  const { symbol = "", path } = citation;
  const was = declarationOf(before, symbol);
  if (was === undefined || lineOfSymbol(now, symbol) === undefined) return undefined;
  const is = declarationOf(now, symbol);
  if (is !== undefined && sameWords(was, is)) return undefined;
  return { message: `It cites ${path}#${symbol}, which has changed ${since}.` };
}

/** The only place at which these lines stand in a text now; undefined when nowhere, or at several. */
function placeOf(lines: string, text: string): { from: number; to: number } | undefined {
  const wanted = lines.split("\n").map(plain);
  if (wanted.join("").length < 3) return undefined;
  const all = text.split("\n").map(plain);
  const starts = all.flatMap((_, at) => (wanted.every((line, offset) => all[at + offset] === line) ? [at] : []));
  const [only] = starts.length === 1 ? starts : [];
  return only === undefined ? undefined : { from: only + 1, to: only + wanted.length };
}

const DECLARES = String.raw`(?:\b(?:function\*?|class|const|let|var|interface|type|enum|def|struct|fn|func|trait|module)\s+`;

/** A declaration from its line to the end of what is indented below it; undefined when the name is not declared. */
function declarationOf(text: string, symbol: string): string | undefined {
  const name = (symbol.split(".").at(-1) ?? symbol).replace(/[$]/g, "\\$&");
  const lines = text.replace(/\r\n/g, "\n").split("\n");
  const declares = new RegExp(`${DECLARES}|^\\s*(?:(?:public|private|static|async|get|set)\\s+)*)${name}(?![\\w$])`);
  const from = lines.findIndex((line) => declares.test(line));
  const first = lines[from];
  if (first === undefined) return undefined;
  const indent = indentOf(first);
  let to = from + 1;
  while (to < lines.length && (lines[to]?.trim() === "" || indentOf(lines[to] ?? "") > indent)) to++;
  const closing = lines[to];
  if (closing !== undefined && indentOf(closing) === indent && /^[\])}]/.test(closing.trim())) to++;
  return lines.slice(from, to).join("\n").trimEnd();
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function sameWords(one: string, other: string): boolean {
  return one === other || one.split("\n").map(plain).join("\n") === other.split("\n").map(plain).join("\n");
}

function plain(line: string): string {
  return line.replace(/\s+/g, " ").trim();
}
