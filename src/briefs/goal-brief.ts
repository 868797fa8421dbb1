import { wholeDiffForms } from "../domain/brief-diff.ts";
import type { Brief } from "../domain/brief-fit.ts";
import { fixedPart, WORTH } from "../domain/brief-parts.ts";
import { kindOfPath } from "../domain/paths.ts";
import type { RunContext } from "../engine/context.ts";
import { fittedBrief, rolePart } from "./system-parts.ts";

/** The goal-checker's question: the spec, the objective checks, and everything that has landed. */
export async function goalBrief(
  seen: { readonly landed: string; readonly evidence: readonly string[]; readonly problems: readonly string[] },
  context: RunContext,
): Promise<Brief> {
  const { profile } = context.ports.repository(undefined).toolchain;
  const isTest = (path: string) => kindOfPath(path, profile) === "test";
  const difference = { name: "difference", title: "Everything that has landed", worth: WORTH.file };
  const user = [
    fixedPart("The goal (the user's spec)", context.spec.text),
    fixedPart("Objective checks, run by the mill", seen.evidence.join("\n") || "None were declared."),
    { ...difference, forms: wholeDiffForms(seen.landed, isTest) },
    fixedPart("Your last answer could not be used", seen.problems.join("\n")),
  ];
  return fittedBrief("goal-checker", { system: await rolePart("goal-checker", context), user }, context);
}
