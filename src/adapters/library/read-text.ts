import { readFile, realpath } from "node:fs/promises";
import { sep } from "node:path";
import { InputError } from "../../domain/step-failure.ts";

const LARGEST_BYTES = 256 * 1024;

/** A folder to read from. In a `closed` one a symbolic link may not lead out: what it led to would be told to a model. */
export interface Place {
  readonly root: string;
  readonly kind: "closed" | "open";
}

/**
 * The text of a file without a byte order mark and with `\n` line ends, or undefined when there is none.
 * @throws InputError when it cannot be read, is no text, is larger than 256 KB, or lies outside a closed place.
 */
export async function readText(place: Place, path: string): Promise<string | undefined> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw new InputError([`${path} cannot be read (${error.code ?? error.message})`]);
  });
  if (bytes === undefined) return undefined;
  if (place.kind === "closed") await refuseOutside(place.root, path);
  if (bytes.length > LARGEST_BYTES) throw new InputError([`${path} is larger than ${LARGEST_BYTES / 1024} KB`]);
  if (bytes.includes(0)) throw new InputError([`${path} is no text: it holds NUL bytes`]);
  return bytes
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .replaceAll("\r\n", "\n");
}

async function refuseOutside(root: string, path: string): Promise<void> {
  const [outer, inner] = await Promise.all([realpath(root), realpath(path)]);
  if (!inner.startsWith(outer + sep)) throw new InputError([`${path} is a link to a place outside ${root}`]);
}
