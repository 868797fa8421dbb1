import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const Note = z.object({ used: z.boolean(), why: z.string() });
export type VectorNote = z.infer<typeof Note>;

const pathOf = (stateDir: string) => join(stateDir, "cache", "index", "vectors.json");

/** Notes whether the last run's retrieval used vectors, and if not, why. */
export async function noteVectors(stateDir: string, note: VectorNote): Promise<void> {
  await mkdir(join(stateDir, "cache", "index"), { recursive: true });
  await writeFile(pathOf(stateDir), `${JSON.stringify(note)}\n`);
}

export async function readVectorNote(stateDir: string): Promise<VectorNote | undefined> {
  const text = await readFile(pathOf(stateDir), "utf8").catch(() => "null");
  try {
    return Note.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
