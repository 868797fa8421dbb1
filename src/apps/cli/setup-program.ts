import { type Command, Option } from "commander";
import { AGENT_CLIENTS } from "../../domain/goal-files/agent-files.ts";
import type { Session } from "./session.ts";

type Work = (session: Session, words: readonly string[], options: object) => Promise<number>;
type Act = (work: Work) => (...all: readonly unknown[]) => Promise<void>;

/** The commands that come before the first run. */
export function addSetup(program: Command, act: Act): void {
  program
    .command("init")
    .description("detect stack, tests and linters, and write millwright.yaml")
    .option("-y, --yes", "replace a millwright.yaml that is there")
    .option(
      "--full",
      "also write agents/ (goals, loops, language, context), plans/TEMPLATE.md and principles in AGENTS.md",
    )
    .addOption(
      new Option("--agents <client>", "write roles and /implement for an agent program").choices(AGENT_CLIENTS),
    )
    .addHelpText("after", examples("init", "-C ../shop init --yes", "init --full", "init --agents claude"))
    .action(act(async (session, _, options) => (await import("./commands/setup.ts")).init(session, options)));
  program
    .command("doctor")
    .description("check models, sandbox, tests and git, each with its fix")
    .addHelpText("after", examples("doctor", "doctor --json"))
    .action(act(async (session) => (await import("./commands/setup.ts")).doctor(session)));
  program
    .command("config")
    .description("look at the config")
    .command("validate")
    .description("say every problem of millwright.yaml, with its line")
    .addHelpText("after", examples("config validate", "config validate --config other.yaml"))
    .action(act(async (session) => (await import("./commands/setup.ts")).validateConfig(session)));
  program
    .command("demo")
    .description("watch a bundled project being built from recorded replies; needs no model and no network")
    .option("--into <dir>", "keep the project here instead of in a temporary folder")
    .addHelpText("after", examples("demo", "demo --into ./pricing-demo"))
    .action(act(async (session, _, options) => (await import("./commands/demo.ts")).demo(session, options)));
}

function examples(...calls: readonly string[]): string {
  return `\nExamples:\n${calls.map((call) => `  $ millwright ${call}`).join("\n")}`;
}
