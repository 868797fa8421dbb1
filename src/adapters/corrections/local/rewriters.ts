import type { CorrectionLanguage, Does } from "../../../domain/correction-file.ts";
import { addImport } from "./add-import.ts";
import { addArgument } from "./calls.ts";
import { rewriteJavaScriptImport } from "./imports-javascript.ts";
import { rewritePythonImport } from "./imports-python.ts";
import { replaceLiteral } from "./literals.ts";
import { applyRule } from "./rule.ts";
import type { Rewriter } from "./source.ts";

/** What rewrites a file by its text alone. */
export type OneFileDoes = Exclude<Does, { kind: "reject-path" | "quick-fix" }>;

/** The rewriter of a correction for a language. */
export function rewriterOf(does: OneFileDoes, language: CorrectionLanguage): Rewriter {
  switch (does.kind) {
    case "rule":
      return applyRule(does);
    case "rewrite-import":
      return language === "python" ? rewritePythonImport(does) : rewriteJavaScriptImport(does);
    case "add-argument":
      return addArgument(does);
    case "replace-literal":
      return replaceLiteral(does);
    case "add-import":
      return addImport(does);
  }
}

/** False when the text cannot hold what the correction looks for, so that nothing has to be parsed. */
export function mayApply(does: OneFileDoes, text: string): boolean {
  return wordsOf(does).every((word) => text.includes(word));
}

function wordsOf(does: OneFileDoes): readonly string[] {
  switch (does.kind) {
    case "rule":
      return [];
    case "rewrite-import":
      return does.from.startsWith("/") ? [] : does.from.split(/[./]/).filter((word) => word !== "");
    case "add-import":
      return [does.name];
    case "add-argument":
    case "replace-literal":
      return (does.call ?? "").split(".").filter((word) => word !== "" && !word.startsWith("$"));
  }
}
