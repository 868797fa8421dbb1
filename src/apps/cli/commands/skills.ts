import { plain, plainJson, plainLine } from "../../../views/plain.ts";
import { EXIT } from "../exit-code.ts";
import { paintWith } from "../paint.ts";
import { type Session, say } from "../session.ts";

/** Exit code 2 when a skill is broken. */
export async function list(session: Session): Promise<number> {
  const { listSkills } = await session.doors();
  const skills = await listSkills(session.dir);
  const exit = skills.some(({ problems }) => problems.length > 0) ? EXIT.usage : EXIT.done;
  if (session.json) {
    say(session, plainJson({ skills }));
    return exit;
  }
  const paint = paintWith(session.terminal.colors);
  const width = Math.max(4, ...skills.map(({ name }) => name.length));
  const lines = skills.flatMap(({ name, from, description, problems }) => [
    `${plainLine(name).padEnd(width)}  ${from.padEnd(7)}  ${plainLine(description, 110)}`,
    ...problems.map((problem) => paint.tone("bad", `  ${plainLine(problem, 300)}`)),
  ]);
  say(session, lines.length === 0 ? "There are no skills." : lines.join("\n"));
  return exit;
}

export async function show(session: Session, name: string): Promise<number> {
  const { showSkill } = await session.doors();
  const skill = await showSkill(session.dir, name);
  if (session.json) say(session, plainJson(skill));
  else say(session, `${plainLine(skill.path, 400)}\n${plainLine(skill.description, 1100)}\n\n${plain(skill.text)}`);
  return EXIT.done;
}
