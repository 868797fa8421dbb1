import { z } from "zod";
import type { Role } from "../../domain/model-call.ts";
import { InputError } from "../../domain/step-failure.ts";
import { readFrontMatter } from "./front-matter.ts";

const MAKERS: readonly Role[] = ["architect", "tester", "developer", "documenter"];

/** The prompt of a role without its front matter. @throws InputError with every problem of the file, each with its path */
export function readPrompt(role: Role, path: string, text: string): string {
  const kind = kindOf(role);
  const shape = z.strictObject({
    name: z.literal(role, `must be ${role}, like the file`),
    kind: z.literal(kind, `must be ${kind}, as the role ${role} is one`),
    description: z.string().min(1, "must not be empty").max(1024, "at most 1024 characters"),
  });
  const { body } = readFrontMatter(path, text, shape);
  if (body === "") throw new InputError([`${path}: there is no prompt after the front matter`]);
  return body;
}

function kindOf(role: Role): "maker" | "judge" | "orchestrator" {
  if (role === "orchestrator") return role;
  return MAKERS.includes(role) ? "maker" : "judge";
}
