import { z } from "zod";
import { type JudgeReply, parseWith } from "../judge-replies.ts";
import type { Baseline } from "./baseline.ts";

const why = z.string().regex(/\S/, "say why");

/** The coder's answer to a baseline that gives no numbers, or wrong ones. */
export const PatchAnswer = z.discriminatedUnion("move", [
  z.strictObject({ move: z.literal("patch"), patch: z.string().regex(/^@@ /m, "a unified diff"), why }),
  z.strictObject({ move: z.literal("give-up"), why }),
]);
export type PatchAnswer = z.infer<typeof PatchAnswer>;

export function patchAnswerSchema(): unknown {
  return z.toJSONSchema(PatchAnswer, { io: "input" });
}

/** Reads the coder's answer; a patch that writes a reported number is refused. */
export function parsePatchAnswer(text: string, baseline: Pick<Baseline, "metrics">): JudgeReply<PatchAnswer> {
  const parsed = parseWith(text, PatchAnswer);
  if (parsed.kind === "unusable" || parsed.reply.move === "give-up") return parsed;
  const problems = patchProblems(parsed.reply.patch, baseline);
  return problems.length === 0 ? parsed : { kind: "unusable", problems };
}

/** Reported numbers that a patch brings in: what is to be reproduced may not be written down. */
export function patchProblems(patch: string, { metrics }: Pick<Baseline, "metrics">): readonly string[] {
  const added = patch.split("\n").filter((line) => line.startsWith("+") && !line.startsWith("+++"));
  return Object.entries(metrics).flatMap(([name, { reported }]) => {
    const number = String(reported);
    // One or two digits are in every program.
    if (number.replace(/[-.]/g, "").replace(/^0+/, "").length < 3) return [];
    const whole = new RegExp(`(?<![\\d.])${number.replace(/[-.+]/g, "\\$&")}0*(?![\\d])`);
    const line = added.find((one) => whole.test(one));
    return line === undefined
      ? []
      : [`The patch writes ${number}, which is what is reported of ${name}: ${line.slice(0, 120)}`];
  });
}
