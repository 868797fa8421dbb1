import { writtenLines } from "../../../domain/written-lines.ts";
import type { Rewriter } from "./source.ts";
import { type Change, isSound, parseSource, type Source, type Span, spliced } from "./source.ts";

/** A file as one correction leaves it. */
export type Rewritten =
  | { readonly kind: "same" }
  | { readonly kind: "changed"; readonly text: string; readonly times: number }
  | { readonly kind: "left"; readonly why: string };

/** Times that a correction may go over a file until it finds nothing more: mistakes can lie within one another. */
const MOST_ROUNDS = 8;

type Text = Pick<Source, "path" | "text" | "language"> & { readonly base: string | undefined };

/**
 * Applies a correction to a file until it finds nothing more, at lines that do not stand in the base. A result that the
 * language's parser does not take, or that never settles, is left.
 */
export async function correctFile(rewriter: Rewriter, file: Text): Promise<Rewritten> {
  try {
    return await untilSettled(rewriter, file);
  } catch (thrown) {
    // A rule is looked at when it is first used.
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { kind: "left", why: `it cannot be used: ${message.replace(/\s*\n\s*(\|->)?\s*/g, " ").trim()}` };
  }
}

async function untilSettled(rewriter: Rewriter, file: Text): Promise<Rewritten> {
  let { text } = file;
  let times = 0;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const source = await parseSource(file.path, text, file.language);
    const changes = apart(onWritten(rewriter(source), file.base, text));
    if (changes.length === 0) return times === 0 ? { kind: "same" } : settled(file, text, times);
    const next = spliced(text, unique(changes.flatMap((change) => change.spans)));
    if (next === text) return times === 0 ? { kind: "same" } : settled(file, text, times);
    text = next;
    times += changes.length;
  }
  return { kind: "left", why: `it changes its own result again and again (${MOST_ROUNDS} times)` };
}

/** A text that was wrong before is the gates' matter: nothing is done to it, and nothing said. */
async function settled({ path, language, text: before }: Text, text: string, times: number): Promise<Rewritten> {
  if (await isSound(path, text, language)) return { kind: "changed", text, times };
  const was = await isSound(path, before, language);
  return was ? { kind: "left", why: "the file would no longer be valid" } : { kind: "same" };
}

/** What stood there before is somebody else's: only lines that were written are corrected. */
function onWritten(changes: readonly Change[], base: string | undefined, text: string): readonly Change[] {
  if (changes.length === 0 || base === undefined) return changes;
  const written = writtenLines(base, text);
  return changes.filter(({ lines }) => {
    for (let line = lines.from; line <= lines.to; line += 1) if (written.has(line)) return true;
    return false;
  });
}

/** Changes that overlap wait for the next round; of two in one place, the first. */
function apart(changes: readonly Change[]): readonly Change[] {
  const taken: Span[] = [];
  return changes.filter(({ spans }) => {
    const clear = spans.every((span) =>
      taken.every((other) => other.end <= span.start || span.end <= other.start || same(span, other)),
    );
    if (clear) taken.push(...spans);
    return clear;
  });
}

function same(one: Span, other: Span): boolean {
  return one.start === other.start && one.end === other.end && one.text === other.text;
}

/** Two mistakes may need the same import. */
function unique(spans: readonly Span[]): readonly Span[] {
  return spans.filter((span, at) => spans.findIndex((other) => same(span, other)) === at);
}
