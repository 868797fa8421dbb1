import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { inspectRepository } from "../../adapters/git/system/inspection.ts";
import { startingDesign } from "../../domain/research/starting-design.ts";
import { InputError } from "../../domain/step-failure.ts";

/** Writes a commented start of a design into the repository of `dir`; answers the paths. @throws InputError */
export async function startDesign(dir: string, name: string): Promise<readonly string[]> {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name))
    throw new InputError([`${name} is no name: lower-case letters, digits and hyphens, at most 40, like char-lm.`]);
  const { root } = await inspectRepository(dir);
  const files = startingDesign(name);
  const there: string[] = [];
  for (const { path } of files) if (await stat(join(root, path)).catch(() => undefined)) there.push(path);
  if (there.length > 0)
    throw new InputError(
      there.map((path) => `${path} is there already; nothing was written. Move it away, or edit it.`),
    );
  for (const { path, text } of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return files.map(({ path }) => path);
}
