import type { Answerer, Finding, Refusal } from "./verdict.ts";

/** The door's findings first, then what was to be answered: a maker sees both. `attempts`: its answers so far. */
export function doorRefusal(findings: readonly Finding[], refusal: Refusal, attempts: number): Refusal {
  const open =
    refusal.gate === "door" && attempts > 1
      ? refusal.findings.filter((finding) => !finding.rule.startsWith("door/"))
      : refusal.findings;
  return { gate: "door", findings: [...findings, ...open] };
}

/** A maker says that it cannot be done honestly: the architect's turn; a question about the design is the orchestrator's. */
export function impossibleRefusal(reason: string): Refusal {
  if (/^QUESTION\b/.test(reason))
    return { gate: "question", findings: [{ rule: "question", answers: "orchestrator", message: reason }] };
  return { gate: "impossible", findings: [{ rule: "impossible", answers: "architect", message: reason }] };
}

/** A reply that is not read at all; `most` in KB. */
export function tooLarge(role: Answerer, text: string, most: number): Finding {
  const size = Math.ceil(text.length / 1024);
  const message = `Your reply has ${size} KB; at most ${most} KB are read. Send only what changes, as EDIT blocks.`;
  return { rule: "door/unusable-reply", answers: role, message };
}

/** A reply without a usable block, problem by problem. */
export function unusableReply(role: Answerer, problems: readonly string[], cutOff: boolean): readonly Finding[] {
  const cut = cutOff ? ["Your reply was cut off at the model's output limit: send less at once."] : [];
  return [...cut, ...problems].map((message) => ({ rule: "door/unusable-reply", answers: role, message }));
}
