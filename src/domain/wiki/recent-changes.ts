import type { CommitId } from "../work.ts";

/** What happened to a repository, and how much of it is shown. */
export interface RecentChanges {
  readonly from: CommitId | undefined;
  /** Nothing was documented before, and the history is longer than what is read the first time. */
  readonly first?: boolean;
  readonly to: CommitId;
  readonly commits: readonly { readonly commit: CommitId; readonly subject: string }[];
  /** Files whose differences are shown whole. */
  readonly read: readonly string[];
  /** Files that changed and are not shown, each with the reason. */
  readonly unread: readonly { readonly path: string; readonly why: string }[];
  readonly difference: string;
}

const OWN = /^(?:wiki|plans|agents)\//;
const GENERATED =
  /(?:^|\/)(?:package-lock\.json|[\w.-]+\.lock|[\w.-]*\.min\.\w+|pnpm-lock\.yaml)$|(?:^|\/)(?:dist|build|coverage|vendor|node_modules)\//;
const TESTS = /(?:^|\/)(?:tests?|__tests__|spec)\/|\.(?:test|spec)\.\w+$|_test\.\w+$/;
const MOST_COMMITS = 100;
/** How many commits of the history a first documentation reads, unless it is told from where. */
export const FIRST_COMMITS = 50;

/** The parts of a unified difference by file, the code first, within a budget of characters. */
export function recentChanges(
  past: Pick<RecentChanges, "from" | "to" | "commits" | "first">,
  diff: string,
  most: number,
): RecentChanges {
  const parts = partsOf(diff).filter(({ path }) => !OWN.test(path));
  const read: string[] = [];
  const unread: { path: string; why: string }[] = [];
  const shown: string[] = [];
  let room = most;
  for (const { path, text } of [...parts].sort((one, two) => weight(one.path) - weight(two.path))) {
    if (GENERATED.test(path)) unread.push({ path, why: "it is generated" });
    else if (text.length > room)
      unread.push({ path, why: `${text.length} characters, and there was room for ${room}` });
    else {
      room -= text.length;
      read.push(path);
      shown.push(text);
    }
  }
  return { ...past, read, unread, difference: shown.join("") };
}

function weight(path: string): number {
  if (TESTS.test(path)) return 1;
  return /\.(?:md|txt|json|ya?ml|toml|css|html)$/.test(path) ? 2 : 0;
}

function partsOf(diff: string): readonly { readonly path: string; readonly text: string }[] {
  return diff
    .split(/^(?=diff --git )/m)
    .filter((text) => text.startsWith("diff --git "))
    .map((text) => ({ path: pathOf(text), text }));
}

function pathOf(part: string): string {
  const after = /^\+\+\+ b\/(.+)$/m.exec(part)?.[1];
  const before = /^--- a\/(.+)$/m.exec(part)?.[1];
  return after ?? before ?? /^diff --git a\/.+ b\/(.+)$/m.exec(part)?.[1] ?? "";
}

/** What the report says was read, and what was not. */
export function readingReport({ from, to, commits, first, read, unread }: RecentChanges): string {
  const range = from === undefined ? `everything up to ${to.slice(0, 12)}` : `${from.slice(0, 12)}..${to.slice(0, 12)}`;
  const more = commits.length > MOST_COMMITS ? [`- and ${commits.length - MOST_COMMITS} more`] : [];
  return [
    "## What was read",
    `Changes of ${range}: ${commits.length} commit(s), ${read.length} file(s) with their differences.`,
    [
      ...commits.slice(0, MOST_COMMITS).map(({ commit, subject }) => `- ${commit.slice(0, 12)} ${plain(subject)}`),
      ...more,
    ].join("\n"),
    ...(read.length === 0 ? [] : [read.map((path) => `- \`${path}\``).join("\n")]),
    "## What was not read",
    first ? earlierText() : "",
    unread.length === 0 ? "Nothing." : unread.map(({ path, why }) => `- \`${path}\`: ${why}`).join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** What a first documentation leaves out, and how to have it read. */
export function earlierText(): string {
  return `What is older than the last ${FIRST_COMMITS} commits: nothing was documented before. \`millwright document --since <revision or time>\` reads from further back.`;
}

/** What the documenter is shown of it. */
export function changesText({ commits, difference, unread }: RecentChanges): string {
  return [
    `Commits, newest first:\n${commits
      .slice(0, MOST_COMMITS)
      .map(({ commit, subject }) => `- ${commit.slice(0, 12)} ${plain(subject)}`)
      .join("\n")}`,
    difference === "" ? "" : `Differences:\n~~~~diff\n${difference.trimEnd()}\n~~~~`,
    unread.length === 0 ? "" : `Changed too, and not shown: ${unread.map(({ path }) => path).join(", ")}`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function plain(subject: string): string {
  return subject.replace(/[\p{Cc}<>`]/gu, " ").slice(0, 120);
}

/** The commit up to which the last documentation in a log went, as far as the log says it. */
export function lastDocumented(log: string): CommitId | undefined {
  return [...log.matchAll(/^## \[\d{4}-\d{2}-\d{2}\] document \| .*\bup to ([0-9a-f]{12,64}): done$/gm)].at(-1)?.[1];
}
