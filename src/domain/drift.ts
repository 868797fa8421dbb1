import { lostLooks } from "./browser-text.ts";
import { digestOf } from "./digest.ts";
import { offeredNames } from "./dropped-code.ts";
import { matches } from "./paths.ts";
import { literalKept, literalsOf } from "./spec-literals.ts";
import type { Criterion, Task } from "./task.ts";
import { vagueIn } from "./vague.ts";

/** A text without what editors change by themselves: line ends, a mark at its beginning, white space at ends of lines. */
export function plainDigest(text: string): string {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  return digestOf(
    lines
      .map((line) => line.trimEnd())
      .join("\n")
      .trim(),
  );
}

/** The key of the fact by which a person lets a run go on beside a changed spec. */
export function approvalKey(digest: string): string {
  return `spec-approved/${digest}`;
}

/** Words that take a criterion's edge away when they are new in it. */
const SOFT =
  /\b(?:may|might|can|could|should|usually|normally|mostly|generally|ideally|if possible|where possible|optionally|approximately|about|roughly|best effort)\b/gi;

/** What a later wording of criteria takes away from an earlier one, one line each; none when everything is kept. */
export function weakened(before: readonly Criterion[], after: readonly Criterion[]): readonly string[] {
  const together = after.map(({ text }) => text).join("\n");
  return before.flatMap(({ id, text, browser }) => {
    const now = after.find((criterion) => criterion.id === id);
    const lost = literalsOf(text).filter((literal) => !literalKept(literal, together));
    const values = lost.map((literal) => `${id} loses ${literal.text}`);
    if (now === undefined) return [`${id} is dropped: ${text}`];
    return [...values, ...softened(id, text, now.text), ...lostLooks(id, browser, now.browser)];
  });
}

function softened(id: string, before: string, after: string): readonly string[] {
  const had = new Set((before.match(SOFT) ?? []).map((word) => word.toLowerCase()));
  const soft = (after.match(SOFT) ?? []).map((word) => word.toLowerCase()).filter((word) => !had.has(word));
  const vague = vagueIn(before) ? undefined : vagueIn(after);
  return [
    ...(soft.length > 0 ? [`${id} is softened: "${soft[0]}" is new in it`] : []),
    ...(vague ? [`${id} is vague now: "${vague.phrase}"`] : []),
  ];
}

/** What a plan's tasks say less than they said when they were accepted. */
export function weakenedTasks(accepted: readonly Task[], now: readonly Task[]): readonly string[] {
  return accepted.flatMap((task) => {
    const found = now.find(({ id }) => id === task.id);
    if (found === undefined) return [`${task.id} is gone from the plan`];
    return weakened(task.accept, found.accept).map((line) => `${task.id}: ${line}`);
  });
}

/** A task that has landed, with the files that it left in the tree. */
export interface Delivered {
  readonly task: string;
  readonly files: readonly string[];
}

/** What landed tasks delivered and a tree lacks, unless some task of the plan says that it goes. */
export function droppedFiles(
  delivered: readonly Delivered[],
  present: ReadonlySet<string>,
  plan: readonly Task[],
): readonly string[] {
  const leaving = plan.flatMap((task) => [...task.deletes, ...task.moves.map(({ from }) => from)]);
  return delivered.flatMap(({ task, files }) =>
    files
      .filter((path) => !present.has(path) && !matches(leaving, path))
      .map((path) => `${path}, which ${task} delivered, is gone`),
  );
}

/** Exports that tasks promised and whose files do not offer them any more; a file whose names nobody can read is left out. */
export function droppedExports(
  promised: readonly { readonly task: string; readonly creates: string; readonly text: string | undefined }[],
): readonly string[] {
  return promised.flatMap(({ task, creates, text }) => {
    const [path = "", name = ""] = creates.split("#");
    const offered = text === undefined ? new Set<string>() : offeredNames(path, text);
    return offered.size === 0 || offered.has(name) ? [] : [`${name} of ${path}, which ${task} delivered, is gone`];
  });
}
