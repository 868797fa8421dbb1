import { posix } from "node:path";
import { correctionLanguage } from "../../../domain/correction-path.ts";
import { type FileOutline, symbolsOf } from "../../../domain/outline.ts";
import { allOf } from "./calls.ts";
import type { Source } from "./source.ts";

/** How a file imports the one module of the project that offers a name; undefined where none does, or several do. */
export function moduleOffering(name: string, source: Source, outline: readonly FileOutline[]): string | undefined {
  const python = source.language === "python";
  const offering = outline.filter(
    (file) =>
      file.path !== source.path &&
      (correctionLanguage(file.path) === "python") === python &&
      correctionLanguage(file.path) !== undefined &&
      symbolsOf(file).includes(name),
  );
  const [only] = offering;
  if (!only || offering.length > 1) return undefined;
  return python ? pythonModule(only.path) : relativeModule(only.path, source);
}

function pythonModule(path: string): string {
  return path
    .replace(/^src\//, "")
    .replace(/(\/__init__)?\.pyi?$/, "")
    .replaceAll("/", ".");
}

/** With the ending that the file's other relative imports have. */
function relativeModule(path: string, source: Source): string {
  const relative = posix.relative(posix.dirname(source.path), path).replace(/\.[cm]?[jt]sx?$/, "");
  const specifiers = allOf(source.root, ["import_statement"]).flatMap(
    (one) => one.field("source")?.text().slice(1, -1) ?? [],
  );
  const example = specifiers.find((specifier) => specifier.startsWith("."));
  const ending = example === undefined ? usualEnding(source) : (/\.[cm]?[jt]sx?$/.exec(example)?.[0] ?? "");
  return `${relative.startsWith(".") ? relative : `./${relative}`}${ending}`;
}

/** Node wants one in JavaScript; TypeScript leaves it to the project. */
function usualEnding({ language }: Source): string {
  return language === "javascript" ? ".js" : "";
}
