import { type Command, Option } from "commander";
import { parsePort } from "./serve-program.ts";
import type { Session } from "./session.ts";

type Work = (session: Session, words: readonly string[], options: object) => Promise<number>;
type Act = (work: Work) => (...all: readonly unknown[]) => Promise<void>;

/** The mill as an MCP server. */
export function addMcp(program: Command, act: Act): void {
  program
    .command("mcp")
    .addOption(
      new Option("--http <port>", "streamable HTTP at http://127.0.0.1:<port>/mcp instead of stdio").argParser(
        parsePort,
      ),
    )
    .option("--allow-write", "offer plan, run and approve too; without it nothing can be changed")
    .description("let MCP clients look at this repository's runs: status, show, andon, wiki_query")
    .addHelpText("after", EXAMPLES)
    .action(
      act(async (session, _, options) => (await import("./commands/mcp.ts")).mcp(session, program.version(), options)),
    );
}

const EXAMPLES = `
Examples:
  $ millwright mcp
  $ millwright mcp --allow-write
  $ millwright mcp --http 7078      (bearer token: .millwright/token)`;
