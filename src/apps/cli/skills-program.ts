import type { Command } from "commander";
import type { Session } from "./session.ts";

type Work = (session: Session, words: readonly string[], options: object) => Promise<number>;
type Act = (work: Work) => (...all: readonly unknown[]) => Promise<void>;

const load = () => import("./commands/skills.ts");

/** The commands that look at skills. */
export function addSkills(program: Command, act: Act): void {
  const skills = program
    .command("skills")
    .description("what tasks may name with `skill:`: the repository's own, yours, and those that are shipped")
    .addHelpText("after", "\nExamples:\n  $ millwright skills\n  $ millwright skills show tdd");
  skills
    .command("list", { isDefault: true })
    .description("every skill, where it lies, and what is wrong with it")
    .action(act(async (session) => (await load()).list(session)));
  skills
    .command("show")
    .argument("<name>", "a skill")
    .description("a skill as the makers of a task that names it are told it")
    .action(act(async (session, [name]) => (await load()).show(session, name ?? "")));
}
