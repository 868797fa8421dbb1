/** Where a ranking put the first file that a past commit really changed: 1 is first; 0: not among those ranked. */
export type Place = number;

/** How well a way of looking found the changed files; a share with its interval at 95 percent. */
export interface Scores {
  readonly queries: number;
  readonly hit5: Share;
  readonly hit10: Share;
  /** Mean of 1 / place. */
  readonly mrr: Share;
}

export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Queries below which nothing is concluded. */
export const FEWEST_QUERIES = 30;
const RESAMPLES = 2000;
const Z = 1.959964;

export function scoresOf(places: readonly Place[]): Scores {
  const hits = (most: number) => wilson(places.filter((place) => place > 0 && place <= most).length, places.length);
  return { queries: places.length, hit5: hits(5), hit10: hits(10), mrr: bootstrap(places.map(inverse)) };
}

/** What a second way adds to the mean of 1 / place, query by query. */
export function gainOf(before: readonly Place[], after: readonly Place[]): Share {
  return bootstrap(after.map((place, at) => inverse(place) - inverse(before[at] ?? 0)));
}

export type Verdict =
  | { readonly kind: "too-few"; readonly queries: number; readonly needed: number }
  | { readonly kind: "better" | "not-better"; readonly gain: Share };

/** `better` only where the whole interval of the gain is above nothing, over enough queries. */
export function verdictOf(before: readonly Place[], after: readonly Place[]): Verdict {
  if (before.length < FEWEST_QUERIES) return { kind: "too-few", queries: before.length, needed: FEWEST_QUERIES };
  const gain = gainOf(before, after);
  return { kind: gain.low > 0 ? "better" : "not-better", gain };
}

function inverse(place: Place): number {
  return place === 0 ? 0 : 1 / place;
}

/** Wilson's interval of a share. */
function wilson(hits: number, all: number): Share {
  if (all === 0) return { value: 0, low: 0, high: 1 };
  const share = hits / all;
  const scale = 1 + Z ** 2 / all;
  const middle = (share + Z ** 2 / (2 * all)) / scale;
  const half = (Z * Math.sqrt((share * (1 - share)) / all + Z ** 2 / (4 * all ** 2))) / scale;
  return { value: share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** The mean with the interval of its resampled means; the same values, the same interval. */
function bootstrap(values: readonly number[]): Share {
  const count = values.length;
  if (count === 0) return { value: 0, low: 0, high: 0 };
  const draw = drawn(20_261_121);
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let at = 0; at < count; at++) sum += values[Math.floor(draw() * count)] ?? 0;
    return sum / count;
  }).sort((a, b) => a - b);
  const value = values.reduce((sum, one) => sum + one, 0) / count;
  return { value, low: means[Math.floor(RESAMPLES * 0.025)] ?? 0, high: means[Math.floor(RESAMPLES * 0.975)] ?? 0 };
}

/** Mulberry32: numbers from 0 to 1 that follow from a seed. */
function drawn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Subjects that say nothing of what they changed. */
const EMPTY_SUBJECT =
  /^(?:merge|revert|bump|release|version|v?\d|wip\b|initial|first commit|update changelog|prepare)/i;

/** A commit's subject as a question; undefined for one that says nothing. */
export function questionOf(subject: string): string | undefined {
  const text = subject
    .replace(/^(?:feat|fix|docs|chore|refactor|test|perf|style|build|ci)(?:\([^)]*\))?!?:\s*/i, "")
    .replace(/\(?#\d+\)?|\b[A-Z]{2,}-\d+\b/g, " ")
    .trim();
  const words = text.match(/[A-Za-z][\w-]{2,}/g) ?? [];
  return EMPTY_SUBJECT.test(text) || words.length < 2 ? undefined : text;
}
