import type { Diagnostic } from "../../../domain/diagnostic.ts";
import { parseJavaScript } from "./javascript.ts";
import { languageOf } from "./languages.ts";
import { PYTHON_SYNTAX, ruffCheck } from "./python.ts";
import { diagnosticAt, sourceText } from "./source-text.ts";
import { jsonProblems, yamlProblems } from "./structured-text.ts";

interface Problem {
  readonly line: number;
  readonly message: string;
}

/** The syntax errors of one file; none for a language that nobody here can read. */
export async function syntaxErrors(path: string, text: string): Promise<readonly Diagnostic[]> {
  const source = sourceText(text);
  const problems = await problemsOf(path, text, source.lineAt);
  return problems.map(({ line, message }) => diagnosticAt(source, { path, line }, "invalid-syntax", message));
}

async function problemsOf(path: string, text: string, lineAt: (offset: number) => number): Promise<readonly Problem[]> {
  const language = languageOf(path);
  if (language === "javascript") {
    if (isFlow(path, text)) return [];
    const file = await parseJavaScript(path, text);
    return file.errors.map(({ offset, message }) => ({ line: lineAt(offset), message }));
  }
  if (language === "python") {
    const found = await ruffCheck(text, PYTHON_SYNTAX);
    return found.map(({ start_location, message }) => ({ line: start_location.row, message }));
  }
  if (language === "json") return jsonProblems(path, text);
  if (language === "yaml") return yamlProblems(path, text);
  return [];
}

/** Flow's types are another grammar, which no tool of ours reads. */
function isFlow(path: string, text: string): boolean {
  return /\.[cm]?jsx?$/.test(path) && /^\s*(\/\*[\s\S]*?@flow\b|\/\/\s*@flow\b)/.test(text);
}
