import { correctionLanguage } from "./correction-path.ts";
import { digestOf } from "./digest.ts";
import { leading } from "./leading-finding.ts";
import type { Atom } from "./learn-atoms.ts";
import { normalise, signatureOf } from "./signature.ts";
import type { ParsedText } from "./syntax-node.ts";
import type { Refusal } from "./verdict.ts";

/** A text that a gate refused, and the text of the same file that landed for the same task, or came past that gate later. */
export interface LearnedCase {
  /** `run/task/role/attempt`, as `why.cases` of a correction names it. */
  readonly id: string;
  readonly run: string;
  /** The same for the same task in any run: two retries of one task are one case. */
  readonly task: string;
  readonly path: string;
  readonly refusal: Refusal;
  readonly refused: ParsedText;
  readonly landed: ParsedText;
}

/** A change that one case shows. */
export interface SeenAtom {
  readonly of: LearnedCase;
  readonly atom: Atom;
}

/** Cases count as different ones when they are of different tasks or of different files. */
export function distinct(cases: readonly LearnedCase[]): number {
  return new Set(cases.map(({ task, path }) => `${task}\n${path}`)).size;
}

/** The least number of different cases that anything is learned from. */
export const FEWEST_CASES = 3;

/** What the failure is called on another machine and of another file: its rule, and the words of its finding. */
export function familyOf(refusal: Refusal): string {
  const first = leading(refusal);
  const words = [...normalise(first?.evidence || first?.message || "")].slice(0, 50).join("");
  return digestOf(`${first?.rule ?? refusal.gate}|${words}`).slice(0, 12);
}

export function signaturesOf(cases: readonly LearnedCase[]): readonly string[] {
  return [...new Set(cases.map(({ refusal }) => signatureOf(refusal)))];
}

/** Globs that hold all paths: their folder, as deep as they share it, and their file endings. */
export function globsOf(paths: readonly string[]): readonly string[] {
  const folders = paths.map((path) => path.split("/").slice(0, -1));
  const [first = []] = folders;
  const end = first.findIndex((part, index) => folders.some((folder) => folder[index] !== part));
  const shared = end < 0 ? shortest(folders) : first.slice(0, end);
  const prefix = shared.length === 0 ? "" : `${shared.join("/")}/`;
  const direct = shared.length > 0 && folders.every((folder) => folder.length === shared.length);
  const endings = [...new Set(paths.map((path) => path.slice(path.lastIndexOf("."))))].sort();
  return endings.map((ending) => `${prefix}${direct ? "" : "**/"}*${ending}`);
}

function shortest(folders: readonly (readonly string[])[]): readonly string[] {
  return folders.reduce((least, folder) => (folder.length < least.length ? folder : least), folders[0] ?? []);
}

export function languagesOf(cases: readonly LearnedCase[]) {
  return [...new Set(cases.flatMap(({ path }) => correctionLanguage(path) ?? []))].sort();
}
