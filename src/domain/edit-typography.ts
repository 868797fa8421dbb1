import { diffChars } from "diff";

/** Characters that models and word processors swap, each with its plain twin; one character for one. */
const PLAIN: Readonly<Record<string, string>> = {
  "“": '"',
  "”": '"',
  "„": '"',
  "‘": "'",
  "’": "'",
  "‚": "'",
  "–": "-",
  "—": "-",
  "‐": "-",
  "‑": "-",
  "−": "-",
  "\u00A0": " ",
  "\u202F": " ",
  "\u2007": " ",
  "\u2009": " ",
  "\u3000": " ",
};
const FANCY = new RegExp(`[${Object.keys(PLAIN).join("")}]`, "gu");

/** The line with typographic quotes, dashes and spaces made plain; as long as before. */
export function plain(line: string): string {
  return line.replace(FANCY, (char) => PLAIN[char] ?? char);
}

/**
 * A replacement line in the file's own typography. Where the search wrote typographic signs for the file's plain ones,
 * so does the replacement, and they are made plain; characters that stay keep the file's. Undefined when that cannot be told.
 */
export function inTypographyOf(
  replacement: string,
  region: { readonly file: readonly string[]; readonly search: readonly string[]; readonly index: number | undefined },
): string | undefined {
  const fresh = withoutSwapped(replacement, region);
  if (!region.file.some((line, at) => line !== region.search[at] && hasFancyFor(line, region.search[at] ?? "")))
    return fresh;
  if (region.index === undefined) return plain(fresh) === fresh && !/["'-]/.test(fresh) ? fresh : undefined;
  return transplanted(fresh, region.file[region.index] ?? "", region.search[region.index] ?? "");
}

const QUOTES = ['"', "'"];

/** Makes plain again what the search is known to have made typographic; whoever curls one kind of quote curls both. */
function withoutSwapped(replacement: string, region: { file: readonly string[]; search: readonly string[] }): string {
  const swapped = new Set<string>();
  region.search.forEach((line, at) => {
    const file = region.file[at] ?? "";
    for (let index = 0; index < line.length; index += 1) {
      const char = line.charAt(index);
      if (char !== file.charAt(index) && PLAIN[char] !== undefined) swapped.add(PLAIN[char]);
    }
  });
  const isCurled = QUOTES.some((quote) => swapped.has(quote));
  if (isCurled && !region.file.some((line) => /[“”„‘’‚]/.test(line))) for (const quote of QUOTES) swapped.add(quote);
  return replacement.replace(FANCY, (char) => (swapped.has(PLAIN[char] ?? "") ? (PLAIN[char] ?? char) : char));
}

function hasFancyFor(file: string, search: string): boolean {
  for (let index = 0; index < search.length; index += 1) {
    const own = file.charAt(index);
    if (own !== search.charAt(index) && PLAIN[own] === search.charAt(index)) return true;
  }
  return false;
}

/** The replacement in which every character that stood in the search is the file's. */
function transplanted(replacement: string, file: string, search: string): string {
  let at = 0;
  let made = "";
  for (const part of diffChars(plain(search), plain(replacement))) {
    const length = part.value.length;
    if (part.added) made += replacement.slice(made.length, made.length + length);
    else {
      if (!part.removed) made += file.slice(at, at + length);
      at += length;
    }
  }
  return made;
}
