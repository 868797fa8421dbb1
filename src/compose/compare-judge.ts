import { differenceBrief } from "../briefs/difference-brief.ts";
import { digestOf } from "../domain/digest.ts";
import { parseRubric, rubricSchema, scoreRubric } from "../domain/rubric.ts";
import { StepFailure } from "../domain/step-failure.ts";
import { ask } from "../engine/ask.ts";
import type { RunContext } from "../engine/context.ts";
import { type Judged, judgedBy } from "../views/comparison.ts";

/**
 * What the judge says of a difference: asked for by its content alone, so that nobody knows whose it is, equal differences
 * are judged once, and an answer that was paid for is never asked for again. What cannot be judged says why.
 * @throws StepFailure `cancelled`
 */
export async function judgeDifference(diff: string, context: RunContext): Promise<Judged> {
  const task = `difference-${digestOf(diff).slice(0, 12)}`;
  const problems: string[] = [];
  try {
    for (let attempt = 1; attempt <= context.config.limits.judgeReplies; attempt++) {
      const brief = await differenceBrief({ diff, problems }, context);
      const answer = await ask({ task, role: "judge", attempt, ...brief, schema: rubricSchema() }, context);
      const parsed = parseRubric(answer.text);
      if (parsed.kind === "usable") return judgedBy(scoreRubric(parsed.reply, diff));
      problems.push(...parsed.problems);
    }
  } catch (error) {
    if (!(error instanceof StepFailure) || error.code === "cancelled") throw error;
    return { kind: "not judged", reason: error.message };
  }
  return { kind: "not judged", reason: `the judge gave no usable answer: ${problems.at(-1)}` };
}
