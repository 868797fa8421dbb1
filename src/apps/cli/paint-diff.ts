import { plain } from "../../views/plain.ts";
import { paintWith } from "./paint.ts";
import type { Session } from "./session.ts";

/** A unified diff for a terminal: nothing in it that a terminal obeys, in colours where they are wanted. */
export function paintDiff(text: string, { terminal }: Pick<Session, "terminal">): string {
  if (!terminal.colors) return plain(text);
  const paint = paintWith(true);
  const line = (written: string) => {
    if (/^(diff|index|---|\+\+\+) /.test(written)) return paint.strong(written);
    if (written.startsWith("+")) return paint.tone("good", written);
    if (written.startsWith("-")) return paint.tone("bad", written);
    return written.startsWith("@@") ? paint.lane("active", written) : written;
  };
  return plain(text).split("\n").map(line).join("\n");
}
