import type { Answered, MakerRole } from "./answered.ts";
import { nextModel, rungAt, rungsOf, sinceInstructed, sincePerson } from "./ladder.ts";
import { isExpected, leading } from "./leading-finding.ts";
import type { Limits } from "./limits.ts";
import { oscillates, standsStill } from "./oscillation.ts";
import { signatureOf } from "./signature.ts";
import type { Answerer, Finding, Refusal } from "./verdict.ts";
import type { Work } from "./work.ts";

/** A maker answers again; `reason` is there when it does so on a new rung. */
export interface Retry {
  readonly kind: "retry";
  readonly role: MakerRole;
  readonly rung: number;
  readonly reason?: string;
}

/** What the rules decide after a refusal. */
export type Move =
  | Retry
  | { readonly kind: "orchestrate"; readonly role: MakerRole; readonly reason: string }
  | { readonly kind: "rebase" }
  | { readonly kind: "replan"; readonly reason: string }
  | { readonly kind: "stop"; readonly outcome: "stuck" | "waiting"; readonly reason: string };

/**
 * Who answers a refusal, or why nobody does any more. Pure: the same history, the same move. `models` is how many models
 * the role that answers has.
 */
export function nextMove(
  refusal: Refusal,
  history: readonly Answered[],
  limits: Limits,
  models: (role: MakerRole) => number = () => 1,
): Move {
  const first = leading(refusal);
  if (!first) return { kind: "stop", outcome: "stuck", reason: `${refusal.gate} refused without a reason` };
  switch (first.answers) {
    case "mill":
      return { kind: "rebase" };
    case "person":
      return { kind: "stop", outcome: "waiting", reason: first.message };
    case "architect":
      return replan(first.message, history);
    case "tester":
    case "developer":
    case "documenter":
      return retry(first.answers, refusal, history, { limits, models: models(first.answers) });
    case "orchestrator":
      return orchestrate("developer", first.message, history, limits);
  }
}

/** `impossible:` and plan faults found late: one re-plan by the architect, then a person. Neither costs an attempt. */
export function replan(reason: string, history: readonly Answered[]): Move {
  if (!sincePerson(history).some((answer) => answer.role === "architect")) return { kind: "replan", reason };
  return { kind: "stop", outcome: "waiting", reason: `The architect has re-planned this task once already: ${reason}` };
}

interface Climb {
  readonly limits: Limits;
  readonly models: number;
}

/** The same rung, or the next one: one order everywhere, and the reason is said. */
function retry(role: MakerRole, refusal: Refusal, history: readonly Answered[], { limits, models }: Climb): Move {
  const rung = rungAt(role, history, models);
  const since = sinceInstructed(history);
  const model = rungsOf(models)[rung]?.model;
  const answers = since.filter((one) => isCounted(one, role) && rungsOf(models)[one.rung]?.model === model).length;
  if (answers >= limits.attempts) {
    const reason = `${role} has used its ${limits.attempts} attempts; ${refusal.gate} still refuses: ${headline(refusal)}`;
    const next = nextModel(rung, models);
    return next === undefined
      ? orchestrate(role, reason, history, limits)
      : { kind: "retry", role, rung: next, reason };
  }
  const onRung = since.filter((one) => one.role !== role || one.rung === rung);
  const why = deadlockOf(refusal, onRung, limits);
  if (why === undefined) return { kind: "retry", role, rung };
  const reason = `deadlock: ${why}: ${headline(refusal)}`;
  if (rung + 1 < rungsOf(models).length) return { kind: "retry", role, rung: rung + 1, reason };
  return orchestrate(role, reason, history, limits);
}

/** The ladder is climbed: the orchestrator's word, as often as the limit says; then nobody's. */
function orchestrate(role: MakerRole, reason: string, history: readonly Answered[], limits: Limits): Move {
  const asked = sincePerson(history).filter((answer) => answer.role === "orchestrator").length;
  if (asked < limits.orchestrations) return { kind: "orchestrate", role, reason };
  return { kind: "stop", outcome: "stuck", reason };
}

function isCounted(answer: Answered, role: Answerer): boolean {
  return answer.role === role && answer.outcome !== "impossible";
}

/** Answers of a maker that count: `impossible` costs none. */
export function attemptsOf(role: Answerer, history: readonly Answered[]): number {
  return history.filter((answer) => isCounted(answer, role)).length;
}

/** Why more of the same leads nowhere, or undefined. What is expected (no test yet, no code yet) is no failure. */
function deadlockOf(refusal: Refusal, onRung: readonly Answered[], limits: Limits): string | undefined {
  if (isExpected(refusal)) return undefined;
  if (standsStill(refusal, onRung, limits.sameTree))
    return `no progress, ${refusal.gate} refused the same tree for the same reasons ${limits.sameTree} times`;
  if (oscillates(onRung, limits.oscillation))
    return `the work goes back and forth between two trees (oscillation, ${limits.oscillation} times each), ${refusal.gate} refused`;
  if (isRepeated(refusal, onRung, limits))
    return `${refusal.gate} refused the same way ${limits.sameSignature} times without progress`;
  return undefined;
}

/** The same refusal for the n-th time, and never fewer findings than the time before. */
function isRepeated(refusal: Refusal, history: readonly Answered[], limits: Limits): boolean {
  const signature = signatureOf(refusal);
  const tried = history.filter((answer) => answer.signature === signature && answer.outcome !== "impossible");
  const counts = [...tried.map((answer) => answer.failing), refusal.findings.length].slice(-limits.sameSignature);
  if (counts.length < limits.sameSignature) return false;
  return counts.every((count, index) => index === 0 || count >= (counts[index - 1] ?? 0));
}

/** Right after a rebase: every criterion's tests pass without the code, so somebody else has done it. */
export function isSuperseded(refusal: Refusal, rebased: boolean, { tests }: Pick<Work, "tests">): boolean {
  const passes = refusal.findings.every((finding) => finding.rule === "red/passes-on-base");
  return rebased && tests.length > 0 && refusal.gate === "red" && passes;
}

/** What decides, in one line. */
export function headline(refusal: Refusal): string {
  return leading(refusal)?.message ?? "no reason given";
}

const MOST_SHOWN = 15;
const MOST_NAMED = 60;

/** Findings as a maker reads them: the first ones with their evidence, then names only, then a count. */
export function findingsText(findings: readonly Finding[]): string {
  const shown = findings.slice(0, MOST_SHOWN).map((finding) => {
    const evidence = finding.evidence ? `\n${indent(finding.evidence)}` : "";
    return `${lineOf(finding)}${evidence}`;
  });
  const named = findings.slice(MOST_SHOWN, MOST_NAMED).map(lineOf);
  const rest = findings.length > MOST_NAMED ? [`- … and ${findings.length - MOST_NAMED} more`] : [];
  return [...shown, ...named, ...rest].join("\n");
}

function lineOf(finding: Finding): string {
  const place = finding.path ? ` (${finding.path}${finding.line ? `:${finding.line}` : ""})` : "";
  return `- [${finding.rule}]${place} ${finding.message}`;
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");
}
