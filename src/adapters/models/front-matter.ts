import { parse, stringify } from "yaml";

const OPENING = /^---[ \t]*\r?\n([\s\S]*?)^---[ \t]*(?:\r?\n|$)/m;

/** A text's YAML front matter and what follows it, byte for byte; `header` is undefined when there is none, or it is no YAML. */
export function splitFrontMatter(text: string): { readonly header: unknown; readonly body: string } {
  const found = text.startsWith("---") ? OPENING.exec(text) : null;
  if (found === null || found.index !== 0) return { header: undefined, body: text };
  try {
    return { header: parse(found[1] ?? "") as unknown, body: text.slice(found[0].length) };
  } catch {
    return { header: undefined, body: text };
  }
}

/** The text with a YAML front matter before it. */
export function withFrontMatter(header: Readonly<Record<string, unknown>>, body: string): string {
  return `---\n${stringify(header, { lineWidth: 0 })}---\n${body}`;
}
