import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const Share = z.object({ value: z.number(), low: z.number(), high: z.number() });
const Scores = z.object({ queries: z.number(), hit5: Share, hit10: Share, mrr: Share });

/** What `millwright index bench` found out about this repository. */
export const IndexVerdict = z.object({
  version: z.literal(1),
  /** The commit whose files were indexed, and the newest one that was asked about. */
  indexed: z.string(),
  newest: z.string(),
  files: z.number(),
  parts: z.number(),
  /** The embedding model; absent: words alone were measured. */
  model: z.string().optional(),
  ways: z.array(z.object({ name: z.string(), scores: Scores })),
  /** Whether words and vectors together find more than words alone. */
  verdict: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("too-few"), queries: z.number(), needed: z.number() }),
    z.object({ kind: z.literal("better"), gain: Share }),
    z.object({ kind: z.literal("not-better"), gain: Share }),
    z.object({ kind: z.literal("no-model") }),
  ]),
});
export type IndexVerdict = z.infer<typeof IndexVerdict>;

const FILE = "index-bench.json";

/** Undefined when nothing was measured yet, or what was kept cannot be read: then it is to be measured again. */
export async function readVerdict(stateDir: string): Promise<IndexVerdict | undefined> {
  const text = await readFile(join(stateDir, FILE), "utf8").catch(() => "null");
  try {
    return IndexVerdict.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export async function writeVerdict(stateDir: string, verdict: IndexVerdict): Promise<void> {
  const path = join(stateDir, FILE);
  await writeFile(`${path}.part`, `${JSON.stringify(verdict, null, 2)}\n`);
  await rename(`${path}.part`, path);
}
