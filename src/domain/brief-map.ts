import { type FileOutline, hasOutline, symbolsOf } from "./outline.ts";
import type { TreeChange } from "./work.ts";

/** Characters of the map, from most to least; the largest that a repository needs is never exceeded. */
const SIZES = [6000, 2400, 800] as const;

/** Files that say nothing to whoever writes code: what is built, installed or locked, and the mill's own. */
const NOISE =
  /(?:^|\/)(?:node_modules|dist|build|coverage|vendor|\.git|__pycache__)\/|^plans\/|^millwright\.yaml$|(?:^|\/)(?:\.gitkeep|\.gitignore|package-lock\.json|yarn\.lock|pnpm-lock\.yaml|uv\.lock|poetry\.lock)$/;

/**
 * The repository as a list of files with the names that each offers: whole, then in less and less detail, each with at
 * most so many characters; the last form is empty.
 */
export function mapForms(outlines: readonly FileOutline[], paths: readonly string[]): readonly string[] {
  const shown = paths.filter((path) => !NOISE.test(path));
  if (shown.length === 0) return [""];
  const known = namesByPath(outlines);
  const details = [
    () => withSymbols(shown, known, 40),
    () => withSymbols(shown, known, 6),
    () => withSymbols(shown, known, 0),
    () => folders(shown),
  ];
  const forms = SIZES.map((most) => {
    for (const detail of details) {
      const text = detail();
      if (text.length <= most) return text;
    }
    return cutToLine(folders(shown), most);
  });
  return [...new Set([...forms, ""])];
}

function withSymbols(paths: readonly string[], known: ReadonlyMap<string, readonly string[]>, most: number): string {
  const code = paths.filter(hasOutline).map((path) => {
    const names = known.get(path) ?? [];
    const shown = names.slice(0, most);
    const more = most > 0 && names.length > most ? ", …" : "";
    return shown.length === 0 ? path : `${path}: ${shown.join(", ")}${more}`;
  });
  const others = paths.filter((path) => !hasOutline(path));
  return [...code, ...(others.length > 0 ? [`Also: ${others.join(", ")}`] : [])].join("\n");
}

function folders(paths: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : "./";
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts].map(([folder, count]) => `${folder} (${count} files)`).join("\n");
}

function cutToLine(text: string, most: number): string {
  const cut = text.slice(0, most - 2);
  return `${cut.slice(0, Math.max(0, cut.lastIndexOf("\n")))}\n…`;
}

/** Most files that are named one by one as new since the map. */
const MOST_NEW = 40;

/** What the map does not know: files that came or went since it was made, and names that a file did not offer then. */
export function sinceText(
  changes: readonly TreeChange[],
  then: readonly FileOutline[],
  now: readonly FileOutline[],
): string {
  const before = namesByPath(then);
  const after = namesByPath(now);
  const lines = changes
    .filter(({ path }) => !NOISE.test(path))
    .map((change) => newsOf(change, before.get(change.path) ?? [], after.get(change.path) ?? []))
    .filter((line) => line !== "");
  const rest = lines.length > MOST_NEW ? [`… and ${lines.length - MOST_NEW} more`] : [];
  return [...lines.slice(0, MOST_NEW), ...rest].join("\n");
}

function newsOf({ path, status }: TreeChange, before: readonly string[], after: readonly string[]): string {
  if (status === "deleted") return `gone: ${path}`;
  const fresh = after.filter((name) => !before.includes(name)).slice(0, 12);
  if (status !== "added" && fresh.length === 0) return "";
  return `${status === "added" ? "new: " : ""}${path}${fresh.length === 0 ? "" : `: ${fresh.join(", ")}`}`;
}

function namesByPath(outlines: readonly FileOutline[]): ReadonlyMap<string, readonly string[]> {
  return new Map(outlines.map((outline) => [outline.path, symbolsOf(outline)]));
}
