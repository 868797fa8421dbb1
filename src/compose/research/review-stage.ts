import { heldFindings } from "../../domain/research/judging.ts";
import type { StageEnd } from "../../domain/research/stage.ts";
import { askReviewer, modelOf } from "./ask-judge.ts";
import type { Stage } from "./world.ts";

/**
 * Another model reviews the code against the plan. It passes what it sees on to the gate: a finding whose quotation stands
 * there refuses, and the gate says what becomes of it.
 */
export const reviewStage: Stage = async (work): Promise<StageEnd> => {
  const { context } = work;
  const { reply, model } = await askReviewer(work);
  const { git } = context.ports.repository(undefined);
  const paths = [...new Set(reply.findings.map(({ path }) => path))];
  const texts = new Map(await Promise.all(paths.map(async (path) => [path, await git.read(work.tree, path)] as const)));
  const { held, dropped } = heldFindings(reply, (path) => texts.get(path));
  const isSame = modelOf("research-reviewer", context) === modelOf("developer", context);
  const by = `${model}${isSame ? ", the coder's own model (independence: none)" : ""}`;
  const report = {
    by,
    topics: reply.topics,
    findings: held.map(({ rule, path = "", line = 0, message, evidence = "" }) => ({
      rule,
      path,
      line,
      message,
      evidence,
    })),
    dropped: [...dropped],
    summary: reply.summary,
  };
  const counted = held.length === 0 ? "no finding holds" : `${held.length} finding(s) hold`;
  return { kind: "passed", summary: `reviewed by ${by}: ${counted}. ${reply.summary}`, files: [], report };
};
