import { posix } from "node:path";

const ENDING = /\.(?:[cm]?[jt]sx?)$/;

/** True when a specifier is the one of the correction; `/src/a` means that file of the repository, however it is reached. */
export function specifierMeans(specifier: string, wanted: string, path: string): boolean {
  if (!wanted.startsWith("/")) return specifier === wanted;
  if (!/^\.\.?(\/|$)/.test(specifier)) return false;
  return bare(posix.join("/", posix.dirname(path), specifier)) === bare(wanted);
}

function bare(path: string): string {
  return path.replace(ENDING, "").replace(/\/index$/, "");
}

/** How `wanted` is written in a file; `/src/a` becomes relative, with the ending that the replaced specifier had. */
export function specifierFor(wanted: string, replaced: string, path: string): string {
  if (!wanted.startsWith("/")) return wanted;
  const ending = ENDING.exec(replaced)?.[0] ?? "";
  const relative = posix.relative(posix.join("/", posix.dirname(path)), wanted.replace(ENDING, "") + ending);
  return relative.startsWith(".") ? relative : `./${relative}`;
}
