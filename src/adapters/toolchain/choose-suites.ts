import { posix } from "node:path";
import picomatch from "picomatch";
import type { Suite } from "../../domain/config.ts";
import type { Selection } from "../../domain/need.ts";
import type { SuiteProfile, ToolProfile } from "../../domain/tool-profile.ts";

/** What one suite is asked to run. */
export interface SuiteChoice {
  readonly suite: Suite;
  readonly profile: SuiteProfile;
  /** Test files inside the suite's folder; undefined means all. */
  readonly files: readonly string[] | undefined;
  /** The ids to run, when single tests were asked for. */
  readonly ids: readonly string[] | undefined;
}

export interface Choice {
  readonly runs: readonly SuiteChoice[];
  /** Selected files that the tree does not hold. */
  readonly absent: readonly string[];
}

/** Which suite runs what of a selection, on a tree that holds `paths`. */
export function chooseSuites(
  selection: Selection,
  suites: readonly Suite[],
  profile: ToolProfile,
  paths: ReadonlySet<string>,
): Choice {
  const pairs = suites.map((suite, index) => ({ suite, profile: profile.suites[index] as SuiteProfile }));
  if (selection.kind === "all")
    return { runs: pairs.map((pair) => ({ ...pair, files: undefined, ids: undefined })), absent: [] };
  const ids = selection.kind === "ids" ? selection.ids : undefined;
  const wanted = selection.kind === "files" ? selection.files : selection.ids.map((id) => fileOfId(id, paths));
  const files = [...new Set(wanted.map((file) => posix.normalize(file)))];
  const runs = pairs.flatMap((pair): SuiteChoice[] => {
    const own = files.filter((file) => paths.has(file) && belongs(file, pair.profile, profile));
    const isOpaque = OPAQUE.has(pair.suite.runner);
    // A command cannot be told which files to run: it runs whole when it may be meant.
    if (isOpaque && (own.length > 0 || files.some((file) => file === pair.suite.name)))
      return [{ ...pair, files: undefined, ids: undefined }];
    return own.length > 0 ? [{ ...pair, files: own.map((file) => posix.relative(pair.suite.dir, file)), ids }] : [];
  });
  const named = new Set(suites.map((suite) => suite.name));
  return { runs, absent: files.filter((file) => !paths.has(file) && !named.has(file)) };
}

const OPAQUE: ReadonlySet<string> = new Set(["junit", "tap", "command"]);

/** The file of an id: the longest beginning that names one, for a file's own name may hold ` > `. */
export function fileOfId(id: string, paths: ReadonlySet<string>): string {
  const parts = id.split(" > ");
  for (let length = parts.length - 1; length > 0; length -= 1) {
    const file = parts.slice(0, length).join(" > ");
    if (paths.has(file)) return file;
  }
  return parts[0] ?? id;
}

/** A file belongs to the suites that collect it; one that nobody collects, to all whose folder holds it. */
function belongs(file: string, own: SuiteProfile, all: ToolProfile): boolean {
  if (!isWithin(file, own.dir)) return false;
  const isCollected = all.suites.some((suite) => collects(suite, file));
  return !isCollected || collects(own, file);
}

/** Whether the suite's globs name the file. */
export function collects(suite: SuiteProfile, file: string): boolean {
  return isWithin(file, suite.dir) && matcherOf(suite.tests)(file);
}

/** Compiled once a list of globs: a suite asks of every file of the tree, twice a run. */
const matchers = new WeakMap<readonly string[], (file: string) => boolean>();

function matcherOf(globs: readonly string[]): (file: string) => boolean {
  const known = matchers.get(globs) ?? picomatch([...globs], { dot: false });
  matchers.set(globs, known);
  return known;
}

function isWithin(file: string, dir: string): boolean {
  return posix.normalize(dir) === "." || file.startsWith(`${posix.normalize(dir).replace(/\/$/, "")}/`);
}
