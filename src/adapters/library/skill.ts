import { z } from "zod";
import { InputError } from "../../domain/step-failure.ts";
import { readFrontMatter } from "./front-matter.ts";

/** The rules of the Agent Skills format for a name. */
const SkillName = z
  .string()
  .max(64, "at most 64 characters")
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case letters, digits and single hyphens between them");

/** @throws InputError when no skill can have this name. */
export function checkSkillName(name: string): void {
  const named = SkillName.safeParse(name);
  if (named.success) return;
  throw new InputError(named.error.issues.map((issue) => `skill ${JSON.stringify(name)}: name: ${issue.message}`));
}

/** The body of a `SKILL.md` in the folder `name`. @throws InputError with every rule that the file breaks */
export function readSkill(name: string, path: string, text: string): string {
  return readFrontMatter(path, text, headerOf(name)).body;
}

/** What a skill says it is for. @throws InputError as `readSkill` does, and when there is nothing below its front matter */
export function describedSkill(name: string, path: string, text: string): string {
  const { header, body } = readFrontMatter(path, text, headerOf(name));
  if (body === "") throw new InputError([`${path}: there is nothing after the front matter`]);
  return header.description;
}

/** Other clients put keys of their own into the front matter; they are left alone. */
function headerOf(name: string) {
  return z.object({
    name: SkillName.refine((written) => written === name, `must be ${name}, like its folder`),
    description: z.string().trim().min(1, "must not be empty").max(1024, "at most 1024 characters"),
  });
}
