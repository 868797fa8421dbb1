import type { ModelRequest, Usage } from "./model-call.ts";

/**
 * Words below which nothing is concluded, and the share of them that no tokenizer was seen to go below. In 150 files of
 * code, prose and JSON the five tokenizers that were tried made at least 1.4 tokens of a word, and 2 in the middle.
 */
const FEWEST_WORDS = 400;

/** Tokens that a prompt has at least: no token reaches from one word into the next. */
export function fewestTokens({ system, user }: Pick<ModelRequest, "system" | "user">): number {
  return wordsIn(system) + wordsIn(user);
}

function wordsIn(text: string): number {
  return text.match(/\p{L}+/gu)?.length ?? 0;
}

/** What tells that a server has read only a part of the prompt, in its own numbers; undefined when nothing does. */
export function truncationSeen(request: Pick<ModelRequest, "system" | "user">, usage: Usage): string | undefined {
  if (!usage.counted) return undefined;
  const least = fewestTokens(request);
  const read = usage.input + usage.cached;
  if (least < FEWEST_WORDS || read >= least) return undefined;
  return `it counted ${read} tokens in a prompt that has at least ${least}`;
}
