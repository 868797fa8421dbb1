import { plannedFile } from "../domain/brief-files.ts";
import type { Brief } from "../domain/brief-fit.ts";
import { type BriefPart, fixedPart } from "../domain/brief-parts.ts";
import { judgedPlanText } from "../domain/brief-retry.ts";
import { browserGuide } from "../domain/browser-guide.ts";
import { filesWorthShowing } from "../domain/file-choice.ts";
import { findingsText } from "../domain/moves.ts";
import { skillsText } from "../domain/skill.ts";
import type { Finding } from "../domain/verdict.ts";
import type { TreeId } from "../domain/work.ts";
import type { RunContext } from "../engine/context.ts";
import { fittedBrief, systemParts } from "./system-parts.ts";

/** Characters of the repository that the architect is shown. */
const ARCHITECT_BUDGET = 40_000;
/** Files above which they are chosen by the spec's words. */
const MANY = 60;
const LAST_PLAN = "Your last plan";

/** What the architect is told beside the spec in a later round. */
export interface Round {
  readonly number: number;
  /** What the goal-checker found missing. */
  readonly missing: readonly string[];
}

/** The question for a plan: the spec, files that matter, and what was refused of the last one. */
export async function architectBrief(
  said: { round: Round; findings: readonly Finding[]; reply: string },
  context: RunContext,
): Promise<Brief> {
  const repository = context.ports.repository(undefined);
  const tree = (await repository.git.resolve(context.base.commit))?.tree ?? "";
  const suites = repository.toolchain.profile.suites.map(
    (suite) => `${suite.runner} in ${suite.dir} (test files: ${suite.tests.join(", ")})`,
  );
  const { browser } = repository.config;
  const missing = said.round.missing.map((line) => `- ${line}`).join("\n");
  const user = [
    fixedPart("The spec", context.spec.text),
    fixedPart("How tests are run here", suites.join("\n") || "No test runner was found."),
    fixedPart("Behaviour in a browser", browser === undefined ? "" : browserGuide(browser)),
    fixedPart("Skills that are written down here", skillsText(await context.ports.library.skills())),
    ...(tree === "" ? [] : await filesForArchitect(tree, context)),
    fixedPart("Round before: what is landed does not meet the goal yet", missing),
    fixedPart(LAST_PLAN, judgedPlanText(said.reply)),
    ...(said.findings.length === 0
      ? []
      : [
          fixedPart(
            "What the rules refused in it",
            `${findingsText(said.findings)}\n\nSend the whole plan again, corrected.`,
          ),
        ]),
  ];
  const system = await systemParts("architect", { repository, tree, skills: [] }, context);
  const stable = (text: string) => (said.reply === "" ? text.length : text.indexOf(`# ${LAST_PLAN}`));
  return fittedBrief("architect", { system, user, stable }, context);
}

/** Files that the spec names or whose names tell most; in a larger repository also those that have its words. */
async function filesForArchitect(tree: TreeId, context: RunContext): Promise<readonly BriefPart[]> {
  const { git, toolchain, retrieval } = context.ports.repository(undefined);
  const listed = (await git.list(tree)).map((file) => file.path);
  const text = context.spec.text;
  const named = listed.filter((path) => text.includes(path));
  const related = await retrieval.related({ tree, indexed: tree, paths: named, text, room: 20_000, purpose: "code" });
  const found = related.filter((part) => part.relation !== "fixture").map((part) => part.path);
  const telling = filesWorthShowing(listed, text, toolchain.profile);
  const paths = [...new Set(listed.length > MANY ? [...named, ...found, ...telling.slice(0, 20)] : telling)];
  const parts: BriefPart[] = [];
  let left = ARCHITECT_BUDGET;
  for (const path of paths) {
    const shown = await git.read(tree, path);
    if (shown === undefined || shown.length > left) continue;
    left -= shown.length;
    parts.push(plannedFile(path, shown));
  }
  return parts;
}
