import { commitFiles } from "../../adapters/git/system/commit-files.ts";
import { wikiFacts } from "../../briefs/wiki-facts.ts";
import { within } from "../../domain/wiki/choose-pages.ts";
import { findingLine, inOrder, type WikiFinding } from "../../domain/wiki/finding.ts";
import { applyFixes } from "../../domain/wiki/fix.ts";
import { contradictionsShape, contradictionsText, readContradictions } from "../../domain/wiki/librarian.ts";
import { type LintFacts, lintWiki } from "../../domain/wiki/lint.ts";
import type { CommitId } from "../../domain/work.ts";
import type { Watch } from "../../mill.ts";
import { askLibrarian } from "./ask-librarian.ts";
import { pursueDocs } from "./docs-run.ts";
import { lintFacts } from "./lint-facts.ts";
import { needWiki, onGround, secondsNow, type WikiGround, type WikiPlace } from "./place.ts";
import type { LintOptions, WikiLintEnd, WikiLoop } from "./wiki-door.ts";

/**
 * Looks at the wiki of the commit that is checked out. With `fix`, and no more than `limits.wikiFindings` findings, what the mill can
 * put right becomes a commit, and the rest a task of the documenter. @throws InputError, StepFailure
 */
export async function lintIn(
  options: LintOptions,
  place: WikiPlace,
  loop: WikiLoop,
  watch: Watch,
): Promise<WikiLintEnd> {
  const seen = await onGround(place, (ground) => look(options, place, ground, watch));
  const { findings, unread, dropped } = seen;
  const most = place.config.limits.wikiFindings;
  const rest = { unread, dropped };
  if (options.mode === "report" || findings.length === 0)
    return { ...rest, findings, fixed: [], waits: options.mode === "fix" && findings.length > most };
  if (findings.length > most) return { ...rest, findings, fixed: [], waits: true };
  const fixed = await onGround(place, (ground) => fix(findings, place, ground));
  const left = findings.filter((finding) => !fixed.fixed.includes(finding));
  const done = { ...rest, ...fixed, waits: false };
  if (left.length === 0) return { ...done, findings: [] };
  const run = await pursueDocs(
    {
      name: "lint",
      title: "Put right what is wrong in the wiki",
      purpose:
        "`millwright wiki lint` finds what is listed below. Put each of it right: look at the code and say what is true of it now.",
      shown: left.map(findingLine).join("\n"),
      accept: ["None of the listed findings is left, and no page says less than before"],
      body: `## What was wrong\n\n${left.map((finding) => `- ${findingLine(finding)}`).join("\n")}`,
    },
    place,
    loop,
    watch,
  );
  return { ...done, findings: left, run };
}

interface Looked {
  readonly findings: readonly WikiFinding[];
  readonly unread: readonly string[];
  readonly dropped: number;
}

async function look(
  { contradictions }: LintOptions,
  place: WikiPlace,
  ground: WikiGround,
  watch: Watch,
): Promise<Looked> {
  needWiki(ground);
  const facts = await lintFacts(ground);
  const findings = lintWiki(facts);
  if (contradictions === "leave") return { findings, unread: [], dropped: 0 };
  const said = await contradictionsIn(facts, place, ground, watch);
  return { ...said, findings: inOrder([...findings, ...said.findings]) };
}

async function contradictionsIn(
  { pages }: LintFacts,
  place: WikiPlace,
  ground: WikiGround,
  watch: Watch,
): Promise<Looked> {
  const told = pages.filter(({ kind }) => kind === "concept" || kind === "context");
  const { shown, left } = within(told, place.config.limits.wikiCharacters);
  if (shown.length < 2) return { findings: [], unread: left, dropped: 0 };
  const question = {
    title: "wiki lint: contradictions",
    shape: contradictionsShape,
    text: (problems: readonly string[]) => contradictionsText(shown, problems),
    read: (reply: string) => readContradictions(reply, shown),
  };
  return { ...(await askLibrarian(question, place, ground, watch)), unread: left };
}

async function fix(
  findings: readonly WikiFinding[],
  place: WikiPlace,
  { git, checkout, head }: WikiGround,
): Promise<{ fixed: readonly WikiFinding[]; commit?: CommitId }> {
  const facts = await wikiFacts(head.tree, git);
  const { fixed, paths, write } = applyFixes(findings, facts.pages);
  if (fixed.length === 0) return { fixed };
  const message = `wiki: put right ${fixed.length} finding(s) of \`millwright wiki lint\`\n\n${fixed.map(findingLine).join("\n")}\n`;
  const files = paths.map((path) => ({ path, write: (before: string) => write(path, before) }));
  const commit = await commitFiles(checkout, git, { files, message, at: secondsNow(place) });
  return { fixed, commit };
}
