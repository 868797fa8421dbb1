import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";

/** Values by digest that outlive the process, in one file that is only ever made anew as a whole. */
export interface IndexStore<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  readonly size: number;
  /** Why nothing was there at the opening though a file was; undefined when all is well. */
  readonly rebuilt: string | undefined;
  /** Writes what is new; what `wanted` does not name is let go. */
  save(wanted?: ReadonlySet<string>): Promise<void>;
}

const HEAD = "millwright index 1";

/**
 * Opens a file of values; a broken one, or one of another version, counts as empty and is made anew. The first line names
 * the digest of the rest, so that a file that was cut off or edited is seen.
 */
export async function openIndexStore<Value>(path: string, shape: z.ZodType<Value>): Promise<IndexStore<Value>> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  const read = text === undefined ? new Map<string, Value>() : valuesIn(text, shape);
  const values = read ?? new Map<string, Value>();
  let changed = read === undefined;
  return {
    get: (key) => values.get(key),
    set(key, value) {
      values.set(key, value);
      changed = true;
    },
    get size() {
      return values.size;
    },
    rebuilt: read === undefined ? `${path} was broken or of another version` : undefined,
    async save(wanted) {
      for (const key of wanted === undefined ? [] : [...values.keys()]) {
        if (wanted?.has(key)) continue;
        values.delete(key);
        changed = true;
      }
      if (!changed) return;
      const body = [...values].map((entry) => JSON.stringify(entry)).join("\n");
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${path}.${process.pid}`, `${HEAD} ${digest(body)}\n${body}`);
      await rename(`${path}.${process.pid}`, path);
      changed = false;
    },
  };
}

function valuesIn<Value>(text: string, shape: z.ZodType<Value>): Map<string, Value> | undefined {
  const end = text.indexOf("\n");
  const body = text.slice(end + 1);
  if (end < 0 || text.slice(0, end) !== `${HEAD} ${digest(body)}`) return undefined;
  const entries = z.array(z.tuple([z.string(), shape]));
  try {
    const read = entries.safeParse(body === "" ? [] : body.split("\n").map((line) => JSON.parse(line)));
    return read.success ? new Map(read.data) : undefined;
  } catch {
    return undefined;
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
