import { type Command, Option } from "commander";
import { FORGES } from "../../domain/forge/forge.ts";
import type { Session } from "./session.ts";

type Work = (session: Session, words: readonly string[], options: object) => Promise<number>;
type Act = (work: Work) => (...all: readonly unknown[]) => Promise<void>;

/** Pull requests by GitHub's or GitLab's own program. */
export function addPullRequest(program: Command, act: Act): void {
  program
    .command("pr")
    .argument("[run]", "id of a run, or its beginning; default: the newest")
    .option("--draft", "open it as a draft")
    .option("--if-landed", "end well where there is nothing to ask for: for build servers")
    .option("--remote <name>", "where the branch is pushed", "origin")
    .option("--base <branch>", "branch that it is for; default: the one that the run began from")
    .addOption(new Option("--forge <program>", "default: as the remote's address says").choices(FORGES))
    .description("push loop/<plan> and open a pull request with the run's report, or bring the open one up to date")
    .addHelpText("after", "\nExamples:\n  $ millwright pr\n  $ millwright pr r20261121 --draft --remote upstream")
    .action(
      act(async (session, [run], options) => (await import("./commands/pr.ts")).pr(session, run || undefined, options)),
    );
}
