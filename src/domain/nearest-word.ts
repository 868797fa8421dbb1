import { distance } from "fastest-levenshtein";

/** The candidate that `word` was most likely meant to be, or undefined when none is near. */
export function nearestWord(word: string, candidates: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  let best: { readonly word: string; readonly far: number } | undefined;
  for (const candidate of candidates) {
    const far = distance(lower, candidate.toLowerCase());
    if (far < (best?.far ?? Number.POSITIVE_INFINITY)) best = { word: candidate, far };
  }
  const allowed = Math.max(2, Math.floor(lower.length / 3));
  const begins = candidates.find((candidate) => lower.length > 2 && candidate.toLowerCase().startsWith(lower));
  return best && best.far <= allowed ? best.word : begins;
}

/** ` Did you mean x?`, or nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const nearest = nearestWord(word, candidates);
  return nearest === undefined ? "" : ` Did you mean ${nearest}?`;
}
