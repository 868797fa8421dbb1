import type { Gate, TaskState } from "../gate.ts";
import type { ChecklistReply, ReviewReply } from "../judge-replies.ts";
import { reviewScore } from "../judge-replies.ts";
import { type Need, type Seen, sight } from "../need.ts";
import { type Criterion, TASK_KINDS } from "../task.ts";
import { awaitsCode, codeMaker, testMaker } from "../task-state.ts";
import { type Finding, pass, verdictOf } from "../verdict.ts";
import { unnoticed } from "./discriminates.ts";
import { doubtful } from "./hard-coded.ts";

type JudgementNeed = Extract<Need, { see: "judgement" }>;

/** A different model answers per criterion with evidence; the score is computed; a judge can only say no. */
export const review: Gate = {
  name: "review",
  kinds: TASK_KINDS,
  needs: (state, seen) => (awaitsCode(state) ? [] : [judgement(state, seen, "reviewer")]),
  judge(state, seen) {
    const reply = replyOf<ReviewReply>(state, seen, "reviewer");
    if (!reply) return verdictOf([finding(state, "review/none", "The work has not been reviewed.")]);
    const score = reviewScore(reply, state.task.accept);
    const unmet = state.task.accept.flatMap((criterion) => unmetFindings(state, reply, criterion));
    if (unmet.length > 0 && score < state.config.review.threshold) return verdictOf(unmet);
    return pass(`APPROVE with ${score} of 100.`, ...unmet.map((finding) => finding.message));
  },
};

/** No answer, or met without evidence, is unmet. */
function unmetFindings(state: TaskState, reply: ReviewReply, criterion: Criterion): readonly Finding[] {
  const answer = reply.criteria.find((one) => one.id === criterion.id);
  if (answer?.met && answer.evidence.trim() !== "") return [];
  const why = answer?.met === false && answer.reason ? answer.reason : "no evidence was found for it";
  return [
    {
      ...finding(state, "review/unmet", `${criterion.id} is not met: ${why}`),
      answers: answer?.answers === "tester" ? testMaker(state) : codeMaker(state),
      evidence: (answer?.evidence ?? "").slice(0, 1200),
    },
  ];
}

/** The checker's five headings: scope, tests, quality, spec, documentation. One REJECT rejects. */
export const checklist: Gate = {
  name: "checklist",
  kinds: TASK_KINDS,
  needs: (state, seen) => (awaitsCode(state) ? [] : [judgement(state, seen, "checker")]),
  judge(state, seen) {
    const reply = replyOf<ChecklistReply>(state, seen, "checker");
    if (!reply) return verdictOf([finding(state, "checklist/none", "The work has not been checked.")]);
    const rejected = Object.entries(reply.headings).filter(([, answer]) => answer.decision === "REJECT");
    return verdictOf(
      rejected.map(([heading, answer]) =>
        finding(state, `checklist/${heading}`, `REJECT (${heading}): ${answer.reasons.join("; ")}`),
      ),
    );
  },
};

function judgement(state: TaskState, seen: Seen, judge: "reviewer" | "checker"): JudgementNeed {
  const blind = unnoticed(state, seen);
  const known = doubtful(state, seen);
  const about = { see: "judgement", judge, from: state.work.base.tree, to: state.work.trees.work } as const;
  return {
    ...about,
    ...(blind.length === 0 ? {} : { unnoticed: blind }),
    ...(known.length === 0 ? {} : { doubtful: known }),
  };
}

function replyOf<Reply>(state: TaskState, seen: Seen, judge: "reviewer" | "checker"): Reply | undefined {
  return sight(seen, judgement(state, seen, judge)) as Reply | undefined;
}

function finding(state: TaskState, rule: string, message: string): Finding {
  return { rule, answers: codeMaker(state), message };
}
