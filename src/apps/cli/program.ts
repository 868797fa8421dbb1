import { resolve } from "node:path";
import { Command, Option } from "commander";
import type { Doors } from "../../mill.ts";
import { addAndon } from "./andon-program.ts";
import { addApprovals } from "./approvals-program.ts";
import { addAudit } from "./audit-program.ts";
import { addCorrections } from "./corrections-program.ts";
import { EXIT_HELP } from "./exit-code.ts";
import { addLearn } from "./learn-program.ts";
import { addMcp } from "./mcp-program.ts";
import { addMemory } from "./memory-program.ts";
import { addModels } from "./models-program.ts";
import { parseBudget, parseModel, parseNames } from "./options.ts";
import { addPullRequest } from "./pr-program.ts";
import { addResearch } from "./research-program.ts";
import { addServe } from "./serve-program.ts";
import type { Session } from "./session.ts";
import { addSetup } from "./setup-program.ts";
import { addSkills } from "./skills-program.ts";
import type { Terminal } from "./terminal.ts";
import { addWiki } from "./wiki-program.ts";

const OUTPUT_HELP = `NO_COLOR and FORCE_COLOR are honoured; output that is no terminal is never redrawn. With --json,
run, plan, compare, resume, replay and demo write a line {"kind":"entry",...} for each fact of the
journal and {"kind":"end",...} at the end; the others write one object. A problem is {"kind":"error",...}.`;

/** What a command does, given its words and options; answers the exit code. */
type Work = (session: Session, words: readonly string[], options: object) => Promise<number>;
type Act = (work: Work) => (...all: readonly unknown[]) => Promise<void>;

export interface World {
  readonly terminal: Terminal;
  doors(): Promise<Doors>;
  /** Told each time a command begins and when it has ended. */
  began(session: Session): void;
  ended(exit: number): void;
}

/** The whole command line. A command's code is loaded when it is called. */
export function buildProgram(version: string, world: World): Command {
  const program = new Command("millwright")
    .description("An autonomous implement loop for git repositories: the model proposes, the mill disposes.")
    .version(version, "-V, --version")
    .option("-C, --dir <dir>", "work in this folder instead of the current one")
    .option("--config <file>", "config file instead of millwright.yaml")
    .option("--json", "write one JSON object, or NDJSON while something runs")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void world.terminal.stdout.write(text),
      writeErr: (text) => void world.terminal.stderr.write(text),
    })
    .showHelpAfterError("(--help shows how)")
    .exitOverride()
    .addHelpText("after", `\n${EXIT_HELP}\n\n${OUTPUT_HELP}`);
  const act = actsOf(world);
  addSetup(program, act);
  addModels(program, act);
  addPlanning(program, act);
  addAudit(program, act);
  addRunning(program, act);
  addComparing(program, act);
  addCorrections(program, act);
  addLooking(program, act);
  addMemory(program, act);
  addLearn(program, act);
  addAndon(program, act);
  addWiki(program, act);
  addServe(program, act);
  addMcp(program, act);
  addPullRequest(program, act);
  addApprovals(program, act);
  addSkills(program, act);
  addResearch(program, act);
  return program;
}

function actsOf(world: World): Act {
  return (work) =>
    async (...all) => {
      const command = all.at(-1) as Command;
      const flags = command.optsWithGlobals<{ dir?: string; config?: string; json?: boolean }>();
      const session: Session = {
        terminal: world.terminal,
        dir: resolve(world.terminal.cwd, flags.dir ?? "."),
        config: flags.config,
        json: flags.json ?? false,
        journal: undefined,
        doors: world.doors,
      };
      world.began(session);
      const words = command.processedArgs.map((word: string | readonly string[] | undefined) =>
        typeof word === "object" ? word.join(" ") : (word ?? ""),
      );
      world.ended(await work(session, words, command.opts()));
    };
}

function addPlanning(program: Command, act: Act): void {
  const command = program
    .command("plan")
    .argument("[spec...]", "path of a spec, or a sentence")
    .option("--issue <connector:key>", "an issue of a configured tracker becomes the spec, like tracker:ENG-12")
    .description("ask the architect for a plan and write it to plans/; nothing else changes");
  requestOptions(command)
    .addHelpText("after", examples("plan specs/discounts.md", 'plan "refuse negative prices with a RangeError"'))
    .action(
      act(async (session, [input], options) =>
        (await import("./commands/plan.ts")).plan(session, input ?? "", options),
      ),
    );
}

function addRunning(program: Command, act: Act): void {
  const run = program
    .command("run")
    .argument("<input...>", "path of a spec or of a plan, or a sentence")
    .description("implement it: plan, red, green, gates, review, land on loop/<plan>")
    .option("-y, --yes", "where no model is found, fetch one that runs here, and let it judge its own work")
    .option("--land <branch>", "at the end, move this branch to the result (default: no branch of yours moves)")
    .addOption(
      new Option("--sandbox <kind>", "where tests run").choices([
        "auto",
        "bubblewrap",
        "seatbelt",
        "podman",
        "docker",
        "none",
      ]),
    );
  requestOptions(run)
    .addHelpText(
      "after",
      examples(
        "run specs/discounts.md",
        "run plans/2026-11-discounts.md --budget attempts=20,minutes=30",
        "run specs/x.md --json | jq -c .event",
      ),
    )
    .action(
      act(async (session, [input], options) => (await import("./commands/run.ts")).run(session, input ?? "", options)),
    );
  addGoingOn(program, act);
}

