import { type FinderReport, reportOfSignals, type Signal, signalAt, weights } from "./signal.ts";
import { type SourceFile, type Token, tokensOfSource } from "./source.ts";

/** Fewest tokens and lines that count as a copy. */
const FEWEST_TOKENS = 50;
const FEWEST_LINES = 6;
/** Tokens above which a repository is not looked through: memory is not endless. */
const MOST_TOKENS = 1_500_000;

interface Stream {
  readonly file: SourceFile;
  readonly tokens: readonly Token[];
  /** One number a token: the same text, the same number. */
  readonly ids: Int32Array;
}

interface Copy {
  readonly one: Stream;
  readonly other: Stream;
  readonly at: number;
  readonly otherAt: number;
  readonly length: number;
}

/** Runs of equal tokens in two places, whatever their layout: names count, so that only real copies are told. */
export function findDuplicates(files: readonly SourceFile[]): FinderReport {
  const streams = streamsOf(files.filter(({ isTest }) => !isTest));
  if (streams === undefined) return reportOfSignals("duplicates", `more than ${MOST_TOKENS} tokens: not looked at`, []);
  const copies = widest(copiesIn(streams));
  const how = `equal runs of at least ${FEWEST_TOKENS} tokens over ${FEWEST_LINES} lines`;
  return reportOfSignals("duplicates", how, copies.map(copySignal));
}

function streamsOf(files: readonly SourceFile[]): readonly Stream[] | undefined {
  const known = new Map<string, number>();
  const streams: Stream[] = [];
  let total = 0;
  for (const file of files) {
    const tokens = withoutImports(tokensOfSource(file.path, file.text));
    total += tokens.length;
    if (total > MOST_TOKENS) return undefined;
    const ids = Int32Array.from(tokens, ({ text }) => {
      const id = known.get(text) ?? known.size + 1;
      known.set(text, id);
      return id;
    });
    streams.push({ file, tokens, ids });
  }
  return streams;
}

/** Lists of imports look alike everywhere. */
function withoutImports(tokens: readonly Token[]): readonly Token[] {
  const lines = new Set<number>();
  let inside = false;
  for (const [at, token] of tokens.entries()) {
    if (token.text === "import" && token.kind === "word" && tokens[at - 1]?.line !== token.line) inside = true;
    if (inside) lines.add(token.line);
    if (inside && (token.kind === "string" || token.text === ";")) inside = false;
  }
  return tokens.filter(({ line }) => !lines.has(line));
}

/** Windows of equal tokens, each grown as far as it goes. */
function copiesIn(streams: readonly Stream[]): readonly Copy[] {
  const windows = new Map<number, { stream: number; at: number }[]>();
  const copies: Copy[] = [];
  const covered = new Set<string>();
  for (const [number, stream] of streams.entries()) {
    for (const { at, hash } of windowsOf(stream.ids)) {
      const same = windows.get(hash) ?? [];
      const copy = copied(same.slice(0, 3), { number, at }, streams, covered);
      if (copy) copies.push(copy);
      else windows.set(hash, [...same, { stream: number, at }]);
    }
  }
  return copies;
}

function* windowsOf(ids: Int32Array): Generator<{ readonly at: number; readonly hash: number }> {
  const [base, modulus] = [257, 4_294_967_291];
  let power = 1;
  for (let at = 1; at < FEWEST_TOKENS; at++) power = (power * base) % modulus;
  let hash = 0;
  for (let at = 0; at < ids.length; at++) {
    if (at >= FEWEST_TOKENS) hash = (hash - (((ids[at - FEWEST_TOKENS] ?? 0) * power) % modulus) + modulus) % modulus;
    hash = (hash * base + (ids[at] ?? 0)) % modulus;
    if (at >= FEWEST_TOKENS - 1) yield { at: at - FEWEST_TOKENS + 1, hash };
  }
}

function copied(
  candidates: readonly { readonly stream: number; readonly at: number }[],
  here: { readonly number: number; readonly at: number },
  streams: readonly Stream[],
  covered: Set<string>,
): Copy | undefined {
  for (const there of candidates) {
    const [one, other] = [streams[there.stream], streams[here.number]];
    if (!one || !other) continue;
    if (one === other && here.at < there.at + FEWEST_TOKENS) continue;
    const key = `${there.stream}:${here.number}:${here.at - there.at}`;
    const length = lengthOf(one, there.at, { other, otherAt: here.at });
    if (length < FEWEST_TOKENS) continue;
    const isNew = !covered.has(`${key}:${here.at - 1}`);
    covered.add(`${key}:${here.at}`);
    if (isNew) return { one, other, at: there.at, otherAt: here.at, length };
  }
  return undefined;
}

function lengthOf(one: Stream, at: number, { other, otherAt }: { other: Stream; otherAt: number }): number {
  let length = 0;
  while (
    at + length < one.ids.length &&
    otherAt + length < other.ids.length &&
    one.ids[at + length] === other.ids[otherAt + length] &&
    (one !== other || at + length < otherAt)
  )
    length++;
  return length;
}

/** Copies that lie in no longer one. */
function widest(copies: readonly Copy[]): readonly Copy[] {
  const kept: Copy[] = [];
  for (const copy of [...copies].sort((a, b) => b.length - a.length)) {
    const [from, to] = linesOf(copy.other, copy.otherAt, copy.length);
    if (to - from + 1 < FEWEST_LINES) continue;
    const isInside = kept.some((other) => {
      const [start, end] = linesOf(other.other, other.otherAt, other.length);
      return other.other === copy.other && from <= end && to >= start;
    });
    if (!isInside) kept.push(copy);
  }
  return kept;
}

function linesOf({ tokens }: Stream, at: number, length: number): readonly [number, number] {
  return [tokens[at]?.line ?? 1, tokens[at + length - 1]?.line ?? 1];
}

function copySignal({ one, other, at, otherAt, length }: Copy): Signal {
  const [from, to] = linesOf(other, otherAt, length);
  const [first, last] = linesOf(one, at, length);
  const claim = `Lines ${from} to ${to} are a copy of ${one.file.path}:${first}-${last}.`;
  const impact = to - from >= 20 ? "medium" : "low";
  const said = { by: "duplicates", kind: "debt", claim } as const;
  return signalAt({ file: other.file, from, to }, { ...said, weights: weights(impact, "medium", "medium", "high") });
}
