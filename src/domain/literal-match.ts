/** The text with plain quotes, plain minus signs and single spaces. */
export function plainText(text: string): string {
  return text
    .replace(/[“”„«»]/g, '"')
    .replace(/[‘’‚]/g, "'")
    .replace(/[−–]/g, "-")
    .replace(/\s+/g, " ")
    .trim();
}

/** Units that say the same thing. */
const SAME_UNIT: readonly (readonly string[])[] = [
  ["%", "percent", "per cent"],
  ["ms", "milliseconds", "millisecond"],
  ["s", "sec", "secs", "second", "seconds"],
  ["min", "mins", "minute", "minutes"],
  ["h", "hour", "hours"],
  ["px", "pixel", "pixels"],
  ["kb", "kilobyte", "kilobytes"],
  ["mb", "megabyte", "megabytes"],
  ["gb", "gigabyte", "gigabytes"],
  ["€", "eur", "euro", "euros"],
  ["$", "usd", "dollar", "dollars"],
  ["°", "°c", "deg", "degree", "degrees"],
  ["byte", "bytes"],
  ["day", "days"],
];
/** Units of measure must stay beside their number; other words only say what is counted. */
const MEASURES = /^(px|r?em|ch|vh|vw|pt|dpi|fps|µs|ns|[kmgt]i?b|k?hz|[mg]hz|°f|kg|mg|km|cm|mm|bits?)$/i;

/** Finds a literal in a text that `plainText` has made. */
export function literalPattern(literal: { readonly kind: string; readonly text: string }): RegExp {
  const text = plainText(literal.text);
  switch (literal.kind) {
    case "number":
      return numberPattern(text);
    case "status":
      return new RegExp(`(?<![\\w.])${text}(?![\\w]|\\.\\d)`);
    case "colour":
      return new RegExp(`${escaped(text).replace(/[, ]+/g, "[, ]+")}(?![0-9a-f])`, "i");
    case "route":
      return routePattern(text);
    default:
      return wordPattern(text.replace(/^(["'`])(.*)\1$/, "$2"));
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** The text as it stands, whatever its quotes and spaces, and not inside a longer word. */
function wordPattern(text: string): RegExp {
  const loose = escaped(text)
    .replace(/ /g, " ?")
    .replace(/(?<=[({[,:])(?! \?)(?=.)/g, " ?")
    .replace(/(?<! \?)(\\[)\]}])/g, " ?$1")
    .replace(/["'`]/g, "[\"'`\\\\]{1,2}");
  const before = /^\w/.test(text) ? "(?<!\\w)" : "";
  const after = /\w$/.test(text) ? "(?!\\w)" : "";
  return new RegExp(`${before}${loose}${after}`);
}

/** A number with its unit, in the same or an equal unit, before or behind it. */
function numberPattern(text: string): RegExp {
  const [, sign = "", number = "", unit = ""] = /^([€$£¥]?)\s?([-+]?[\d.,]*\d)[\s-]?(.*)$/.exec(text) ?? [
    "",
    "",
    text,
    "",
  ];
  const bare = `(?<![\\w.]|\\d,)${escaped(number)}(?!\\d|[.,]\\d)`;
  const written = (sign || unit).toLowerCase();
  const equal = SAME_UNIT.find((units) => units.includes(written)) ?? (MEASURES.test(written) ? [written] : undefined);
  if (equal === undefined) return new RegExp(bare);
  const units = equal.map(escaped).join("|");
  return new RegExp(`${bare}[\\s-]?(?:${units})(?![a-z])|(?:${units})\\s?${bare}`, "i");
}

/** A route whose parameters may be written another way, or stand filled in. */
function routePattern(text: string): RegExp {
  const loose = text
    .split(/(\{[^}]*\}|:\w+|<[^>]*>)/)
    .map((part, at) => (at % 2 === 1 ? "[^\\s/\"'`?]+" : escaped(part).replace(/ /g, " ?")))
    .join("");
  return new RegExp(`(?<![\\w/}])${loose}(?![\\w{]|/[\\w{:])`);
}
