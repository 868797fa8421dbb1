import { Document, isMap, isScalar, parseDocument, Scalar, visit } from "yaml";
import { CorrectionFile } from "./correction-file.ts";
import { correctionProblems } from "./correction-rules.ts";
import { digestOf } from "./digest.ts";
import { problemLines, readYaml } from "./yaml-text.ts";

/** A correction as it was read, and the digest of its text. */
export interface ParsedCorrection extends CorrectionFile {
  readonly path: string;
  readonly digest: string;
}

/** Problems are lines for a person, each starting with `<path>: line N: `. */
export type CorrectionReading =
  | { readonly kind: "correction"; readonly correction: ParsedCorrection }
  | { readonly kind: "problems"; readonly problems: readonly string[] };

/** Reads a correction file (docs/reference/correction-format.md) and names all problems at once. Its examples are not run. */
export function parseCorrection(text: string, path: string): CorrectionReading {
  const plain = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  const read = readYaml(plain, CorrectionFile);
  if (read.kind === "problems") return { kind: "problems", problems: at(path, problemLines(read.problems)) };
  const problems = correctionProblems(read.value, path).map((problem) => ({
    line: read.lineOf(problem.path),
    message: problem.message,
  }));
  if (problems.length > 0) return { kind: "problems", problems: at(path, problemLines(problems)) };
  return { kind: "correction", correction: { ...read.value, path, digest: digestOf(text) } };
}

function at(path: string, lines: readonly string[]): readonly string[] {
  return lines.map((line) => `${path}: ${line}`);
}

/** The correction as a file, without keys that hold nothing; `parseCorrection` reads the same correction back. */
export function printCorrection(correction: CorrectionFile): string {
  const { id, title, why, languages, files, state, does, examples } = correction;
  const document = new Document(
    withoutEmpty({ id, title, why: withoutEmpty(why), languages, files, state, does, examples }),
    { aliasDuplicateObjects: false },
  );
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === "string" && node.value.includes("\n")) node.type = Scalar.BLOCK_LITERAL;
    },
  });
  return document.toString({ lineWidth: 0 });
}

function withoutEmpty(value: object): object {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([, member]) => member !== undefined && !(Array.isArray(member) && member.length === 0),
    ),
  );
}

/** The file's text with its state switched; everything else, comments too, stays as it is. */
export function withState(text: string, state: CorrectionFile["state"]): string {
  const document = parseDocument(text);
  const root = document.contents;
  if (!isMap(root)) return text;
  const pair = root.items.find((item) => isScalar(item.key) && item.key.value === "state");
  const range = pair && isScalar(pair.value) ? pair.value.range : undefined;
  if (range) return `${text.slice(0, range[0])}${state}${text.slice(range[1])}`;
  const does = root.items.find((item) => isScalar(item.key) && item.key.value === "does");
  const start = does && isScalar(does.key) ? (does.key.range?.[0] ?? text.length) : text.length;
  return `${text.slice(0, start)}state: ${state}\n${text.slice(start)}`;
}
