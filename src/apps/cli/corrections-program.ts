import type { Command } from "commander";
import type { Session } from "./session.ts";

type Work = (session: Session, words: readonly string[], options: object) => Promise<number>;
type Act = (work: Work) => (...all: readonly unknown[]) => Promise<void>;

const load = () => import("./commands/corrections.ts");

/** The commands of corrections. */
export function addCorrections(program: Command, act: Act): void {
  const corrections = program
    .command("corrections")
    .description("rewrites that run on every proposal before the door judges it: corrections/*.yaml");
  corrections
    .command("list", { isDefault: true })
    .description("each with its state, what it does, how often it was applied and why it is there")
    .addHelpText("after", examples("corrections list", "corrections list --json | jq '.corrections[].times'"))
    .action(act(async (session) => (await load()).listCorrections(session)));
  corrections
    .command("show")
    .argument("<id>", "the file's name without .yaml")
    .description("one of them: its file, its evidence, and the runs that it was applied in")
    .addHelpText("after", examples("corrections show session-import"))
    .action(act(async (session, [id]) => (await load()).showCorrection(session, id ?? "")));
  corrections
    .command("test")
    .argument("[id]", "only this one")
    .description("run their examples, as every run does when it starts; exit code 2 when one does not hold")
    .addHelpText("after", examples("corrections test", "corrections test session-import"))
    .action(act(async (session, [id]) => (await load()).testCorrections(session, id || undefined)));
  for (const state of ["off", "on"] as const)
    corrections
      .command(state)
      .argument("<id>", "the file's name without .yaml")
      .description(`switch one ${state}, in its file; commit it, or the next run does not see it`)
      .addHelpText("after", examples(`corrections ${state} session-import`))
      .action(act(async (session, [id]) => (await load()).switchCorrection(session, id ?? "", state)));
}

function examples(...calls: readonly string[]): string {
  return `\nExamples:\n${calls.map((call) => `  $ millwright ${call}`).join("\n")}`;
}
