import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Writes a plan file into the checkout; an older file of that name is kept beside it. */
export async function writePlanFile(root: string, path: string, text: string): Promise<string> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  const before = await readFile(file, "utf8").catch(() => undefined);
  if (before !== undefined && before !== text) await writeFile(`${file}.before`, before);
  await writeFile(file, text);
  return path;
}
