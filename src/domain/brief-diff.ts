import { fenced } from "./brief-text.ts";

/** Lines of one file's change that are shown where the whole does not fit. */
const LINES_EACH = 60;

/** A unified diff file by file, in its order. */
export function splitDiff(diff: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const piece of diff.split(/^(?=diff --git )/m)) {
    const path =
      /^\+\+\+ b\/(.+)$/m.exec(piece)?.[1] ??
      /^--- a\/(.+)$/m.exec(piece)?.[1] ??
      /^diff --git a\/(.+) b\//.exec(piece)?.[1];
    if (path !== undefined) found.set(path.replace(/\t$/, ""), piece);
  }
  return found;
}

/**
 * A difference for a judge of one task: whole, or with the tests named only, as a program has run them. Code that is to
 * be judged is never cut.
 */
export function judgedDiffForms(diff: string, isTest: (path: string) => boolean): readonly string[] {
  return [withTests(diff), withoutTests(diff, isTest)];
}

/** A difference for whoever judges the whole: the code whole and the tests by name, then the beginning of each file's change. */
export function wholeDiffForms(diff: string, isTest: (path: string) => boolean): readonly string[] {
  const begun = [...splitDiff(diff)].map(([path, text]) => (isTest(path) ? named(path, text) : begin(terse(text))));
  return [withoutTests(diff, isTest), fenced("diff", begun.join(""))];
}

function withTests(diff: string): string {
  return fenced("diff", [...splitDiff(diff)].map(([, text]) => terse(text)).join(""));
}

function withoutTests(diff: string, isTest: (path: string) => boolean): string {
  const pieces = [...splitDiff(diff)].map(([path, text]) => (isTest(path) ? named(path, text) : terse(text)));
  return fenced("diff", pieces.join(""));
}

/** What git says for itself is left out. */
function terse(text: string): string {
  return text.replace(/^(?:diff --git |index |new file mode 100644).*\n/gm, "");
}

/** A test file's change: its cases by their titles. */
function named(path: string, text: string): string {
  const added = text.split("\n").filter((line) => /^\+(?!\+\+)/.test(line));
  const titles = added.flatMap((line) => {
    const title =
      /^\+\s*(?:test|it)(?:\.\w+)*\(\s*["'`](.+?)["'`],/.exec(line) ?? /^\+\s*(?:\w+ )?def (test_\w+)/.exec(line);
    return title ? [`  ${title[1]}`] : [];
  });
  return [`tests in ${path} (${added.length} lines added, text not shown):`, ...titles, ""].join("\n");
}

function begin(text: string): string {
  const lines = text.split("\n");
  if (lines.length <= LINES_EACH) return text;
  return `${lines.slice(0, LINES_EACH).join("\n")}\n(not shown: ${lines.length - LINES_EACH} more lines of this file's change)\n`;
}
