import type { WikiAnswer } from "./librarian.ts";
import { conceptPath, type IndexEntry, type PageText } from "./page-text.ts";
import { reasonText } from "./plain-words.ts";
import { WIKI } from "./wiki-paths.ts";

/** An answer as a page: its statements, each with the places that bear it, links to pages and citations of code. */
export function answerPage(answer: WikiAnswer, paths: readonly string[]): PageText & IndexEntry {
  const title = reasonText(answer.question.replace(/[?!.\s]+$/, ""), 100);
  const citesCode = answer.statements.some(({ citations }) => citations.some(({ path }) => !path.startsWith(WIKI)));
  const folder = citesCode ? "system" : "domain";
  const path = freePath(conceptPath({ folder, title }), paths);
  const statements = answer.statements.map(({ text, citations }) => {
    const places = citations.map((one) =>
      one.path.startsWith(WIKI) ? linkTo(one.path, path) : `\`${one.path}:${one.line}\``,
    );
    return `${text.trim()} (${[...new Set(places)].join(", ")})`;
  });
  const open = answer.unknown.map((one) => `- ${reasonText(one, 200)}`);
  const parts = [
    `# ${title}`,
    ...statements,
    ...(open.length === 0 ? [] : [`## What the wiki does not say\n\n${open.join("\n")}`]),
  ];
  const summary = reasonText(answer.statements[0]?.text ?? title, 160);
  return { path, title, summary, text: `${parts.join("\n\n")}\n` };
}

function linkTo(path: string, from: string): string {
  const name = (path.split("/").at(-1) ?? path).replace(/\.md$/, "");
  const up = "../".repeat(from.split("/").length - 2);
  return `[${name}](${up}${path.slice(WIKI.length)})`;
}

function freePath(path: string, taken: readonly string[]): string {
  let free = path;
  for (let number = 2; taken.includes(free); number++) free = path.replace(/\.md$/, `-${number}.md`);
  return free;
}
