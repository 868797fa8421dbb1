import type { VisibleCall } from "../../../domain/visible-call.ts";
import { javaScriptCalls } from "./inputs-javascript.ts";
import { pythonCalls } from "./inputs-python.ts";
import { languageOf } from "./languages.ts";

/** What a test file looks at the outcome of, with variants of each call in which one input is another; the same text gives the same. */
export async function visibleCalls(path: string, text: string): Promise<readonly VisibleCall[]> {
  const language = languageOf(path);
  if (language === "javascript") return javaScriptCalls(path, text);
  return language === "python" ? pythonCalls(text) : [];
}
