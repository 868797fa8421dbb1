import { type Command, Option } from "commander";
import { APPROVAL_GATES } from "../../domain/approval-gate.ts";
import { STAGES } from "../../domain/research/stages.ts";
import { parseBudget, parseModel } from "./options.ts";
import type { Session } from "./session.ts";

type Work = (session: Session, words: readonly string[], options: object) => Promise<number>;
type Act = (work: Work) => (...all: readonly unknown[]) => Promise<void>;

const load = () => import("./commands/research.ts");

/** The commands of the research pipeline. */
export function addResearch(program: Command, act: Act): void {
  const research = program
    .command("research")
    .argument("[dir]", "the experiment's repository, with design/ in it; default: here")
    .description("from an experiment plan to tested code, baselines and metrics, stage by stage on research/<name>")
    .option("--workflow <name>", "how the tasks of the design are delivered; default: research")
    .option("--land <branch>", "at the end, move this branch to the result (default: no branch of yours moves)")
    .addOption(new Option("--budget <limits>", "ceiling of attempts, minutes, tokens, money").argParser(parseBudget))
    .addOption(
      new Option("--model <role=name>", "model of a role, repeatable; without a role, of all").argParser(parseModel),
    )
    .addOption(
      new Option("--independence <kind>", "how different coder and reviewer must be").choices([
        "none",
        "model",
        "vendor",
      ]),
    )
    .option("--recording <dir>", "answer from recorded replies instead of models")
    .option("--strict", "refuse a recorded reply whose request is not the recorded one")
    .addHelpText(
      "after",
      examples("research .", "research ../char-lm --model research-reviewer=anthropic/claude-opus-4-1"),
    )
    .action(act(async (session, [dir], options) => (await load()).research(session, dir || ".", options)));
  research
    .command("init")
    .argument("<name>", "name of the experiment, like char-lm")
    .description("write a commented start of the design into design/")
    .addHelpText("after", examples("research init char-lm"))
    .action(act(async (session, [name = ""]) => (await load()).start(session, name)));
  research
    .command("gate")
    .argument("<stage>", STAGES.join(", "))
    .argument("<type>", APPROVAL_GATES.join(", "))
    .option("--run <id>", "id of a run, or its beginning; default: the newest")
    .option("--by <name>", "who changes it; default: who is logged in")
    .description("whose word lets a stage pass; also while the pipeline goes on")
    .addHelpText("after", examples("research gate gate human", "research gate review auto --by Ada"))
    .action(
      act(async (session, [stage = "", type = ""], options) => (await load()).gate(session, [stage, type], options)),
    );
  research
    .command("status")
    .argument("[run]", "id of a run, or its beginning; default: the newest")
    .description("where each stage stands, whose word lets it pass, and what has happened in it")
    .addHelpText("after", examples("research status", "research status --json | jq .stages"))
    .action(act(async (session, [run]) => (await load()).status(session, run || undefined)));
}

function examples(...calls: readonly string[]): string {
  return `\nExamples:\n${calls.map((call) => `  $ millwright ${call}`).join("\n")}`;
}
