import type { Command } from "commander";
import { parseNames } from "./options.ts";
import type { Session } from "./session.ts";

type Work = (session: Session, words: readonly string[], options: object) => Promise<number>;
type Act = (work: Work) => (...all: readonly unknown[]) => Promise<void>;

/** The command that learns corrections from what was recorded, and takes a person's word on them. */
export function addLearn(program: Command, act: Act): void {
  program
    .command("learn")
    .description("corrections that refused and landed proposals suggest, each tried on every recorded proposal")
    .option(
      "--approve <ids>",
      "write these candidates to corrections/, each in a commit of its own; or `all`",
      parseNames,
    )
    .option("--reject <ids>", "do not offer these again, unless there are new cases", parseNames)
    .option("--ask", "ask the orchestrator's model for a candidate too; it is tried like any other")
    .option("--list", "show the candidates that are kept, without looking again")
    .addHelpText("after", EXAMPLES)
    .action(act(async (session, _, options) => (await import("./commands/learn.ts")).learn(session, options)));
}

const EXAMPLES = `
Examples:
  $ millwright learn
  $ millwright learn --approve status-code-201-on-router-post-2a239a
  $ millwright learn --json | jq '.waiting[].evidence.rows'`;
