/** A text of anybody's as one line that is no Markdown and no HTML of its own. */
export function reasonText(text: string, most: number): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .replace(/[<>[\]`]/g, "'")
    .trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
