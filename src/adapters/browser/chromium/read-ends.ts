import { CheckEnd } from "../../../domain/browser-report.ts";

/** What the runner told, line by line. */
export interface ToldEnds {
  /** The browser was started. */
  readonly started: boolean;
  /** Every check was seen. */
  readonly complete: boolean;
  readonly checks: readonly CheckEnd[];
}

/** Reads the runner's standard output; a line that was cut off is left out. */
export function readEnds(output: string): ToldEnds {
  const lines = output.split("\n").flatMap((line) => lineOf(line) ?? []);
  return {
    started: lines.some(({ kind }) => kind === "start"),
    complete: lines.some(({ kind }) => kind === "end"),
    checks: lines.flatMap(({ kind, end }) => (kind === "check" ? [CheckEnd.parse(end)] : [])),
  };
}

function lineOf(line: string): { readonly kind: string; readonly end?: unknown } | undefined {
  try {
    return line === "" ? undefined : (JSON.parse(line) as { kind: string; end?: unknown });
  } catch {
    return undefined;
  }
}
