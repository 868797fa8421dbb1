import type { Command } from "commander";
import type { Session } from "./session.ts";

type Work = (session: Session, words: readonly string[], options: object) => Promise<number>;
type Act = (work: Work) => (...all: readonly unknown[]) => Promise<void>;

const load = () => import("./commands/wiki.ts");

/** The commands of the wiki, and the loop that documents what has changed. */
export function addWiki(program: Command, act: Act): void {
  const wiki = program
    .command("wiki")
    .description("the living memory of the code: pages whose links, claims and quotations the mill verifies")
    .addHelpText("after", EXAMPLES);
  wiki
    .command("init")
    .description("begin a wiki: schema, index and log, in a commit of their own")
    .action(act(async (session) => (await load()).init(session)));
  wiki
    .command("lint")
    .option("--contradictions", "ask the librarian's model too; only what is quoted on both sides counts")
    .option("--fix", "put right what a rule can, in a commit, and let the documenter do the rest on loop/lint-<date>")
    .description(
      "what is wrong: orphans, dead links, stale claims, gaps, what is missing; exit code 1 when anything is",
    )
    .action(act(async (session, _, options) => (await load()).lint(session, options)));
  wiki
    .command("ingest")
    .argument("<source>", "a text file, an http address, or pr:12 for a pull request of origin (by gh or glab)")
    .description("keep a source unchanged and let the documenter make pages of it, on loop/ingest-<date>")
    .action(act(async (session, [source]) => (await load()).ingest(session, source ?? "")));
  wiki
    .command("query")
    .argument("<question...>", "in words")
    .option("--file", "keep the answer as a page, in a commit of its own")
    .description("answer from the pages, each statement with a quotation that is there")
    .action(act(async (session, [question], options) => (await load()).query(session, question ?? "", options)));
  program
    .command("document")
    .option(
      "--since <time or revision>",
      'like "1 week" or v1.2; default: since the last time, at first the last 50 commits',
    )
    .description("bring wiki and agents/CONTEXT.md up to date with what has changed, on loop/document-<date>")
    .addHelpText("after", '\nExamples:\n  $ millwright document\n  $ millwright document --since "1 week"')
    .action(act(async (session, _, options) => (await load()).document(session, options)));
}

const EXAMPLES = `
Examples:
  $ millwright wiki init
  $ millwright wiki lint --contradictions
  $ millwright wiki ingest notes/article.md
  $ millwright wiki ingest pr:12
  $ millwright wiki query "how are prices rounded?" --file`;
