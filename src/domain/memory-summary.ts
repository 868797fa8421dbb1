import { type FileOutline, symbolsOf } from "./outline.ts";

const LONGEST = 200;
const MOST_NAMES = 6;

/**
 * What a file is, in one line: the first sentence of its first comment or doc string, then the names that it offers.
 * Made from the text alone; "" when the text says neither.
 */
export function summaryOf(text: string, outline: FileOutline): string {
  const said = firstSentence(firstComment(text));
  const names = symbolsOf(outline);
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "";
  const offers = names.length === 0 ? "" : `offers ${names.slice(0, MOST_NAMES).join(", ")}${more}`;
  return [said, offers]
    .filter((part) => part !== "")
    .join(" | ")
    .slice(0, LONGEST);
}

/** Lines that a tool reads, and licences: they say nothing of the file. */
const DIRECTIVE =
  /^(?:!|-\*-|coding[:=]|eslint|biome|prettier|ts-|@ts-|@flow|pylint|noqa|type:|mypy|flake8|c8|istanbul|v8|global |jshint|<reference|#?(?:end)?region\b|Copyright|\(c\)|SPDX|License|Licensed|This (?:source|file|module|program) is (?:part|licensed|subject|free))/i;

function firstComment(text: string): string {
  const body = text
    .slice(0, 4000)
    .replace(/^\u{FEFF}/u, "")
    .replace(/^#!.*\n/, "");
  const docString = /^(?:\s*#.*\n|\s*\n)*\s*[rRuU]?("""|''')([\s\S]*?)\1/.exec(body)?.[2];
  if (docString !== undefined && docString.trim() !== "") return docString;
  for (const found of body.matchAll(/\/\*\*?([\s\S]*?)\*\/|((?:^[ \t]*(?:\/\/|#).*\n?)+)/gm)) {
    const lines = (found[1] ?? found[2] ?? "")
      .split("\n")
      .map((line) => line.replace(/^[ \t]*(?:\/\/+|#+|\*+)?[ \t]?/, "").trim())
      .filter((line) => line !== "" && !DIRECTIVE.test(line) && !/^[-=*#/~ ]+$/.test(line) && !line.startsWith("@"));
    if (lines.length > 0) return lines.join(" ");
  }
  return "";
}

function firstSentence(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  const [sentence = ""] = /^.*?[.!?](?=\s|$)/.exec(line) ?? [line];
  return sentence.slice(0, 140);
}
