import { type LiteralUse, NO_LITERALS } from "../../../domain/literal-use.ts";
import { languageOf } from "./languages.ts";
import { javaScriptLiterals } from "./literals-javascript.ts";
import { pythonLiterals } from "./literals-python.ts";

/** The literals of a JavaScript, TypeScript or Python file, and its functions that answer nothing else. */
export async function literalsOf(path: string, text: string): Promise<LiteralUse> {
  const language = languageOf(path);
  if (language === "javascript") return javaScriptLiterals(path, text);
  return language === "python" ? pythonLiterals(text) : NO_LITERALS;
}
