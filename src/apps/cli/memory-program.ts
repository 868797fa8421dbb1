import type { Command } from "commander";
import { parseNames } from "./options.ts";
import type { Session } from "./session.ts";

type Work = (session: Session, words: readonly string[], options: object) => Promise<number>;
type Act = (work: Work) => (...all: readonly unknown[]) => Promise<void>;

/** The commands of what the mill remembers. */
export function addMemory(program: Command, act: Act): void {
  program
    .command("memory")
    .description("what the mill remembers of this repository, layer by layer, and the rules it proposes for AGENTS.md")
    .option("--apply", "write the proposed rules into AGENTS.md, in a commit of their own")
    .option("--refuse <ids>", "drop proposed rules for good", parseNames)
    .addHelpText("after", examples("memory", "memory --apply", "memory --refuse 3f2a91,77b0c4"))
    .action(act(async (session, _, options) => (await import("./commands/memory.ts")).memory(session, options)));
  program
    .command("index")
    .description("the index by which code is found")
    .command("bench")
    .description("measure on this repository's own history how well code is found, and whether vectors help")
    .addHelpText("after", examples("index bench", "index bench --json | jq .verdict"))
    .action(act(async (session) => (await import("./commands/index-bench.ts")).indexBench(session)));
}

function examples(...calls: readonly string[]): string {
  return `\nExamples:\n${calls.map((call) => `  $ millwright ${call}`).join("\n")}`;
}
