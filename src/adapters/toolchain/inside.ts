import { posix } from "node:path";

/** Where things stand, for turning absolute paths of the run into paths of the repository. */
export interface Ground {
  /** Absolute roots of the checkout as the run saw it (with and without links resolved). */
  readonly roots: readonly string[];
}

/** Absolute paths of the checkout become paths of the repository. */
export function insideText(text: string, roots: readonly string[]): string {
  return roots.reduce((rest, root) => {
    const shorter = rest.replaceAll(`file://${root}/`, "").replaceAll(`${root}/`, "");
    const escaped = root.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return shorter.replace(new RegExp(`(?<![\\w.-])${escaped}(?![\\w-])`, "g"), ".");
  }, text);
}

/** A path of the run as a path of the repository; relative ones are taken from `dir`. */
export function insidePath(path: string, roots: readonly string[], dir = "."): string {
  const plain = path.startsWith("file://") ? decodeURI(path.slice("file://".length)) : path;
  for (const root of roots) if (plain.startsWith(`${root}/`)) return posix.normalize(plain.slice(root.length + 1));
  return posix.isAbsolute(plain) ? plain : posix.normalize(posix.join(dir, plain));
}
