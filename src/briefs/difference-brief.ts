import { judgedDiffForms } from "../domain/brief-diff.ts";
import type { Brief } from "../domain/brief-fit.ts";
import { fixedPart, WORTH } from "../domain/brief-parts.ts";
import { kindOfPath } from "../domain/paths.ts";
import { RUBRIC } from "../domain/rubric.ts";
import type { RunContext } from "../engine/context.ts";
import { fittedBrief, rolePart } from "./system-parts.ts";

/** The judge's question: a list of points and one difference; nothing of whose it is or what it is for. */
export async function differenceBrief(
  seen: { readonly diff: string; readonly problems: readonly string[] },
  context: RunContext,
): Promise<Brief> {
  const { profile } = context.ports.repository(undefined).toolchain;
  const isTest = (path: string) => kindOfPath(path, profile) === "test";
  const points = RUBRIC.map(({ id, text, kind }) => `- ${id}: ${text}${kind === "none" ? " (no quote needed)" : ""}`);
  const user = [
    fixedPart("Points", points.join("\n")),
    { name: "difference", title: "The difference", worth: WORTH.file, forms: judgedDiffForms(seen.diff, isTest) },
    fixedPart("Your last answer could not be used", seen.problems.join("\n")),
  ];
  return fittedBrief("judge", { system: await rolePart("judge", context), user }, context);
}
