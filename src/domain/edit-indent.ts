/** How a block's indentation became the file's: applied to every replacement line. Undefined: the line does not fit. */
export type Reindent = (line: string) => string | undefined;

const UNITS = [2, 3, 4, 8];

/**
 * The one change of indentation that turns each search line into its file line: a constant shift, or tabs for spaces (or
 * back) at a constant width. Undefined when the lines differ in any other way.
 */
export function reindentOf(search: readonly string[], file: readonly string[]): Reindent | undefined {
  const pairs = search.flatMap((line, at) => (line.trim() === "" ? [] : [{ line, own: file[at] ?? "" }]));
  if (pairs.length === 0 || pairs.some(({ line, own }) => line.trimStart() !== own.trimStart())) return undefined;
  return constantShift(pairs) ?? tabsForSpaces(pairs) ?? spacesForTabs(pairs);
}

type Pair = { readonly line: string; readonly own: string };

function constantShift(pairs: readonly Pair[]): Reindent | undefined {
  const [{ line, own }] = pairs as readonly [Pair];
  const wider = own.length >= line.length;
  const shift = wider ? own.slice(0, own.length - line.length) : line.slice(0, line.length - own.length);
  const fits = pairs.every((pair) => (wider ? pair.own === shift + pair.line : pair.line === shift + pair.own));
  if (!fits) return undefined;
  return (text) => {
    if (text.trim() === "") return text;
    if (wider) return shift + text;
    return text.startsWith(shift) ? text.slice(shift.length) : undefined;
  };
}

/** The file has tabs where the block has spaces. */
function tabsForSpaces(pairs: readonly Pair[]): Reindent | undefined {
  const scale = scaleOf(pairs.map(({ line, own }) => ({ tabs: leading(own, "\t"), spaces: leading(line, " ") })));
  if (!scale) return undefined;
  return (text) => {
    if (text.trim() === "") return text;
    return tabbed(text, scale);
  };
}

/** The file has spaces where the block has tabs. */
function spacesForTabs(pairs: readonly Pair[]): Reindent | undefined {
  const scale = scaleOf(pairs.map(({ line, own }) => ({ tabs: leading(line, "\t"), spaces: leading(own, " ") })));
  if (!scale) return undefined;
  return (text) => {
    if (text.trim() === "") return text;
    const tabs = leading(text, "\t");
    if (tabs === undefined) return undefined;
    const width = tabs.count * scale.unit + scale.shift + tabs.beside;
    return width < 0 ? undefined : " ".repeat(width) + text.trimStart();
  };
}

interface Leading {
  readonly count: number;
  /** One space before a `*` that continues a block comment. */
  readonly beside: number;
}

/** How many of `sign` a line starts with, when it starts with nothing else. */
function leading(line: string, sign: "\t" | " "): Leading | undefined {
  const indent = line.slice(0, line.length - line.trimStart().length);
  const beside =
    line.trimStart().startsWith("*") && indent.endsWith(" ") && (sign === "\t" || indent.length % 2 === 1) ? 1 : 0;
  const rest = indent.slice(0, indent.length - beside);
  return [...rest].every((char) => char === sign) ? { count: rest.length, beside } : undefined;
}

interface Scale {
  readonly unit: number;
  readonly shift: number;
}

/** `spaces = unit * tabs + shift` for every line, if there is exactly one such scale. */
function scaleOf(
  lines: readonly { readonly tabs: Leading | undefined; readonly spaces: Leading | undefined }[],
): Scale | undefined {
  const known = lines.flatMap(({ tabs, spaces }) =>
    tabs && spaces && tabs.beside === spaces.beside ? [{ tabs: tabs.count, spaces: spaces.count }] : [],
  );
  const [first] = known;
  if (!first || known.length < lines.length) return undefined;
  const other = known.find((line) => line.tabs !== first.tabs);
  const unit = other ? (other.spaces - first.spaces) / (other.tabs - first.tabs) : first.spaces / first.tabs;
  if (!UNITS.includes(unit)) return undefined;
  const shift = first.spaces - unit * first.tabs;
  return known.every((line) => line.spaces === unit * line.tabs + shift) ? { unit, shift } : undefined;
}

function tabbed(text: string, scale: Scale): string | undefined {
  const spaces = leading(text, " ");
  if (!spaces) return undefined;
  const tabs = (spaces.count - scale.shift) / scale.unit;
  return Number.isInteger(tabs) && tabs >= 0
    ? "\t".repeat(tabs) + " ".repeat(spaces.beside) + text.trimStart()
    : undefined;
}

/**
 * For a block whose search shows no indentation at all: replacement lines indented with spaces become tabs in a file that
 * is indented with tabs throughout, and the other way round. Undefined when a line does not fit.
 */
export function inIndentOf(
  file: readonly string[],
  search: readonly string[],
  replace: readonly string[],
): Reindent | undefined {
  const asWritten: Reindent = (line) => line;
  if (search.some((line) => /^[ \t]+[^ \t*]/.test(line))) return asWritten;
  const theirs = styleOf(replace);
  const ours = styleOf(file);
  if (theirs === "none" || theirs === "mixed" || ours === "none" || ours === "mixed" || theirs === ours)
    return asWritten;
  const spaced = ours === "tabs" ? replace : file;
  const unit = Math.min(...spaced.flatMap((line) => leading(line, " ")?.count || []));
  if (!UNITS.includes(unit)) return undefined;
  const scale = { unit, shift: 0 };
  if (ours === "tabs") return (text) => (text.trim() === "" ? text : tabbed(text, scale));
  return (text) => text.replace(/^\t+/, (tabs) => " ".repeat(tabs.length * unit));
}

function styleOf(lines: readonly string[]): "tabs" | "spaces" | "mixed" | "none" {
  const indented = lines.filter((line) => /^[ \t]+[^ \t*]/.test(line));
  if (indented.length === 0) return "none";
  if (indented.every((line) => line.startsWith("\t"))) return "tabs";
  return indented.every((line) => line.startsWith(" ")) ? "spaces" : "mixed";
}
