import { type Command, Option } from "commander";
import { AUDIT_LEVELS } from "../../domain/audit/audit-level.ts";
import { parseBudget, parseModel } from "./options.ts";
import type { Session } from "./session.ts";

type Work = (session: Session, words: readonly string[], options: object) => Promise<number>;
type Act = (work: Work) => (...all: readonly unknown[]) => Promise<void>;

/** The commands of the audit loop: an audit, and the plans that come of it. */
export function addAudit(program: Command, act: Act): void {
  program
    .command("audit")
    .description("read the repository, find what is worth mending, verify it, and write plans to plans/")
    .addOption(new Option("--level <level>", "how much is looked at").choices(AUDIT_LEVELS).default("standard"))
    .option("--since <rev>", "only what has changed since this commit, and what is next to it")
    .addOption(new Option("--budget <limits>", "ceiling of attempts, minutes, tokens, money").argParser(parseBudget))
    .addOption(new Option("--model <role=name>", "model of auditor or architect, repeatable").argParser(parseModel))
    .option("--recording <dir>", "answer from recorded replies instead of models")
    .option("--strict", "refuse a recorded reply whose request is not the recorded one")
    .addHelpText("after", AUDIT_EXAMPLES)
    .action(act(async (session, _, options) => (await import("./commands/audit.ts")).audit(session, options)));
  const plans = program
    .command("plans")
    .description("every plan in plans/ with where it stands: todo, running, done, blocked, rejected")
    .addHelpText("after", PLANS_EXAMPLES)
    .action(act(async (session) => (await import("./commands/audit.ts")).plans(session)));
  plans
    .command("reject")
    .argument("<plan>", "name of the plan, or its file")
    .requiredOption("--reason <why>", "why it is not wanted; no audit proposes it again")
    .description("write `rejected:` into the plan's file, for you to commit")
    .addHelpText("after", '\nExample:\n  $ millwright plans reject split-pricing --reason "one file is fine here"')
    .action(
      act(async (session, [name = ""], options) =>
        (await import("./commands/audit.ts")).reject(session, name, options),
      ),
    );
  plans
    .command("reconcile")
    .description("look whether waiting plans still fit the code: files, evidence, goal, base")
    .option("--apply", "write new lines and bases into plans that hold, and reject stale ones in their file")
    .addHelpText(
      "after",
      "\nExamples:\n  $ millwright plans reconcile\n  $ millwright plans reconcile --apply && git diff plans/",
    )
    .action(act(async (session, _, options) => (await import("./commands/audit.ts")).reconcile(session, options)));
}

const AUDIT_EXAMPLES = `
Examples:
  $ millwright audit
  $ millwright audit --level quick --since main~20
  $ millwright audit --level deep --budget tokens=2e6 --model auditor=anthropic/claude-opus-4-1`;

const PLANS_EXAMPLES = `
Examples:
  $ millwright plans
  $ millwright plans --json | jq -r '.plans[] | select(.ready) | .path' | head -1`;
