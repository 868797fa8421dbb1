import { sourceText } from "./source-text.ts";

interface Problem {
  readonly line: number;
  readonly message: string;
}

/** Files whose readers allow comments and trailing commas although they are called JSON. */
const LENIENT =
  /(^|\/)(tsconfig|jsconfig|api-extractor)[^/]*\.json$|(^|\/)\.(vscode|devcontainer)\/|\.jsonc$|(^|\/)(\.(eslintrc|oxlintrc|babelrc|swcrc|jscsrc|jshintrc)|biome|typedoc|rush|deno|turbo|nx|project)\.json$/;

/** What is wrong with a JSON text; comments and trailing commas are allowed where their readers allow them. */
export async function jsonProblems(path: string, text: string): Promise<readonly Problem[]> {
  const json = text.replace(/^\uFEFF/, "");
  try {
    JSON.parse(json);
    return [];
  } catch (thrown) {
    const located = await asExpression(json);
    if (LENIENT.test(path) && located === undefined) return [];
    const message = (thrown as SyntaxError).message;
    return [{ line: lineOf(json, message) ?? located?.line ?? 1, message: located?.message ?? message }];
  }
}

/** JSON with comments is a JavaScript expression: undefined when it is one, else where it ceases to be. */
async function asExpression(json: string): Promise<Problem | undefined> {
  const { parseSync } = await import("oxc-parser");
  const error = parseSync("value.js", `(\n${json}\n)`, { sourceType: "script" }).errors[0];
  if (!error) return undefined;
  const line = sourceText(`(\n${json}`).lineAt(error.labels[0]?.start ?? 0) - 1;
  return { line: Math.max(1, Math.min(line, json.split("\n").length)), message: error.message };
}

function lineOf(json: string, message: string): number | undefined {
  const position = /at position (\d+)/.exec(message)?.[1];
  return position === undefined ? undefined : sourceText(json).lineAt(Number(position));
}

/** Templates of YAML are not YAML before they are filled in. */
const TEMPLATE = /(^|\/)templates?\/|\{\{[-%#]?\s|\{%/;

/** What is wrong with a YAML text (one or several documents). */
export async function yamlProblems(path: string, text: string): Promise<readonly Problem[]> {
  const { parseAllDocuments } = await import("yaml");
  const documents = parseAllDocuments(text, { logLevel: "silent" });
  const problems = [...documents].flatMap((document) =>
    document.errors.map((error) => ({
      line: error.linePos?.[0].line ?? 1,
      message: error.message.split("\n")[0] ?? "",
    })),
  );
  return problems.length > 0 && TEMPLATE.test(`${path}\n${text}`) ? [] : problems;
}
