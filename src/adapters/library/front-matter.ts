import { parse } from "yaml";
import type { z } from "zod";
import { InputError } from "../../domain/step-failure.ts";

const FRONT_MATTER = /^---[ \t]*\n([\s\S]*?)^---[ \t]*(?:\n|$)/m;

/** A file's checked front matter and its body without blank lines at either end. @throws InputError with every problem, each with the path */
export function readFrontMatter<Header>(
  path: string,
  text: string,
  shape: z.ZodType<Header>,
): { header: Header; body: string } {
  const found = text.startsWith("---") ? FRONT_MATTER.exec(text) : null;
  if (found === null || found.index !== 0)
    throw new InputError([`${path}: begins with no front matter (--- lines around name and description)`]);
  const read = shape.safeParse(yamlOf(path, found[1] ?? ""));
  if (!read.success)
    throw new InputError(
      read.error.issues.map(
        (issue) => `${path}: ${[...issue.path, ""].join(".").slice(0, -1) || "front matter"}: ${issue.message}`,
      ),
    );
  return { header: read.data, body: text.slice(found[0].length).trim() };
}

function yamlOf(path: string, text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (error) {
    throw new InputError([
      `${path}: the front matter is no YAML: ${error instanceof Error ? error.message.split("\n")[0] : ""}`,
    ]);
  }
}
