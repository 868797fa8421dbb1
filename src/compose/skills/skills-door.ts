import { inspectRepository } from "../../adapters/git/system/inspection.ts";
import { openLibrary } from "../../adapters/library/open-library.ts";
import { didYouMean } from "../../domain/nearest-word.ts";
import type { SkillLook } from "../../domain/skill.ts";
import { InputError } from "../../domain/step-failure.ts";
import { packageDir } from "../read-config.ts";

/** The skills that a plan of this repository may name, broken ones with their problems. @throws InputError outside of a repository */
export async function listSkills(dir: string): Promise<readonly SkillLook[]> {
  return (await libraryAt(dir)).skills();
}

/** A skill as its makers are told it. @throws InputError when there is none of this name, or with every problem of it */
export async function showSkill(dir: string, name: string): Promise<SkillLook & { readonly text: string }> {
  const library = await libraryAt(dir);
  const skills = await library.skills();
  const look = skills.find((one) => one.name === name);
  const names = skills.map((one) => one.name);
  if (look === undefined)
    throw new InputError([
      `There is no skill ${name}.${didYouMean(name, names) || ` There are: ${names.join(", ")}.`}`,
    ]);
  return { ...look, text: (await library.skill(name)) ?? "" };
}

async function libraryAt(dir: string) {
  const { root } = await inspectRepository(dir);
  return openLibrary({ packageDir, repoDir: root });
}
