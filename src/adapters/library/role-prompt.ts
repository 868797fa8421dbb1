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

/** Roles whose replies hold edits: their prompt says where the mill puts the format that it reads. */
const EDITORS: readonly Role[] = ["tester", "developer", "documenter"];
const FORMAT = "reply-format";

/**
 * The prompt with its placeholders filled; `format` reads the text of `{{reply-format}}`.
 * @throws InputError when the prompt has a placeholder that its role does not know, or lacks one that it needs.
 */
export async function filledPrompt(
  role: Role,
  path: string,
  body: string,
  format: () => Promise<string>,
): Promise<string> {
  const known = EDITORS.includes(role) ? [FORMAT] : [];
  const used = [...new Set([...body.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)].map((match) => match[1] ?? ""))];
  const there = known.length === 0 ? "there are none for this role" : `there is {{${known.join("}}, {{")}}}`;
  const problems = [
    ...used.filter((name) => !known.includes(name)).map((name) => `${path}: unknown placeholder {{${name}}}; ${there}`),
    ...known
      .filter((name) => !used.includes(name))
      .map(
        (name) => `${path}: the placeholder {{${name}}} is missing: without it the role does not know how to answer`,
      ),
  ];
  if (problems.length > 0) throw new InputError(problems);
  if (used.length === 0) return body;
  const text = (await format()).trim();
  return body.replace(/\{\{\s*reply-format\s*\}\}/g, () => text);
}

function kindOf(role: Role): "maker" | "judge" | "orchestrator" {
  if (role === "orchestrator" || role === "research-orchestrator") return "orchestrator";
  return MAKERS.includes(role) ? "maker" : "judge";
}
