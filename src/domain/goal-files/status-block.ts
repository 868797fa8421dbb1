import { blockWith, withBlock } from "./managed-block.ts";

/** What `agents/CONTEXT.md` says of where things stand. */
export interface Status {
  /** Plans whose tasks have all landed, oldest first. */
  readonly completed: readonly string[];
  /** Plans that are yet to be pursued, the next one first. */
  readonly next: readonly string[];
  /** Test files with the number of cases in each; undefined where it cannot be read. */
  readonly tests: readonly { readonly path: string; readonly cases: number | undefined }[];
  /** Paths of all wiki pages. */
  readonly pages: readonly string[];
}

const NAME = "status";
const NOTE =
  "kept by `millwright init --full` and `millwright document`; what stands between these lines is written anew";
/** Test files that are named; the rest is a number. */
const MOST = 40;

/** The lines between the marks. */
export function statusText({ completed, next, tests, pages }: Status): string {
  return [
    "## Where things stand",
    "",
    `- Plans completed (${completed.length}): ${completed.join(", ") || "none"}`,
    `- Plans next (${next.length}): ${next.join(", ") || "none"}`,
    `- Tests (${casesText(tests)}):`,
    ...tests.slice(0, MOST).map(({ path, cases }) => `  - \`${path}\`: ${cases ?? "not counted"}`),
    ...(tests.length > MOST ? [`  - and ${tests.length - MOST} more files`] : []),
    `- Wiki (${pages.length} ${pages.length === 1 ? "page" : "pages"}):`,
    ...foldersOf(pages).map(([folder, count]) => `  - \`${folder}\`: ${count}`),
  ].join("\n");
}

/** A `CONTEXT.md` with this status in its block, made at its end where there is none; nothing outside of the block changes. */
export function withStatus(context: string, status: Status): string {
  return withBlock(context, blockWith(NAME, NOTE, statusText(status)));
}

function casesText(tests: Status["tests"]): string {
  const counted = tests.reduce((sum, { cases = 0 }) => sum + cases, 0);
  const files = `${tests.length} ${tests.length === 1 ? "file" : "files"}`;
  return tests.length === 0 ? "none" : `${counted} in ${files}`;
}

function foldersOf(pages: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const page of pages) {
    const folder = page
      .split("/")
      .slice(0, page.split("/").length > 2 ? 2 : 1)
      .join("/");
    counts.set(`${folder}/`, (counts.get(`${folder}/`) ?? 0) + 1);
  }
  return [...counts].sort(([one], [other]) => (one < other ? -1 : 1));
}
