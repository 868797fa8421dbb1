import type { Command } from "commander";
import type { Session } from "./session.ts";

type Work = (session: Session, words: readonly string[], options: object) => Promise<number>;
type Act = (work: Work) => (...all: readonly unknown[]) => Promise<void>;

const load = () => import("./commands/approvals.ts");
const RUN = "id of a run, or its beginning; default: the newest that waits";
const STAGE = "plan, task or result; may be left out where only one waits";

/** The commands by which people let a run pass. */
export function addApprovals(program: Command, act: Act): void {
  program
    .command("approve")
    .argument("[run]", RUN)
    .argument("[stage]", STAGE)
    .option("--task <id>", "the task, where several wait")
    .option("--by <name>", "who says so; default: who is logged in")
    .option("--note <sentence>", "written down with it")
    .option("--digest <beginning>", "only if exactly this is what waits")
    .option("--show", "only look: what would happen, as a difference or a plan")
    .description("let what waits for a person pass; `millwright resume` goes on")
    .addHelpText(
      "after",
      examples("approve", "approve --show", 'approve r20261121 task --task T3 --by "Ada Lovelace" --note "as agreed"'),
    )
    .action(act(async (session, words, options) => (await load()).approve(session, words, options)));
  program
    .command("reject")
    .argument("[run]", RUN)
    .argument("[stage]", STAGE)
    .option("--task <id>", "the task, where several wait")
    .option("--by <name>", "who says so; default: who is logged in")
    .option("--note <sentence>", "what is wrong: whoever made it is told")
    .option("--digest <beginning>", "only if exactly this is what waits")
    .option("--end", "end it instead of sending it back to its maker")
    .description("send what waits for a person back to its maker with a note")
    .addHelpText("after", examples('reject --note "keep the old name as an alias"', "reject r20261121 task --end"))
    .action(act(async (session, words, options) => (await load()).reject(session, words, options)));
  program
    .command("gates")
    .argument("[words...]", "id of a run, and changes like task=human result=auto")
    .option("--by <name>", "who changes them; default: who is logged in")
    .description("whose word lets a run pass: human, auto-judge or auto, for plan, task and result")
    .addHelpText("after", examples("gates", "gates task=human", "gates r20261121 plan=auto-judge task=auto"))
    .action(act(async (session, [words], options) => (await load()).gates(session, words ?? "", options)));
}

function examples(...calls: readonly string[]): string {
  return `\nExamples:\n${calls.map((call) => `  $ millwright ${call}`).join("\n")}`;
}
