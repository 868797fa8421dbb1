import { diffArrays } from "diff";
import type { CorrectionChange } from "./correction.ts";

/** Places of one proposal that are told; more say nothing new. */
const MOST_CHANGES = 20;
const MOST_CHARACTERS = 300;

/** The places at which a correction has changed a file. */
export function changesOf(id: string, path: string, before: string, after: string): readonly CorrectionChange[] {
  const changes: CorrectionChange[] = [];
  let line = 1;
  let gone: readonly string[] = [];
  const put = (added: readonly string[]) => {
    if (gone.length + added.length > 0) changes.push({ id, path, line, before: textOf(gone), after: textOf(added) });
    gone = [];
  };
  for (const part of diffArrays(before.split("\n"), after.split("\n"))) {
    if (part.removed) gone = part.value;
    else if (part.added) put(part.value);
    else put([]);
    if (!part.removed) line += part.value.length;
  }
  put([]);
  return changes;
}

/** The changes at the lines where they stand in the end: corrections that came later may have moved them. */
export function settledChanges(
  changes: readonly CorrectionChange[],
  textIn: (path: string) => string,
): readonly CorrectionChange[] {
  return changes.slice(0, MOST_CHANGES).map((change) => {
    const first = change.after.split("\n")[0] ?? "";
    const lines = textIn(change.path).split("\n");
    const found = lines.flatMap((text, at) => (first !== "" && text.startsWith(first) ? [at + 1] : []));
    const near = found.sort((one, two) => Math.abs(one - change.line) - Math.abs(two - change.line))[0];
    return near === undefined ? change : { ...change, line: near };
  });
}

function textOf(lines: readonly string[]): string {
  return lines.join("\n").slice(0, MOST_CHARACTERS);
}
