import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { sep } from "node:path";

/** What was left in a folder that a test could write. */
export type OutsideText =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing" }
  | { readonly kind: "refused"; readonly why: string };

/**
 * Reads a file that untrusted code may have replaced: only a regular file inside `folder` (after links) and of at most
 * `megabytes` is read; a link, pipe or device is refused without being opened for long.
 */
export async function readOutside(folder: string, path: string, megabytes: number): Promise<OutsideText> {
  const inside = await staysInside(folder, path);
  if (inside !== "yes")
    return inside === "missing" ? { kind: "missing" } : { kind: "refused", why: "leaves its folder" };
  const file = await openPlainly(path);
  if (file === undefined) return { kind: "refused", why: "is not a plain file" };
  try {
    const found = await file.stat();
    if (!found.isFile()) return { kind: "refused", why: "is not a plain file" };
    if (found.size > megabytes * 1024 * 1024) return { kind: "refused", why: `is larger than ${megabytes} MB` };
    return { kind: "text", text: await file.readFile("utf8") };
  } finally {
    await file.close();
  }
}

async function staysInside(folder: string, path: string): Promise<"yes" | "no" | "missing"> {
  try {
    const [home, real] = await Promise.all([realpath(folder), realpath(path)]);
    return real.startsWith(home + sep) ? "yes" : "no";
  } catch {
    return "missing";
  }
}

async function openPlainly(path: string) {
  try {
    // NONBLOCK: opening a pipe that nobody writes would wait for ever.
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}
