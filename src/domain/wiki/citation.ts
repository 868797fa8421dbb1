import type { Citation } from "./wiki-page.ts";

const ENDINGS =
  /\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|rb|php|cs|c|h|cpp|hpp|swift|scala|sh|sql|vue|svelte|html|css|scss|json|jsonc|ya?ml|toml|ini|cfg|md|txt|csv|xml|proto|graphql|lock)$/i;
const SEGMENT = String.raw`[\w@.+()\[\]-]+`;
const PLACE = new RegExp(String.raw`^(${SEGMENT}(?:/${SEGMENT})*)(?::(\d+)(?:-(\d+))?|#([A-Za-z_$][\w$.]*))?$`);
const LINE_ANCHOR = /^L(\d+)(?:C\d+)?(?:-L?(\d+)(?:C\d+)?)?$/;

/** The place that a text in backticks names: `src/a.ts:10-20`, `src/a.ts:7`, `src/a.ts#name`, `src/a.ts`; undefined when it is none. */
export function citationOf(code: string, line: number): Citation | undefined {
  const [, path, from, to, symbol] = PLACE.exec(code.trim().replace(/^\.\//, "")) ?? [];
  if (path === undefined || !ENDINGS.test(path) || path.split("/").some((part) => /^\.+$/.test(part))) return undefined;
  const certain = from !== undefined || symbol !== undefined;
  const lines = from === undefined ? {} : { lines: { from: Number(from), to: Number(to ?? from) } };
  return { path, ...lines, ...(symbol === undefined ? {} : { symbol }), line, certain };
}

/** The place that a link to a file of the repository names, its anchor being lines (`L10-L20`) or a name. */
export function citationOfLink(path: string, anchor: string | undefined, line: number): Citation {
  const [, from, to] = LINE_ANCHOR.exec(anchor ?? "") ?? [];
  if (from !== undefined) return { path, lines: { from: Number(from), to: Number(to ?? from) }, line, certain: true };
  const symbol = anchor !== undefined && /^[A-Za-z_$][\w$.]*$/.test(anchor) ? { symbol: anchor } : {};
  return { path, ...symbol, line, certain: true };
}

/** As a page writes it. */
export function citationText({ path, lines, symbol }: Citation): string {
  if (symbol !== undefined) return `${path}#${symbol}`;
  if (lines === undefined) return path;
  return lines.from === lines.to ? `${path}:${lines.from}` : `${path}:${lines.from}-${lines.to}`;
}

/** The cited lines of a text; undefined when it has not so many, or the range runs backwards. */
export function linesAt(text: string, lines: { readonly from: number; readonly to: number }): string | undefined {
  const all = text.replace(/\r\n/g, "\n").replace(/\n$/, "").split("\n");
  if (lines.from < 1 || lines.to < lines.from || lines.to > all.length) return undefined;
  return all.slice(lines.from - 1, lines.to).join("\n");
}

/** Where a name stands in a text as a whole word, its last part for `Type.member`; 1-based, undefined when nowhere. */
export function lineOfSymbol(text: string, symbol: string): number | undefined {
  const name = symbol.split(".").at(-1) ?? symbol;
  const escaped = name.replace(/[$]/g, "\\$&");
  const at = new RegExp(`(?<![\\w$])${escaped}(?![\\w$])`).exec(text)?.index;
  return at === undefined ? undefined : text.slice(0, at).split("\n").length;
}
