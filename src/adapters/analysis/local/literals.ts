import { type LiteralUse, NO_LITERALS } from "../../../domain/literal-use.ts";
import { visibleCalls } from "./inputs.ts";
import { languageOf } from "./languages.ts";
import { javaScriptLiterals } from "./literals-javascript.ts";
import { pythonLiterals } from "./literals-python.ts";

/** The literals of a JavaScript, TypeScript or Python file, its functions that answer nothing else, and what its tests look at. */
export async function literalsOf(path: string, text: string): Promise<LiteralUse> {
  const language = languageOf(path);
  if (language !== "javascript" && language !== "python") return NO_LITERALS;
  const use = language === "javascript" ? await javaScriptLiterals(path, text) : await pythonLiterals(text);
  return { ...use, calls: [...(await visibleCalls(path, text))] };
}
