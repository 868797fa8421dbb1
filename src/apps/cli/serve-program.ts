import { type Command, InvalidArgumentError, Option } from "commander";
import type { Session } from "./session.ts";

type Work = (session: Session, words: readonly string[], options: object) => Promise<number>;
type Act = (work: Work) => (...all: readonly unknown[]) => Promise<void>;

const load = () => import("./commands/serve.ts");

/** The commands of the schedule. */
export function addServe(program: Command, act: Act): void {
  const serve = program
    .command("serve")
    .description("run the loops on the schedule of the config: execute, document, audit; one at a time")
    .addOption(
      new Option("--port <port>", "of the health endpoint on 127.0.0.1; default: any free one").argParser(parsePort),
    )
    .option("--once [loops]", "begin each of these loops once, like audit,execute,document, and end")
    .addHelpText("after", EXAMPLES)
    .action(act(async (session, _, options) => (await load()).serve(session, options)));
  serve
    .command("pause")
    .argument("[reason...]", "why, for whoever looks")
    .description("begin nothing until `serve resume`, also after a restart; what is under way goes on to its end")
    .action(act(async (session, [reason]) => (await load()).pause(session, reason ?? "")));
  serve
    .command("resume")
    .description("let the schedule go on; what was missed is treated as `schedule.missed` says")
    .action(act(async (session) => (await load()).resume(session)));
  serve
    .command("status")
    .description("whether somebody serves here, what is under way, what comes next, and the last things that happened")
    .action(act(async (session) => (await load()).status(session)));
  program
    .command("install-service")
    .option("--print", "show the unit instead of writing it")
    .description("write a systemd user unit (Linux) or a launchd agent (macOS) that serves this repository")
    .addHelpText("after", "\nExamples:\n  $ millwright install-service --print\n  $ millwright install-service")
    .action(
      act(async (session, _, options) => (await import("./commands/install-unit.ts")).installUnit(session, options)),
    );
}

/** A port of this machine. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError(`"${text}": a port is a number from 0 to 65535.`);
  return port;
}

const EXAMPLES = `
Examples:
  $ millwright serve
  $ millwright serve pause "release day"
  $ millwright serve status
  $ millwright serve --once audit,execute,document
  $ curl -H "Authorization: Bearer $(cat .millwright/token)" http://127.0.0.1:7077/health`;
