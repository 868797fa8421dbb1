import { canonicalJson, type Digest, digestOfValue } from "../../domain/digest.ts";
import type { ModelRequest } from "../../domain/model-call.ts";

/** SHA-256 of what is asked: the canonical request without its run, its limits, its workspace and its cache mark. */
export function requestDigest(request: ModelRequest): Digest {
  const { run: _run, seconds: _seconds, answerTokens: _answerTokens, workspace, stable, ...question } = request;
  return digestOfValue(question);
}

/** What is asked, for people: system and user text verbatim, then the schema of the reply when there is one. */
export function requestText(request: ModelRequest): string {
  const parts = [`# System\n\n${request.system}`, `# User\n\n${request.user}`];
  if (request.schema !== undefined) {
    parts.push(`# Reply\n\nOne JSON object that matches this JSON Schema:\n\n${canonicalJson(request.schema)}`);
  }
  return `${parts.join("\n\n")}\n`;
}

/** A part of a file name: letters, digits, `_` and `-` stay; anything else becomes `%` and its hexadecimal code. */
export function fileNamePart(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]/gu, (character) => `%${character.codePointAt(0)?.toString(16) ?? ""}`);
}
