import { access, readFile } from "node:fs/promises";

/** Whether something is at `path` that this process may see. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The text of a file, or undefined when it cannot be read. */
export async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}

/** The JSON object in a file, or undefined when there is none. */
export async function jsonOf(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  return parseObject(await textOf(path));
}

/** The JSON object in a text, or undefined when there is none. */
export function parseObject(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return value !== null && typeof value === "object" && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
