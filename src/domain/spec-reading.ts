import { digestOf } from "./digest.ts";
import { withoutComments } from "./markdown-comments.ts";
import type { Spec } from "./spec.ts";
import { InputError } from "./step-failure.ts";

const LARGEST = 1024 * 1024;
const LONGEST_TITLE = 100;

/**
 * What the user wants, from a file's text or as a sentence.
 * @throws InputError when there is nothing to read, nothing readable, or more than 1 MiB; each says what to do
 */
export function readSpec(text: string, path?: string): Spec {
  const plain = text.replace(/^\uFEFF/, "");
  const name = path ?? "The spec";
  const problem = sizeProblem(plain, name) ?? contentProblem(plain, name);
  if (problem !== undefined) throw new InputError([problem]);
  return { title: titleOf(plain), text: plain, digest: digestOf(plain), ...(path === undefined ? {} : { path }) };
}

function sizeProblem(text: string, name: string): string | undefined {
  if (text.length <= LARGEST / 4) return undefined;
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= LARGEST) return undefined;
  const size = (bytes / LARGEST).toFixed(1);
  return `${name} has ${size} MiB; a spec has at most 1 MiB. Split it by subject into several files, one per part that can land alone, and run them one after the other; large examples belong into files of the repository that the spec names.`;
}

function contentProblem(text: string, name: string): string | undefined {
  const visible = withoutComments(text).trim();
  if (visible === "") return `${name} is empty. Write what you want, in your own words; one sentence is enough.`;
  if (text.includes("\0"))
    return `${name} is binary: it holds NUL bytes. A spec is text, best Markdown; save it as UTF-8.`;
  const unreadable = unreadableIn(text);
  if (unreadable * 100 > text.length || unreadable > 500)
    return `${name} is not readable text: ${unreadable} of ${text.length} characters are none. Save it as UTF-8 text, best Markdown.`;
  if (!/[\p{L}\p{N}]/u.test(visible)) return `${name} holds no word. Write what you want, in your own words.`;
  return undefined;
}

/** Characters that no text holds: control characters but white space and ANSI colours, and what was no UTF-8. */
function unreadableIn(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd || (code < 32 && code !== 27 && (code < 9 || code > 13)) || (code > 126 && code < 160))
      count += 1;
  }
  return count;
}

/** The first heading, or else the first line. */
function titleOf(text: string): string {
  const lines = withoutComments(text).split(/\r?\n/);
  const heading = lines.find((line) => /^ {0,3}#{1,6}\s+\S/.test(line));
  const under = lines.findIndex((line, at) => at > 0 && /^={3,}\s*$/.test(line) && (lines[at - 1] ?? "").trim() !== "");
  const first = heading ?? lines[under - 1] ?? lines.find((line) => line.trim() !== "" && line.trim() !== "---") ?? "";
  const title = first
    .replace(/^ {0,3}#{1,6}\s+/, "")
    .replace(/\s#+\s*$/, "")
    .replace(/[*_`]+/g, "")
    .trim();
  return title.length <= LONGEST_TITLE ? title : `${title.slice(0, LONGEST_TITLE - 1).trimEnd()}…`;
}
