import type { MakerRole } from "./answered.ts";
import type { Event } from "./event.ts";
import type { Edit } from "./proposal.ts";
import { REFACTOR } from "./refactor-offer.ts";
import { tooLarge, unusableReply } from "./refused-answer.ts";
import { parseReply } from "./reply-parse.ts";
import { type Assessed, assessedOf, unmetFindings } from "./self-assessment.ts";
import type { AnswerResult } from "./step-shapes.ts";
import type { Task } from "./task.ts";
import type { Finding } from "./verdict.ts";

/** A maker's reply as it was read: edits to try at the door, or what becomes of it without them. */
export type Received = {
  readonly kind: "edits" | "refused" | "impossible";
  readonly edits: readonly Edit[];
  readonly notes: string;
  readonly findings: readonly Finding[];
  /** The maker's own word on each criterion; absent for one that writes no code. */
  readonly assessed?: Assessed[];
};

export interface Asked {
  readonly role: MakerRole;
  readonly task: Task;
  /** The gate that is answered. */
  readonly gate: string;
  readonly writesCode: boolean;
  /** Largest reply in kilobytes. */
  readonly most: number;
}

/** Reads a maker's reply. One that says itself that a criterion is not met is refused with its own words. */
export function receivedOf(reply: { readonly text: string; readonly cutOff: boolean }, asked: Asked): Received {
  const { role, task, most } = asked;
  if (reply.text.length > most * 1024) return refused([tooLarge(role, reply.text, most)]);
  const parsed = parseReply(reply.text);
  if (parsed.kind === "unusable") return refused(unusableReply(role, parsed.problems, reply.cutOff));
  const { proposal } = parsed;
  if (proposal.kind === "impossible") return { kind: "impossible", edits: [], notes: proposal.reason, findings: [] };
  if (proposal.kind === "equivalent")
    return asked.gate === "discriminates" || asked.gate === REFACTOR
      ? { kind: "edits", edits: [], notes: proposal.reason, findings: [] }
      : refused(unusableReply(role, ["EQUIVALENT is no answer to what was asked: send blocks."], false));
  const { edits, notes } = proposal;
  if (!asked.writesCode) return { kind: "edits", edits, notes, findings: [] };
  const assessed = [...assessedOf(task, proposal.selfAssessment)];
  const unmet = unmetFindings(role, assessed);
  return unmet.length > 0 ? { ...refused(unmet), assessed } : { kind: "edits", edits, notes, findings: [], assessed };
}

function refused(findings: readonly Finding[]): Received {
  return { kind: "refused", edits: [], notes: "", findings };
}

/** The facts of an answer, each with its key. */
export function answerFacts(
  result: AnswerResult,
  about: { readonly task: string; readonly role: string; readonly attempt: number },
): readonly { readonly key: string; readonly event: Event }[] {
  const { task, role, attempt } = about;
  const at = `${task}/${role}/${attempt}`;
  const answers = result.kind === "impossible" ? undefined : result.assessed;
  const assessed = answers && { key: `assessed/${at}`, event: { type: "self-assessed", ...about, answers } as const };
  const made = result.kind === "impossible" ? undefined : result.corrected;
  const corrected = made && { key: `corrected/${at}`, event: { type: "corrected", ...about, ...made } as const };
  const received = { key: `received/${at}`, event: eventOf(result, { task, role, attempt }) };
  return [...(assessed ? [assessed] : []), ...(corrected ? [corrected] : []), received];
}

function eventOf(result: AnswerResult, about: { task: string; role: string; attempt: number }): Event {
  switch (result.kind) {
    case "impossible":
      return { type: "impossible", task: about.task, role: about.role, reason: result.reason };
    case "refused":
      return { type: "proposal-refused", ...about, findings: [...result.findings] };
    case "admitted": {
      const { commit, paths, notes } = result;
      return { type: "proposal-admitted", ...about, commit, paths, notes };
    }
  }
}
