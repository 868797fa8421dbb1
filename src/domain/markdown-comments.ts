/** The text with `<!-- comments -->` blanked out: every other character keeps its place. */
export function withoutComments(text: string): string {
  const [first = "", ...parts] = text.split("<!--");
  return parts
    .reduce<string[]>(
      (kept, part) => {
        const end = part.indexOf("-->");
        const comment = end < 0 ? "" : part.slice(0, end);
        kept.push(end < 0 ? `<!--${part}` : `    ${comment.replace(/[^\n]/g, " ")}   ${part.slice(end + 3)}`);
        return kept;
      },
      [first],
    )
    .join("");
}
