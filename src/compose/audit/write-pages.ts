import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { placeOf } from "../../domain/audit/audit-finding.ts";
import type { AuditRecord, Concept, PlansMade } from "../../domain/audit/audit-report.ts";
import type { JournalEntry } from "../../domain/event.ts";
import { conceptPage, withIndexEntry } from "../../domain/wiki/page-text.ts";
import { reasonText } from "../../domain/wiki/plain-words.ts";
import { runPage, withRunEntries } from "../../domain/wiki/run-page.ts";
import { hasWiki, INDEX_PAGE, LOG_PAGE } from "../../domain/wiki/wiki-paths.ts";

interface Audited {
  readonly root: string;
  /** Every path of the tree that was looked at. */
  readonly paths: readonly string[];
  /** Seconds since 1970. */
  readonly startedAt: number;
  readonly entries: readonly JournalEntry[];
}

/**
 * Writes a page for each new concept, the audit's own page and their entries into the wiki of the checkout, beside the plans and
 * for a person to commit with them; answers their paths. Nothing where there is no wiki; a page that stands is left alone.
 */
export async function writePages(record: AuditRecord, made: PlansMade, audited: Audited): Promise<readonly string[]> {
  const { root, paths, startedAt } = audited;
  if (!hasWiki(paths)) return [];
  const written: string[] = [];
  let index = await textIn(root, INDEX_PAGE);
  for (const concept of record.concepts) {
    const page = pageOf(concept);
    if ((await textIn(root, page.path)) !== "" || names(index, concept.name)) continue;
    await write(root, page.path, page.text);
    index = withIndexEntry(index, { path: page.path, title: concept.name, summary: concept.meaning });
    written.push(page.path);
  }
  if (written.length > 0) await write(root, INDEX_PAGE, index);
  const own = runPage({
    run: record.id,
    title: "Audit",
    startedAt,
    kind: "audit",
    outcome: "done",
    reason: "",
    body: bodyOf(record, made),
    entries: audited.entries,
  });
  await write(root, own.path, own.text);
  const lines = written.map((path) => `- New page: [${path.split("/").at(-1)}](${path.replace(/^wiki\//, "")})`);
  const entry = { ...own.entry, lines: [...(own.entry.lines ?? []), ...lines] };
  const log = withRunEntries(await textIn(root, LOG_PAGE), [{ ...own, entry }]);
  await write(root, LOG_PAGE, log);
  return [...written, own.path];
}

function pageOf({ name, meaning, file, line }: Concept) {
  return conceptPage({ title: name, folder: "domain", summary: sentence(meaning), cites: [`${file}:${line}`] });
}

function sentence(text: string): string {
  const said = reasonText(text, 400);
  const whole = said.charAt(0).toUpperCase() + said.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

/** The index has a line for it already, under whatever path. */
function names(index: string, name: string): boolean {
  return index.toLowerCase().includes(`[${name.toLowerCase()}]`);
}

const MOST_FINDINGS = 20;

function bodyOf({ level, findings, dropped, unread }: AuditRecord, { plans }: PlansMade): string {
  const told = findings.slice(0, MOST_FINDINGS).map((one) => {
    const place = placeOf(one).replace(/:(\d+)(?:-(\d+))?$/, (_all, from) => `, line ${from}`);
    return `- ${one.id} ${one.kind}, ${reasonText(place, 200)}: ${reasonText(one.claim, 300)}`;
  });
  const more = findings.length > MOST_FINDINGS ? [`- and ${findings.length - MOST_FINDINGS} more`] : [];
  return [
    `## Findings\n\nLevel ${level}: ${findings.length} findings, ${dropped.length} claims dropped, ${unread.length} files not read.`,
    [...told, ...more].join("\n"),
    `## Plans\n\n${plans.map(({ path, title }) => `- ${reasonText(title, 120)}: ${path}`).join("\n") || "None."}`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

async function textIn(root: string, path: string): Promise<string> {
  return readFile(join(root, path), "utf8").catch(() => "");
}

async function write(root: string, path: string, text: string): Promise<void> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
