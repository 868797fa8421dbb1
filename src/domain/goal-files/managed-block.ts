import { InputError } from "../step-failure.ts";

/** Text that the mill keeps in a person's file, between two marks that bear its name. */
export interface ManagedBlock {
  readonly name: string;
  /** The whole block, its marks first and last. */
  readonly text: string;
}

/** A block; `note` tells people who keeps it. */
export function blockWith(name: string, note: string, body: string): ManagedBlock {
  return { name, text: `<!-- millwright:${name} begin (${note}) -->\n${body.trim()}\n<!-- millwright:${name} end -->` };
}

/**
 * The text with this block in place of the one of its name, or at its end; line ends are those of the text, and not a byte
 * outside of the block changes. @throws InputError when the marks do not fit together: nothing may be written then
 */
export function withBlock(text: string, block: ManagedBlock): string {
  const ends = /\r?\n/.exec(text)?.[0] ?? "\n";
  const written = block.text.replaceAll("\n", ends);
  const found = placeOf(text, block.name);
  if (found !== undefined) return text.slice(0, found.from) + written + text.slice(found.to);
  return `${text}${gapAfter(text, ends)}${written}${ends}`;
}

/** An empty line between what stood there and the block. */
function gapAfter(text: string, ends: string): string {
  if (text === "") return "";
  return text.endsWith("\n") ? ends : ends + ends;
}

function placeOf(text: string, name: string): { readonly from: number; readonly to: number } | undefined {
  const marks = [...text.matchAll(new RegExp(`^[ \\t]*<!-- millwright:${name} (begin|end)\\b[^\\r\\n]*$`, "gm"))];
  if (marks.length === 0) return undefined;
  const [begin, end] = marks;
  if (marks.length !== 2 || begin?.[1] !== "begin" || end?.[1] !== "end")
    throw new InputError([
      `the marks of the block ${name} must be one begin and then one end; found: ${marks.map((mark) => mark[1]).join(", ")}. Mend or remove them, then run this again`,
    ]);
  return { from: begin.index, to: end.index + end[0].length };
}
