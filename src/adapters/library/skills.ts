import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { SkillLook, SkillPlace } from "../../domain/skill.ts";
import { InputError } from "../../domain/step-failure.ts";
import { type Place, readText } from "./read-text.ts";
import { checkSkillName, describedSkill } from "./skill.ts";

/** A folder in which each skill has a folder of its own. */
export interface SkillShelf {
  readonly place: Place;
  readonly folder: string;
  readonly from: SkillPlace;
}

/** Every skill on the shelves, by name; the first shelf that has a name wins, even with a broken skill. */
export async function listSkills(shelves: readonly SkillShelf[]): Promise<readonly SkillLook[]> {
  const found = new Map<string, SkillLook>();
  for (const shelf of shelves)
    for (const name of await namesOn(shelf.folder)) {
      const look = found.has(name) ? undefined : await lookAt(name, shelf);
      if (look) found.set(name, look);
    }
  return [...found.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

async function namesOn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => !entry.isFile() && !entry.name.startsWith(".")).map((entry) => entry.name);
}

async function lookAt(name: string, { place, folder, from }: SkillShelf): Promise<SkillLook | undefined> {
  const path = join(folder, name, "SKILL.md");
  try {
    const text = await readText(place, path);
    if (text === undefined) return undefined;
    checkSkillName(name);
    return { name, description: describedSkill(name, path, text), from, path, problems: [] };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { name, description: "", from, path, problems: error.problems };
  }
}
