/** Counts tokens as o200k_base does, when the package gpt-tokenizer is there: installed without saving, or its folder in GPT_TOKENIZER. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./house.mjs";

/** A function from text to tokens, or undefined without the package. */
export async function tokenCounter() {
  const folder = process.env.GPT_TOKENIZER ?? join(root, "node_modules/gpt-tokenizer");
  const path = join(folder, "esm/encoding/o200k_base.js");
  if (!existsSync(path)) return undefined;
  const { countTokens } = await import(pathToFileURL(path).href);
  return (text) => countTokens(text, { disallowedSpecial: new Set() });
}
