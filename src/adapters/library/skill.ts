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
  // Other clients put keys of their own here; they are left alone.
  const shape = z.object({
    name: SkillName.refine((written) => written === name, `must be ${name}, like its folder`),
    description: z.string().trim().min(1, "must not be empty").max(1024, "at most 1024 characters"),
  });
  return readFrontMatter(path, text, shape).body;
}
