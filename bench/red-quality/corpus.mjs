/** Reads the tasks of corpus/: what is there before, the right code, and tests in four classes. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("./corpus", import.meta.url));

/**
 * `{ name, runner, kind, code, creates, accept, base, right, tests: [{ class, how, text }] }`: the code file's path, its text
 * before (undefined: it is not there) and its right text.
 */
export const corpus = readdirSync(folder)
  .filter((file) => file.endsWith(".md"))
  .sort()
  .map((file) => taskOf(readFileSync(join(folder, file), "utf8")));

function taskOf(text) {
  const [head, ...parts] = text.split(/^## /m);
  const [, name, line] = /^# (\S+)\n\n(.*)$/m.exec(head);
  const [runner, kind, code, creates] = line.split(", ");
  const sections = parts.map((part) => [part.slice(0, part.indexOf("\n")), /```\w+\n([\s\S]*)```/.exec(part)[1]]);
  const named = Object.fromEntries(sections);
  return {
    name,
    runner,
    kind,
    code,
    creates: (creates ?? "")
      .split(" ")
      .slice(1)
      .map((one) => `${code}#${one}`),
    accept: [...head.matchAll(/^- (AC\d+): (.*)$/gm)].map(([, id, criterion]) => [id, criterion]),
    base: named.base,
    right: named.right,
    tests: sections
      .filter(([title]) => title.includes(": "))
      .map(([title, body]) => {
        const at = title.indexOf(": ");
        return { class: title.slice(0, at), how: title.slice(at + 2), text: body };
      }),
  };
}
