import type { Command } from "commander";
import type { Session } from "./session.ts";

type Work = (session: Session, words: readonly string[], options: object) => Promise<number>;
type Act = (work: Work) => (...all: readonly unknown[]) => Promise<void>;

const ID = "an incident's id, its beginning or its last eight digits; default: the newest open one";

/** The commands of the line: what stops it, why, what was changed, and its release. */
export function addAndon(program: Command, act: Act): void {
  const andon = program
    .command("andon")
    .description("what stops the line here, and what it takes to let it run again")
    .addHelpText("after", EXAMPLES);
  addLooking(andon, act);
  addWorking(andon, act);
}

const load = () => import("./commands/andon.ts");

function addLooking(andon: Command, act: Act): void {
  andon
    .command("status", { isDefault: true })
    .description("whether the line runs, and the open incidents")
    .action(act(async (session) => (await load()).status(session)));
  andon
    .command("check")
    .description("exit code 3 while the line is stopped, 0 otherwise: for hooks and build servers")
    .action(act(async (session) => (await load()).check(session)));
  andon
    .command("show")
    .argument("[id]", ID)
    .description("the report of an incident, and what is missing until it may be closed")
    .action(act(async (session, [id]) => (await load()).show(session, id || undefined)));
  andon
    .command("hook")
    .option("--write", "write it, unless a hook of yours is there")
    .description("a pre-push hook that holds pushes while the line is stopped")
    .action(act(async (session, _, options) => (await load()).hook(session, options)));
}

function addWorking(andon: Command, act: Act): void {
  andon
    .command("open")
    .argument("<problem...>", "what failed, in a sentence")
    .option("--stop", "stop the line at once; otherwise the second report does")
    .description("report a failure that you have seen")
    .action(act(async (session, [problem], options) => (await load()).open(session, problem ?? "", options)));
  andon
    .command("why")
    .argument("[id]", ID)
    .option("--answer <sentence>", "what caused what the answer before says")
    .option(
      "--verify-command <command>",
      "run in the sandbox on the tree where it was seen; has to end with exit code 0",
    )
    .option("--expect-exit <code>", "the exit code that the command has to end with instead")
    .option(
      "--verify-file <place and words...>",
      'path:line and the words that stand there, like src/sum.ts:12 "a - b"',
    )
    .option("--proven", "the command fails where it was seen and passes on HEAD, or fails with what was seen")
    .option(
      "--category <kind>",
      "this is the root cause: process-defect, tool-gap, knowledge-gap, design-flaw, spec-omission",
    )
    .description("add an answer to the Five Whys, with what verifies it")
    .action(act(async (session, [id], options) => (await load()).why(session, id || undefined, options)));
  andon
    .command("act")
    .argument("[id]", ID)
    .option("--level <level>", "L1 make it impossible, L2 detect it, L3 document it, L4 alert")
    .option("--what <sentence>", "what was changed so that it does not come back")
    .option("--artefact <path>", "the file that changed; path@commit where it is not on HEAD")
    .description("record what was changed")
    .action(act(async (session, [id], options) => (await load()).act(session, id || undefined, options)));
  andon
    .command("close")
    .argument("[id]", ID)
    .option("--approved-by <name>", "who stands for it; needed under 0.70 confidence and for a Meta-Andon")
    .option("--hypothesis <sentence>", "what will be otherwise now; needed where people reported it twice")
    .description("close an incident; refused with everything that is missing")
    .action(act(async (session, [id], options) => (await load()).close(session, id || undefined, options)));
}

const EXAMPLES = `
Examples:
  $ millwright andon
  $ millwright andon show
  $ millwright andon why --answer "the test was never run" --verify-file package.json:7 '"test": "true"'
  $ millwright andon act --level L2 --what "the build runs the tests" --artefact .github/workflows/ci.yaml
  $ millwright andon close --approved-by "Ada Lovelace"
  $ millwright andon check || exit 1`;
