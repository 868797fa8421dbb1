import { z } from "zod";
import { readYaml } from "../yaml-text.ts";
import type { PageSource, WikiPage } from "./wiki-page.ts";

const SOURCE = /^(wiki\/sources\/\S+) sha256:([0-9a-f]{64})$/;

const one = z.string().trim().min(1);
/** What a page may say of itself before its text. Other keys are a person's own. */
const FrontMatter = z.looseObject({
  aliases: z.array(one).optional(),
  checked: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/, "must be a commit")
    .optional(),
  plan: one.optional(),
  sources: z.array(z.string().regex(SOURCE, "must be `wiki/sources/<file> sha256:<64 hexadecimal digits>`")).optional(),
});

export interface PageHead extends Pick<WikiPage, "aliases" | "checked" | "plan" | "sources" | "problems"> {
  /** The text below the front matter, and the number of lines above it. */
  readonly body: string;
  readonly above: number;
}

const FENCES = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)(?:^|\r?\n)---[ \t]*(?:\r?\n|$)/;

/** Splits a page into what it says of itself and its body; a front matter that cannot be read is a problem, never an error. */
export function readHead(text: string): PageHead {
  const found = FENCES.exec(text);
  const none = { aliases: [], checked: undefined, plan: undefined, sources: [], problems: [] };
  if (!found) return { ...none, body: text, above: 0 };
  const above = found[0].split("\n").length - 1;
  const rest = { body: text.slice(found[0].length), above };
  const read = readYaml(quoted(found[1] ?? ""), FrontMatter, 1);
  if (read.kind === "problems") return { ...none, ...rest, problems: read.problems };
  const { aliases = [], checked, plan, sources = [] } = read.value;
  return { ...none, ...rest, aliases, checked, plan, sources: sources.flatMap(sourceOf) };
}

/** A commit's name may look like a number, such as 1234567 or 12e4567: then it is written as the text that it is. */
function quoted(yaml: string): string {
  return yaml.replace(/^(checked:[ \t]+)(\d[0-9a-f]{6,63})(?=[ \t]*(?:\r?$|#))/m, '$1"$2"');
}

function sourceOf(text: string): readonly PageSource[] {
  const [, path, sha256] = SOURCE.exec(text) ?? [];
  return path === undefined || sha256 === undefined ? [] : [{ path, sha256 }];
}
