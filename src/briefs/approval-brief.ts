import { subjectTitle } from "../domain/approval-texts.ts";
import type { ApprovalSubject } from "../domain/approvals.ts";
import { wholeDiffForms } from "../domain/brief-diff.ts";
import type { Brief } from "../domain/brief-fit.ts";
import { type BriefPart, fixedPart, WORTH } from "../domain/brief-parts.ts";
import { kindOfPath } from "../domain/paths.ts";
import type { RunContext } from "../engine/context.ts";
import { fittedBrief, rolePart } from "./system-parts.ts";

/** The approver's question: the spec, and exactly what would happen. */
export async function approvalBrief(
  subject: ApprovalSubject,
  problems: readonly string[],
  context: RunContext,
): Promise<Brief> {
  const user = [
    fixedPart("The spec", context.spec.text),
    await subjectPart(subject, context),
    fixedPart("Your last answer could not be used", problems.join("\n")),
  ];
  return fittedBrief("approver", { system: await rolePart("approver", context), user }, context);
}

async function subjectPart(subject: ApprovalSubject, { ports }: RunContext): Promise<BriefPart> {
  const title = subjectTitle(subject);
  if (subject.text !== undefined) return fixedPart(title, await ports.journal.getBlob(subject.text));
  const { git, toolchain } = ports.repository(subject.repo);
  const { from = "", to = "" } = subject;
  const difference = from === to ? "" : await git.diff(from, to, 5);
  const isTest = (path: string) => kindOfPath(path, toolchain.profile) === "test";
  const forms = difference === "" ? ["Nothing changes."] : wholeDiffForms(difference, isTest);
  return { name: "difference", title, worth: WORTH.file, forms };
}
