import { nearestWord } from "../../../../domain/nearest-word.ts";

/** A name that does not exist, before its line is looked up. */
export interface SymbolFinding {
  readonly path: string;
  /** Offset in the text, in UTF-16 units. */
  readonly start: number;
  readonly code: SymbolCode;
  readonly message: string;
}

/** Names of the project's own, and those of installed packages, have other answerers. */
export type SymbolCode =
  | "package-missing"
  | "module-missing"
  | "package-module-missing"
  | "export-missing"
  | "package-export-missing"
  | "member-missing"
  | "package-member-missing"
  | "name-undefined";

/** ` Did you mean x?`, or what there is when nothing is near. */
export function instead(name: string, names: Iterable<string>): string {
  const candidates = [...names].filter((one) => one !== name && one !== "" && one !== "default");
  const near = nearestWord(name, candidates);
  if (near !== undefined) return ` Did you mean ${near}?`;
  const few = candidates.filter((one) => !one.startsWith("_")).sort();
  return few.length === 0 || few.length > 12 ? "" : ` It has: ${few.join(", ")}.`;
}
