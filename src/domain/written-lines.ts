import { diffArrays } from "diff";

/** The 0-based lines of `after` that do not stand in `base`: what somebody wrote. All of them when there is no base. */
export function writtenLines(base: string | undefined, after: string): ReadonlySet<number> {
  const lines = after.split(/\r?\n/);
  if (base === undefined) return new Set(lines.keys());
  const written = new Set<number>();
  let at = 0;
  for (const part of diffArrays(base.split(/\r?\n/), lines)) {
    if (part.removed) continue;
    if (part.added) for (let line = at; line < at + part.value.length; line += 1) written.add(line);
    at += part.value.length;
  }
  return written;
}
