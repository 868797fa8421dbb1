import { z } from "zod";
import { type JudgeReply, parseWith } from "../judge-replies.ts";
import { EnvironmentWish } from "./environment.ts";
import type { InstallRequest } from "./install-commands.ts";

const why = z.string().regex(/\S/, "say why");
const name = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/, "the name of a package, and no address");

/** How a failed installation may be answered. Another index is not among the moves. */
export const InstallAnswer = z.discriminatedUnion("move", [
  z.strictObject({
    move: z.literal("versions"),
    packages: EnvironmentWish.shape.packages.meta({ description: "Packages to pin to another version, or to add." }),
    why,
  }),
  z.strictObject({ move: z.literal("source"), packages: z.array(name).min(1), why }),
  z.strictObject({ move: z.literal("give-up"), why }),
]);
export type InstallAnswer = z.infer<typeof InstallAnswer>;

export function installAnswerSchema(): unknown {
  return z.toJSONSchema(InstallAnswer, { io: "input" });
}

/** Reads the coder's answer to a failed installation, or says what is wrong with it. */
export function parseInstallAnswer(text: string): JudgeReply<InstallAnswer> {
  const parsed = parseWith(text, InstallAnswer);
  if (parsed.kind === "unusable" || parsed.reply.move !== "versions") return parsed;
  const any = Object.entries(parsed.reply.packages).filter(([, version]) => version === "any");
  if (any.length === 0) return parsed;
  return { kind: "unusable", problems: any.map(([one]) => `packages.${one}: pin one version.`) };
}

/** The request with the answer in it; a lock no longer fits. */
export function answeredRequest(request: InstallRequest, answer: InstallAnswer): InstallRequest {
  switch (answer.move) {
    case "versions":
      return { ...request, packages: { ...request.packages, ...answer.packages }, lock: undefined };
    case "source":
      return { ...request, fromSource: [...new Set([...request.fromSource, ...answer.packages])], lock: undefined };
    case "give-up":
      return request;
  }
}

/** What an answer changes, for the log of errors and the report. */
export function answerText(answer: InstallAnswer): string {
  switch (answer.move) {
    case "versions":
      return `other versions: ${Object.entries(answer.packages)
        .map(([one, version]) => `${one} ${version}`)
        .join(", ")} (${answer.why})`;
    case "source":
      return `built from source: ${answer.packages.join(", ")} (${answer.why})`;
    case "give-up":
      return `the coder gave up (${answer.why})`;
  }
}
