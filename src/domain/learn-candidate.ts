import { z } from "zod";
import { leading } from "./leading-finding.ts";
import type { LearnedCase } from "./learn-cases.ts";
import { signatureOf } from "./signature.ts";

const Row = z.strictObject({
  proposal: z.string(),
  title: z.string(),
  effect: z.enum(["helped", "still-refused", "still-passes", "broken", "unjudged", "left-out"]),
  before: z.string(),
  after: z.string(),
});

const Told = z.strictObject({
  /** `run/task/role/attempt`. */
  id: z.string(),
  /** The task, the same in any run. */
  task: z.string(),
  path: z.string(),
  gate: z.string(),
  rule: z.string(),
  message: z.string(),
  signature: z.string(),
});
export type ToldCase = z.infer<typeof Told>;

/** A correction that waits for a person's word, or one that is to be switched off, with what the replay has shown. */
export const Candidate = z.strictObject({
  id: z.string(),
  /** `new`: a file is to be written; `retire`: the correction of that id is to be switched off. */
  kind: z.enum(["new", "retire"]),
  title: z.string(),
  /** Who suggested it: the cases themselves, or a model. */
  from: z.enum(["cases", "model"]),
  /** Why it is proposed, in a sentence. */
  reason: z.string(),
  /** The correction's file, as it would be written. */
  text: z.string(),
  path: z.string(),
  standing: z.enum(["offered", "breaks", "helps-nothing", "unfinished"]),
  /** A person's word; `waiting` until there is one. */
  state: z.enum(["waiting", "approved", "rejected"]),
  cases: z.array(Told),
  evidence: z.strictObject({
    recorded: z.number(),
    untouched: z.number(),
    unreadable: z.number(),
    rows: z.array(Row),
  }),
  /** Digests of the corrections that were on when it was tried. */
  tried: z.string(),
  /** Cases that were known when a person rejected it. */
  rejected: z.array(z.string()).default([]),
});
export type Candidate = z.infer<typeof Candidate>;

/** A case as it is kept and shown: no text of a file is in it. */
export function toldCase({ id, task, path, refusal }: LearnedCase): ToldCase {
  const first = leading(refusal);
  const message = (first?.message ?? "").slice(0, 200);
  return { id, task, path, gate: refusal.gate, rule: first?.rule ?? "", message, signature: signatureOf(refusal) };
}

/** What makes a case a case of its own. */
export function caseKey({ task, path }: Pick<ToldCase, "task" | "path">): string {
  return `${task}|${path}`;
}

/** True for what a person is to be asked about: a rejected one only when there are cases that were not known then. */
export function isWaiting(candidate: Candidate): boolean {
  return candidate.state === "waiting" && candidate.standing === "offered";
}

/** What a new look makes of what was kept: a person's no stands until there are new cases. */
export function merged(kept: Candidate | undefined, fresh: Candidate): Candidate {
  if (kept === undefined || kept.state === "waiting") return fresh;
  if (kept.state === "approved") return { ...fresh, state: "waiting" };
  const known = new Set(kept.rejected);
  const news = fresh.cases.some((one) => !known.has(caseKey(one)));
  return news ? fresh : { ...fresh, state: "rejected", rejected: kept.rejected };
}
