import type { WrittenCases } from "../../../domain/diagnostic.ts";
import { javaScriptCases } from "./cases-javascript.ts";
import { pythonCases } from "./cases-python.ts";
import { languageOf } from "./languages.ts";

/** The cases of a test file in any language we can read. */
export async function writtenCases(path: string, text: string): Promise<WrittenCases> {
  const language = languageOf(path);
  if (language === "javascript") return javaScriptCases(path, text);
  if (language === "python") return pythonCases(text);
  return { parsed: false, cases: [], rest: [], imports: [], assertions: 0 };
}
