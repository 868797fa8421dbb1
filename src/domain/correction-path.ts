import type { CorrectionLanguage } from "./correction-file.ts";

/** The folder of the target that holds its corrections. */
export const CORRECTIONS_FOLDER = "corrections";

/** Where a correction lies in the target's repository. */
export function correctionPath(id: string): string {
  return `${CORRECTIONS_FOLDER}/${id}.yaml`;
}

/** True for the files that are read as corrections. */
export function isCorrectionPath(path: string): boolean {
  return /^corrections\/[^/]+\.ya?ml$/.test(path);
}

/** The id that a file must have by its name; undefined for a text that lies nowhere. */
export function idOfCorrectionPath(path: string): string | undefined {
  return /^(?:.*\/)?([^/]+)\.ya?ml$/.exec(path)?.[1];
}

const LANGUAGES: Readonly<Record<string, CorrectionLanguage>> = {
  py: "python",
  pyi: "python",
  ts: "typescript",
  mts: "typescript",
  cts: "typescript",
  tsx: "typescript",
  js: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  jsx: "javascript",
};

/** The language of a file by its name, as far as corrections go. */
export function correctionLanguage(path: string): CorrectionLanguage | undefined {
  return LANGUAGES[/\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ""];
}

const EXAMPLE_PATHS: Readonly<Record<CorrectionLanguage, string>> = {
  python: "example.py",
  typescript: "example.ts",
  javascript: "example.js",
};

/** The path of an example that names none. */
export function examplePath(languages: readonly CorrectionLanguage[]): string {
  return EXAMPLE_PATHS[languages[0] ?? "python"];
}
