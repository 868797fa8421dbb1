import { identityOf } from "./model-identity.ts";

/** When the table was last compared with what the vendors publish. */
export const CONTEXTS_AS_OF = "2026-11-21";

/** Tokens that cloud models take in one call, for APIs that do not say; matched against a model's identity, the first row counts. */
const TABLE: readonly (readonly [model: RegExp, tokens: number])[] = [
  [/^claude-(fable|mythos|opus|sonnet|haiku)(-5|$)/, 1_000_000],
  [/^claude-(opus|sonnet)-4-[6-9]/, 1_000_000],
  [/^claude/, 200_000],
  [/^gpt-(6|5-[4-9])/, 1_000_000],
  [/^gpt-5/, 400_000],
  [/^gpt-4-1/, 1_000_000],
  [/^gpt-4o/, 128_000],
  [/^o[134]/, 200_000],
  [/^gemini-[23]/, 1_000_000],
];

/** What is known about a model's context without asking anybody, in tokens. */
export function knownContext(name: string, aliases: Readonly<Record<string, string>>): number | undefined {
  const model = identityOf(name, aliases).identity.replaceAll(".", "-");
  return TABLE.find(([pattern]) => pattern.test(model))?.[1];
}