function addGoingOn(program: Command, act: Act): void {
  program
    .command("resume")
    .argument("[run]", "id of a run, or its beginning; default: the newest that is not done")
    .description("go on with a run that was interrupted, killed, is stuck, or waits for a person")
    .addOption(budgetOption())
    .option("--retry <task and word...>", "let a resting task come back, with what to do differently")
    .option("--approve-spec <name>", "go on although the spec has changed: the run keeps the one that it began with")
    .addHelpText(
      "after",
      examples(
        "resume",
        "resume r20261121 --budget tokens=2e6",
        'resume r20261121 --retry T3 "compare prices in cents"',
        'resume r20261121 --approve-spec "Ada Lovelace"',
      ),
    )
    .action(
      act(async (session, [id], options) =>
        (await import("./commands/run.ts")).resume(session, id || undefined, options),
      ),
    );
  program
    .command("replay")
    .argument("[run]", "id of a run, or its beginning; default: the newest")
    .description("run again with recorded replies: offline, without a model")
    .option("--recording <dir>", "a folder of recorded replies instead of a run")
    .option("--strict", "refuse a reply whose request is not the recorded one")
    .addHelpText("after", examples("replay", "replay --recording examples/pricing/recording --strict"))
    .action(
      act(async (session, [id], options) =>
        (await import("./commands/run.ts")).replay(session, id || undefined, options),
      ),
    );
}

function addComparing(program: Command, act: Act): void {
  const command = program
    .command("compare")
    .argument("<input...>", "path of a spec or of a plan, or a sentence")
    .description("let several models make the same frozen plan, each in a run of its own, and compare what they made")
    .option("--models <names>", "the models to compare, like ollama/qwen2.5-coder:14b,claude-code/opus", parseNames)
    .option("--same-path <server>", "ask all of them through this one server, by the names that it has for them")
    .option("--again", "begin anew instead of going on with the same comparison");
  conditionOptions(command)
    .addHelpText(
      "after",
      examples(
        "compare specs/discounts.md --models ollama/qwen2.5-coder:14b,codex/gpt-5,claude-code/opus",
        "compare specs/x.md --models claude-sonnet-4.5,gpt-5 --same-path openrouter --model judge=google/gemini-2.5-pro",
      ),
    )
    .action(
      act(async (session, [input], options) =>
        (await import("./commands/compare.ts")).compare(session, input ?? "", options),
      ),
    );
}

function addLooking(program: Command, act: Act): void {
  program
    .command("status")
    .description("list the runs, and where the newest stands")
    .addHelpText("after", examples("status", "status --json | jq .last.state"))
    .action(act(async (session) => (await import("./commands/status.ts")).status(session)));
  program
    .command("show")
    .argument("[run]", "id of a run, or its beginning; default: the newest")
    .description("report of a run: what landed, what was refused and why, what it cost")
    .option("--story", "the timeline instead of the report")
    .addHelpText("after", examples("show", "show r2026 --story", "show > report.md"))
    .action(
      act(async (session, [id], options) =>
        (await import("./commands/show.ts")).show(session, id || undefined, options),
      ),
    );
  program
    .command("metrics")
    .description("what all runs here come to: attempts, failures, gates, cost per landed task")
    .option("--html <file>", "write a page with plots, and the numbers of each plot as CSV beside it")
    .option("--csv <dir>", "write the numbers of each plot as CSV into this folder")
    .addHelpText("after", examples("metrics", "metrics --html metrics.html", "metrics --json | jq .attempts"))
    .action(act(async (session, _, options) => (await import("./commands/metrics.ts")).metrics(session, options)));
  program
    .command("diff")
    .argument("[run]", "id of a run, or its beginning; default: the newest")
    .argument("[task]", "only this task")
    .description("what a run, or one task of it, has changed")
    .addHelpText("after", examples("diff", "diff r20261121 T3"))
    .action(
      act(async (session, [id, task]) =>
        (await import("./commands/show.ts")).diff(session, id || undefined, task || undefined),
      ),
    );
}

function requestOptions(command: Command): Command {
  return conditionOptions(command)
    .option("--recording <dir>", "answer from recorded replies instead of models")
    .option("--strict", "refuse a recorded reply whose request is not the recorded one");
}

/** What may be said about any work before it starts. */
function conditionOptions(command: Command): Command {
  return command
    .option("--workflow <name>", "score, maker-checker, red-green, or the path of a workflow file")
    .addOption(budgetOption())
    .addOption(
      new Option("--model <role=name>", "model of a role, repeatable; without a role, of all").argParser(parseModel),
    )
    .addOption(
      new Option("--independence <kind>", "how different maker and reviewer must be").choices([
        "none",
        "model",
        "vendor",
      ]),
    );
}

function budgetOption(): Option {
  const what = "ceiling of attempts, minutes, tokens, money, like attempts=20,minutes=30; at the ceiling the run waits";
  return new Option("--budget <limits>", what).argParser(parseBudget);
}

function examples(...calls: readonly string[]): string {
  return `\nExamples:\n${calls.map((call) => `  $ millwright ${call}`).join("\n")}`;
}
