import picomatch from "picomatch";
import type { ToolProfile } from "./tool-profile.ts";

/** A path that a model or a person wrote: usable as it stands, or refused with the reason. */
export type NormalPath =
  | { readonly kind: "ok"; readonly path: string }
  | { readonly kind: "refused"; readonly why: string };

const LONGEST_PATH = 400;
const LONGEST_SEGMENT = 255;
const DEVICES = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/**
 * A path inside the repository with forward slashes, as git would name it; a leading `./` is dropped, nothing else is
 * rewritten. Whatever could leave the repository, reach git's own folder or mean another file on another system is refused.
 */
export function normalisePath(raw: string): NormalPath {
  const path = raw.replace(/^(\.\/)+/, "");
  const why = wholeProblem(path) ?? firstOf(path.split("/"), segmentProblem);
  return why === undefined ? { kind: "ok", path } : { kind: "refused", why };
}

function wholeProblem(path: string): string | undefined {
  if (path === "") return "it is empty";
  if (path.length > LONGEST_PATH) return `it is longer than ${LONGEST_PATH} characters`;
  if (path.includes("\0")) return "it holds a NUL character";
  if (INVISIBLE.test(path)) return "it holds control or invisible characters";
  if (/^[a-z]:/i.test(path)) return "it starts with a Windows drive";
  if (path.includes("\\")) return "it holds a backslash; use forward slashes";
  if (path.startsWith("/")) return "it is absolute; paths start at the repository's root";
  if (path.startsWith("~")) return "it starts at a home folder";
  if (path.endsWith("/")) return "it names a folder, not a file";
  return path.includes(":") ? "it holds a colon, which names something else on other systems" : undefined;
}

function segmentProblem(segment: string): string | undefined {
  if (segment === "") return "it holds an empty segment (//)";
  const plain = segment.normalize("NFKC").toLowerCase();
  const bare = plain.replace(/[. ]+$/, "");
  if (bare === "") return plain.includes("..") ? "it climbs out with .." : "it holds a segment of dots or spaces";
  if (bare === ".git" || /^\.?git~\d+$/.test(bare)) return "it reaches into git's own folder";
  if (/[. ]$/.test(segment)) return "a segment ends in a dot or a space";
  if (DEVICES.test(bare)) return `${bare} is the name of a device on Windows`;
  return segment.length > LONGEST_SEGMENT ? `a segment is longer than ${LONGEST_SEGMENT} characters` : undefined;
}

/** True when both names are one file on a file system that folds case and Unicode forms. */
export function sameFile(first: string, second: string): boolean {
  return first === second || folded(first) === folded(second);
}

/** The form in which two spellings of one file are equal. */
export function folded(path: string): string {
  return path.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFC");
}

/**
 * True when one of the globs names the path, dot files included, and none of those that start with `!` does. A glob
 * without `*`, `?` or `{` names exactly one file, so that `app/[id]/page.tsx` means itself; `dir/` means all below.
 */
export function matches(globs: readonly string[], path: string): boolean {
  const excluded = globs.some((glob) => glob.startsWith("!") && matcherOf(glob.slice(1))(path));
  return !excluded && globs.some((glob) => !glob.startsWith("!") && matcherOf(glob)(path));
}

/** True when the text is a pattern for several files and not the name of one. */
export function isGlob(text: string): boolean {
  return /[*?{]/.test(text) || text.endsWith("/");
}

type Matcher = (path: string) => boolean;
const compiled = new Map<string, Matcher>();
const MOST_COMPILED = 2000;

function matcherOf(glob: string): Matcher {
  const known = compiled.get(glob);
  if (known) return known;
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  const made = compile(glob.replace(/^(\.\/)+/, ""));
  compiled.set(glob, made);
  return made;
}

function compile(glob: string): Matcher {
  if (!isGlob(glob)) return (path) => path === glob;
  const whole = glob.endsWith("/") ? `${glob}**` : glob;
  const escaped = whole.split("/").map(literalSegment).join("/");
  return picomatch(escaped, { dot: true });
}

/** `[id]`, `[...slug]` and `(group)` as whole segments are folder names of web frameworks, not patterns. */
function literalSegment(segment: string): string {
  return /^(\[{1,2}[^*?{}]+\]{1,2}|\([\w.-]+\))$/.test(segment) ? segment.replace(/[[\]()]/g, "\\$&") : segment;
}

export type PathKind = "test" | "infrastructure" | "manifest" | "code";

/** What a path is for the target's tools: what the runner collects, what steers it, what steers installs, or code. */
export function kindOfPath(path: string, profile: ToolProfile): PathKind {
  if (matches(profile.manifests, path)) return "manifest";
  if (profile.suites.some((suite) => matches(suite.infrastructure, path))) return "infrastructure";
  return profile.suites.some((suite) => matches(suite.tests, path)) ? "test" : "code";
}

/** True for what lies beside the tests by the name of a folder above it: builders, stand-ins. */
export function isInTestFolder(path: string): boolean {
  return /(?:^|\/)(?:tests?|specs?|__tests__|__mocks__|testing)\//.test(path);
}

function firstOf<Item, Result>(items: readonly Item[], find: (item: Item) => Result | undefined): Result | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
