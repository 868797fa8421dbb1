import { INDEX_PAGE, LOG_PAGE, SCHEMA_PAGE } from "./wiki-paths.ts";

const SCHEMA = `# How this wiki is kept

- \`index.md\` lists every page by folder, one line each: a link and a summary of at most one sentence. Read it first.
- \`log.md\` is only ever added to, one heading an entry: \`## [YYYY-MM-DD] kind | Title\`.
- \`10_DOMAIN/\` holds what the business means. \`20_SYSTEM/\` holds how the code is built and why; decisions are
  \`20_SYSTEM/decisions/NNNN-title.md\`, each with \`plan: plans/<file>.md\` in its front matter.
- \`90_LOG/\` holds reports of finished and failed work, one page each. The mill writes them, and \`log.md\`.
- \`sources/\` holds what pages were made from, never changed. A page that was made from one says so in its front matter:
  \`sources:\` with lines \`- wiki/sources/<file> sha256:<digest>\`.
- A page has one subject and one heading of the first level, its title. Other names of the subject are \`aliases:\`.
- Pages link to each other with \`[[Title]]\` or a relative Markdown link.
- Whoever says something of the code says where: \`src/file.ts:10-20\`, \`src/file.ts#name\` or \`src/file.ts\`, in backticks.
  \`millwright wiki lint\` compares the lines with those of the commit in which the page was last changed, or of
  \`checked: <commit>\` in its front matter.
`;

const INDEX = `# Index

## Domain

## System

## Log
`;

/** The files of a wiki that begins: its schema, an empty index and an empty log. */
export const FRESH_WIKI: readonly { readonly path: string; readonly text: string }[] = [
  { path: SCHEMA_PAGE, text: SCHEMA },
  { path: INDEX_PAGE, text: INDEX },
  { path: LOG_PAGE, text: "# Log\n" },
];
