import { insidePath } from "./inside.ts";
import { plainText } from "./plain-text.ts";
import type { Thrown } from "./records.ts";

const FRAME = /^\s*at (?:.*\()?((?:file:\/\/)?\/[^()]*?):\d+:\d+\)?$/;

/** The file of the repository that threw: that of the innermost frame which is neither a dependency nor the runtime. */
export function thrownIn(thrown: Thrown, roots: readonly string[]): string | undefined {
  if (thrown.at) return insideOf(thrown.at, roots);
  for (const line of plainText(thrown.stack ?? "").split("\n")) {
    const path = FRAME.exec(line)?.[1]?.replace(/\?.*$/, "");
    const inside = path === undefined ? undefined : insideOf(path, roots);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

function insideOf(path: string, roots: readonly string[]): string | undefined {
  const inside = insidePath(path, roots);
  return inside.startsWith("/") || /(?:^|\/)(?:node_modules|site-packages)\//.test(inside) ? undefined : inside;
}
