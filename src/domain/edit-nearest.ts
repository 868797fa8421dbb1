import { distance } from "fastest-levenshtein";

/** The part of a file that looks most like what was searched for. */
export interface Region {
  /** 1-based line on which it starts. */
  readonly line: number;
  readonly text: string;
}

const MOST_LINES = 30;
const MOST_COMPARED = 4000;
const LONGEST = 160;

/** Shows a maker where its block may have been meant; never used to apply one. */
export function nearestRegion(file: readonly string[], search: readonly string[]): Region | undefined {
  const first = votedStart(file, search) ?? closestStart(file, search);
  if (first === undefined) return undefined;
  const from = Math.max(0, Math.min(first, file.length - 1));
  const size = Math.min(search.length, MOST_LINES);
  return { line: from + 1, text: file.slice(from, from + size).join("\n") };
}

/** Every line that occurs in both votes for the start at which the two would meet; rare lines weigh more. */
function votedStart(file: readonly string[], search: readonly string[]): number | undefined {
  const places = new Map<string, number[]>();
  file.forEach((line, at) => {
    const key = line.trim();
    if (key.length > 2) places.set(key, [...(places.get(key) ?? []).slice(0, 50), at]);
  });
  const votes = new Map<number, number>();
  search.forEach((line, offset) => {
    const at = places.get(line.trim()) ?? [];
    for (const place of at) votes.set(place - offset, (votes.get(place - offset) ?? 0) + 1 / at.length);
  });
  const best = [...votes].sort((one, two) => two[1] - one[1] || one[0] - two[0])[0];
  return best && best[1] >= 0.5 ? best[0] : undefined;
}

/** The start at which the search's longest line is closest to a line of the file. */
function closestStart(file: readonly string[], search: readonly string[]): number | undefined {
  const wanted = search.reduce((longest, line) => (line.trim().length > longest.trim().length ? line : longest), "");
  const key = wanted.trim().slice(0, LONGEST);
  if (key.length < 4) return undefined;
  let best = { at: -1, far: key.length * 0.6 };
  file.slice(0, MOST_COMPARED).forEach((line, at) => {
    const far = distance(key, line.trim().slice(0, LONGEST));
    if (far < best.far) best = { at, far };
  });
  return best.at < 0 ? undefined : best.at - search.indexOf(wanted);
}
