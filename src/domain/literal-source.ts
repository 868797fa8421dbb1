import type { CorrectionLanguage, Literal } from "./correction-file.ts";

const PYTHON = { nothing: "None", yes: "True", no: "False" };
const JAVASCRIPT = { nothing: "null", yes: "true", no: "false" };

/** A value as the language writes it; `quote` is used for texts that need no escapes. */
export function literalSource(value: Literal, language: CorrectionLanguage, quote: '"' | "'" = '"'): string {
  const words = language === "python" ? PYTHON : JAVASCRIPT;
  if (value === null) return words.nothing;
  if (typeof value === "object") return value.code;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value === "number") return String(value);
  return /[\p{Cc}\\"']/u.test(value) ? JSON.stringify(value) : `${quote}${value}${quote}`;
}

/** True when the source text of a literal is this value. Texts with escapes or prefixes are nobody's. */
export function isLiteralSource(source: string, value: Literal, language: CorrectionLanguage): boolean {
  if (typeof value === "string") return plainTextOf(source) === value;
  if (typeof value === "number") return /^[-+]?[\d.]/.test(source) && Number(source.replaceAll("_", "")) === value;
  if (value !== null && typeof value === "object") return squeezed(source) === squeezed(value.code);
  return source === literalSource(value, language);
}

function plainTextOf(source: string): string | undefined {
  return /^(["'])([^\\"'\n]*)\1$/.exec(source)?.[2];
}

function squeezed(source: string): string {
  return source.replace(/\s+/g, "");
}
