/** A value of unknown shape, looked into without fear. */
export type Json = Readonly<Record<string, unknown>>;

export function objectIn(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function listIn(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(objectIn) : [];
}

export function textIn(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A count; 0 for whatever is none. */
export function countIn(value: unknown): number {
  return typeof value === "number" && value > 0 ? Math.floor(value) : 0;
}

/** The object that a line of output is, or undefined: a banner, a warning, half a line. */
export function objectOfLine(line: string): Json | undefined {
  if (!line.trimStart().startsWith("{")) return undefined;
  try {
    return objectIn(JSON.parse(line));
  } catch {
    return undefined;
  }
}
