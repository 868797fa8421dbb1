import { languageOf } from "./languages.ts";
import { isJavaScript, javaScriptMutations } from "./mutants-javascript.ts";
import { pythonMutations } from "./mutants-python.ts";
import { described, mutated, spread } from "./mutation.ts";
import { isPython } from "./python.ts";

export interface MutantOrder {
  readonly path: string;
  readonly text: string;
  /** 1-based, inclusive. */
  readonly lines: { readonly from: number; readonly to: number };
  readonly limit: number;
}

/** Variants of a text with one small change each inside the lines; the same order gives the same mutants. */
export async function mutantsOf(order: MutantOrder): Promise<readonly { text: string; what: string }[]> {
  const { path, text, lines, limit } = order;
  const language = languageOf(path);
  if (language !== "javascript" && language !== "python") return [];
  const all = language === "python" ? await pythonMutations(text) : await javaScriptMutations(path, text);
  const inside = all.filter(({ line }) => line >= lines.from && line <= lines.to);
  const mutants: { text: string; what: string }[] = [];
  const seen = new Set([text]);
  for (const mutation of spread(inside)) {
    if (mutants.length >= limit) break;
    const changed = mutated(text, mutation);
    const parses =
      !seen.has(changed) && (language === "python" ? await isPython(changed) : await isJavaScript(path, changed));
    seen.add(changed);
    if (parses) mutants.push({ text: changed, what: described(text, mutation) });
  }
  return mutants;
}
