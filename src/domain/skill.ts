import { z } from "zod";

/** Where a skill lies: in the repository, in the user's home, or in what millwright ships. */
export type SkillPlace = "project" | "home" | "package";

/** A skill as a list shows it; one with problems cannot be used. */
export interface SkillLook {
  readonly name: string;
  /** What it is for and when it helps, by its own word; empty where that cannot be read. */
  readonly description: string;
  readonly from: SkillPlace;
  /** Absolute path of its SKILL.md. */
  readonly path: string;
  readonly problems: readonly string[];
}

/** Names of the skills there were when a plan that names one was judged. */
export const SkillNames = z.strictObject({ names: z.array(z.string()) });

/** What the architect is told of the repository's own skills: nothing where it has none. */
export function skillsText(skills: readonly SkillLook[]): string {
  const usable = skills.filter(({ problems }) => problems.length === 0);
  if (!usable.some(({ from }) => from === "project")) return "";
  const lines = usable.map(({ name, description }) => `- ${name}: ${description.replace(/\s+/g, " ").slice(0, 200)}`);
  return ["A task that one of these helps names it: `skill: <name>`. Its makers are then told it.", "", ...lines].join(
    "\n",
  );
}
