/** The lines that steer a reply. Longer lines are content, whatever they look like, so that no pattern meets a huge line. */
const LONGEST_MARKER = 600;

export type Header =
  | { readonly kind: "block"; readonly verb: "EDIT" | "FILE" | "DELETE"; readonly path: string }
  | { readonly kind: "section"; readonly verb: "NOTES" | "ASSESS" }
  | { readonly kind: "unknown"; readonly verb: string; readonly instead: string };

const HEADING = /^\s{0,3}#{1,6}\s*(?:\d{1,3}[.)]\s*)?\**([A-Za-z]+)\**:?(?:\s+|$)(.*)$/;
const OTHER_VERBS: Readonly<Record<string, string>> = {
  CREATE: "### FILE path",
  NEW: "### FILE path",
  ADD: "### FILE path",
  WRITE: "### FILE path",
  UPDATE: "### EDIT path",
  MODIFY: "### EDIT path",
  PATCH: "### EDIT path",
  CHANGE: "### EDIT path",
  REPLACE: "### EDIT path",
  REMOVE: "### DELETE path",
  RENAME: "### DELETE old-path and ### FILE new-path",
  MOVE: "### DELETE old-path and ### FILE new-path",
};

/** The header that a line is, if it is one. A verb in another case than capitals counts only before something like a path. */
export function headerOf(line: string): Header | undefined {
  if (line.length > LONGEST_MARKER) return undefined;
  const found = HEADING.exec(line);
  if (!found) return undefined;
  const [, word = "", rest = ""] = found;
  const verb = word.toUpperCase();
  if (verb === "NOTES" || verb === "ASSESS") return rest.trim() === "" ? { kind: "section", verb } : undefined;
  const path = pathIn(rest);
  if (word !== verb && !looksLikePath(path)) return undefined;
  if (verb === "EDIT" || verb === "FILE" || verb === "DELETE") return { kind: "block", verb, path };
  const instead = OTHER_VERBS[verb];
  return instead && looksLikePath(path) ? { kind: "unknown", verb: word, instead } : undefined;
}

/** The path of a header without backticks, bold, quotes, a final colon or a remark in brackets. */
function pathIn(rest: string): string {
  const ticked = /^[*\s]*`([^`]+)`/.exec(rest);
  if (ticked?.[1]) return ticked[1].trim();
  const bare = rest.replace(/\s+\([a-z ]{1,30}\)\s*$/i, "").trim();
  return bare
    .replace(/^\*\*(.*)\*\*:?$/, "$1")
    .replace(/^(["'])(.*)\1$/, "$2")
    .replace(/:$/, "")
    .trim();
}

function looksLikePath(text: string): boolean {
  return /^\S*[./]\S*$/.test(text);
}

export interface Fence {
  readonly char: string;
  readonly length: number;
  readonly label: string;
}

/** The fence that a line opens: three or more backticks or tildes, with or without a label. */
export function fenceOf(line: string): Fence | undefined {
  if (line.length > LONGEST_MARKER) return undefined;
  const found = /^ {0,3}(`{3,}|~{3,})([^`]*)$/.exec(line);
  if (!found?.[1]) return undefined;
  return { char: found[1].charAt(0), length: found[1].length, label: (found[2] ?? "").trim() };
}

/** True when `line` closes `fence`: the same character, at least as many, and nothing else. */
export function closes(line: string, fence: Fence): boolean {
  const other = fenceOf(line);
  return other !== undefined && other.label === "" && other.char === fence.char && other.length >= fence.length;
}

export type Marker = "search" | "divider" | "replace";

export function markerOf(line: string): Marker | undefined {
  if (line.length > LONGEST_MARKER) return undefined;
  if (/^<{7} ?SEARCH\s*$/.test(line)) return "search";
  if (/^={7}\s*$/.test(line)) return "divider";
  return /^>{7} ?REPLACE\s*$/.test(line) ? "replace" : undefined;
}

/** The reason after `IMPOSSIBLE:`, or undefined when the line does not say so. */
export function impossibleIn(line: string): string | undefined {
  const found = /^\s{0,3}(?:#{1,6}\s+)?[*_`]{0,3}impossible[*_`]{0,3}\s?:(.*)$/is.exec(line.slice(0, 20_000));
  return found ? (found[1] ?? "").replace(/^[*_`]{1,3}/, "").trim() : undefined;
}
