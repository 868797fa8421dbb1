import type { Diagnostic, DiagnosticReport } from "./diagnostic.ts";

/**
 * The complaints about the work that its base does not have: a multiset difference by path, code and line text, so that
 * moved lines stay old. `moved` maps a file's new path to its old one.
 */
export function newDiagnostics(
  base: DiagnosticReport,
  work: DiagnosticReport,
  moved: ReadonlyMap<string, string> = new Map(),
): readonly Diagnostic[] {
  const known = new Map<string, number[]>();
  for (const diagnostic of base.diagnostics) {
    const key = keyOf(diagnostic, diagnostic.path);
    known.set(key, [...(known.get(key) ?? []), diagnostic.line]);
  }
  const keyed = work.diagnostics.map((diagnostic) => ({
    diagnostic,
    key: keyOf(diagnostic, moved.get(diagnostic.path) ?? diagnostic.path),
  }));
  // Equal complaints on equal lines are paired first, so that the ones left over are the ones that were added.
  const unpaired = keyed.filter(({ diagnostic, key }) => !takeLine(known.get(key), diagnostic.line));
  return unpaired.filter(({ key }) => known.get(key)?.shift() === undefined).map(({ diagnostic }) => diagnostic);
}

function takeLine(lines: number[] | undefined, line: number): boolean {
  const at = lines?.indexOf(line) ?? -1;
  if (at < 0) return false;
  lines?.splice(at, 1);
  return true;
}

/** A complaint without a line of its own (a config file's) is known by its message. */
function keyOf(diagnostic: Diagnostic, path: string): string {
  return JSON.stringify([path, diagnostic.code, diagnostic.text === "" ? diagnostic.message : diagnostic.text]);
}
