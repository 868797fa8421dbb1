/** The lines that a unified diff without context adds or changes, `path:from-to`, in its order. */
export function changedLines(diff: string): readonly string[] {
  const ranges: string[] = [];
  let path = "";
  for (const line of diff.split("\n")) {
    if (line.startsWith("+++ ")) path = line.startsWith("+++ b/") ? line.slice(6).replace(/\t$/, "") : "";
    const hunk = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/.exec(line);
    const count = Number(hunk?.[2] ?? 1);
    if (!hunk || path === "" || count === 0) continue;
    ranges.push(`${path}:${hunk[1]}-${Number(hunk[1]) + count - 1}`);
  }
  return ranges;
}
