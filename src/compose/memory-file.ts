import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../domain/step-failure.ts";

const Line = z.object({ id: z.string(), date: z.string(), line: z.string() });

/** What is remembered of rules beside the block itself. */
const RulesFile = z.object({
  version: z.literal(1),
  /** The block as the last look at the journal would have it. */
  proposed: z.object({ add: z.array(Line), retire: z.array(z.string()) }),
  /** Classes that get no rule again. */
  closed: z.array(z.object({ id: z.string(), why: z.enum(["retired", "refused"]) })),
  /** Rules that were written, by the commit that did. */
  written: z.array(z.object({ id: z.string(), commit: z.string() })),
});
export type RulesFile = z.infer<typeof RulesFile>;

const NONE: RulesFile = { version: 1, proposed: { add: [], retire: [] }, closed: [], written: [] };

/** Name of the file in the mill's folder. */
export const RULES_FILE = "agents-rules.json";

/** @throws InputError when somebody has broken it: what was refused must not be proposed again unasked */
export async function readRulesFile(stateDir: string): Promise<RulesFile> {
  const path = join(stateDir, RULES_FILE);
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return NONE;
  const read = RulesFile.safeParse(parsed(text));
  if (read.success) return read.data;
  throw new InputError([
    `${path} cannot be read: delete it, and rules that were refused or retired may be proposed again.`,
  ]);
}

/** Whole or not at all. */
export async function writeRulesFile(stateDir: string, file: RulesFile): Promise<void> {
  const path = join(stateDir, RULES_FILE);
  await writeFile(`${path}.part`, `${JSON.stringify(file, null, 2)}\n`);
  await rename(`${path}.part`, path);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
