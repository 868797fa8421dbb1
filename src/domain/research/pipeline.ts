import type { ResearchDecided, ResearchFact, ResearchFix, ResearchGates, ResearchStage } from "./facts.ts";
import type { GateType } from "./gate-type.ts";
import { isMendable, type StageName } from "./stage.ts";
import { STAGES } from "./stages.ts";

/** How far a pipeline goes by itself. */
export interface PipelineLimits {
  /** Fixes of a stage before the orchestrator is asked. */
  readonly fixes: number;
  /** Times that the gate sends the work back to core. */
  readonly revisions: number;
}

/** Times that the orchestrator is asked about one stage before a person is. */
export const MOST_DECISIONS = 2;

/** What happens next. */
export type NextMove =
  | { readonly kind: "visit"; readonly stage: StageName; readonly visit: number }
  | { readonly kind: "fix"; readonly stage: StageName; readonly number: number; readonly of: number }
  | { readonly kind: "decide"; readonly stage: StageName; readonly number: number }
  | { readonly kind: "replan"; readonly stage: StageName; readonly number: number; readonly words: string }
  | { readonly kind: "person"; readonly stage: StageName; readonly number: number; readonly words: string }
  | { readonly kind: "stopped"; readonly reason: string }
  | { readonly kind: "done" };

/**
 * What the facts say comes next. Pure: the same facts, the same move. The only way forward is through a stage that has
 * passed; a gate that wants the work revised sends it back to core; what a stage cannot settle goes to the orchestrator.
 */
export function nextMove(facts: readonly ResearchFact[], limits: PipelineLimits): NextMove {
  const last = facts.at(-1);
  if (last === undefined) return visitOf("environment", facts);
  switch (last.type) {
    case "research-stage":
      return afterStage(last, facts, limits);
    case "research-fix":
      return last.outcome === "landed" ? afterFix(last.stage, facts) : fixOrDecide(last.stage, facts, limits);
    case "research-decided":
      return afterDecision(last, facts, limits);
  }
}

function afterStage(last: ResearchStage, facts: readonly ResearchFact[], limits: PipelineLimits): NextMove {
  const { stage, outcome, wants } = last;
  if (outcome !== "refused") {
    const next = STAGES[STAGES.indexOf(stage) + 1];
    return next === undefined ? { kind: "done" } : visitOf(next, facts);
  }
  if (wants === "revise" && revisions(facts) <= limits.revisions) return visitOf("core", facts);
  return fixOrDecide(stage, facts, limits);
}

function fixOrDecide(stage: StageName, facts: readonly ResearchFact[], limits: PipelineLimits): NextMove {
  const fixes = sinceDecision(stage, facts).filter((fact) => fact.type === "research-fix").length;
  if (isForCoder(stage, facts) && fixes < limits.fixes) {
    const number = fixesOf(stage, facts).length + 1;
    return { kind: "fix", stage, number, of: limits.fixes - fixes };
  }
  return { kind: "decide", stage, number: decisions(stage, facts).length + 1 };
}

/** True when what the stage last refused can be mended by whoever writes code. */
function isForCoder(stage: StageName, facts: readonly ResearchFact[]): boolean {
  const findings = visitsOf(stage, facts).at(-1)?.findings ?? [];
  return isMendable(stage) && findings.some(({ answers }) => answers === "developer" || answers === "tester");
}

function afterDecision(last: ResearchDecided, facts: readonly ResearchFact[], limits: PipelineLimits): NextMove {
  const { stage, move, words, by } = last;
  const number = decisions(stage, facts).length + 1;
  switch (move) {
    case "instructions":
      // A person may have mended what lies outside the code: the stage looks before anybody changes it.
      if (by === "person" && !isAfterCore(stage)) return visitOf(stage, facts);
      return isForCoder(stage, facts) && limits.fixes > 0
        ? fixOrDecide(stage, facts, limits)
        : visitOf(isAfterCore(stage) ? "core" : stage, facts);
    case "revise":
      return visitOf("core", facts);
    case "re-plan":
      return by === "architect" ? visitOf("core", facts) : { kind: "replan", stage, number, words };
    case "person":
      return { kind: "person", stage, number, words };
    case "stop":
      return { kind: "stopped", reason: words };
  }
}

/** The stage looks again; numbers are of the code that they were measured on, so what integration has mended is measured anew. */
function afterFix(stage: StageName, facts: readonly ResearchFact[]): NextMove {
  return visitOf(stage === "integration" ? "evaluation" : stage, facts);
}

/** Stages whose refusals only core can answer. */
function isAfterCore(stage: StageName): boolean {
  return stage === "review" || stage === "gate";
}

function visitOf(stage: StageName, facts: readonly ResearchFact[]): NextMove {
  return { kind: "visit", stage, visit: visitsOf(stage, facts).length + 1 };
}

export function visitsOf(stage: StageName, facts: readonly ResearchFact[]): readonly ResearchStage[] {
  return facts.filter((fact): fact is ResearchStage => fact.type === "research-stage" && fact.stage === stage);
}

export function fixesOf(stage: StageName, facts: readonly ResearchFact[]): readonly ResearchFix[] {
  return facts.filter((fact): fact is ResearchFix => fact.type === "research-fix" && fact.stage === stage);
}

export function decisions(stage: StageName, facts: readonly ResearchFact[]): readonly ResearchDecided[] {
  return facts.filter((fact): fact is ResearchDecided => fact.type === "research-decided" && fact.stage === stage);
}

/** How often the orchestrator has been asked about a stage since a person spoke or the stage passed. */
export function asked(stage: StageName, facts: readonly ResearchFact[]): number {
  const since = facts.findLastIndex(
    (fact) =>
      fact.stage === stage &&
      ((fact.type === "research-decided" && fact.by === "person") ||
        (fact.type === "research-stage" && fact.outcome !== "refused")),
  );
  return decisions(stage, facts.slice(since + 1)).filter(({ by }) => by === "orchestrator").length;
}

/** What has happened in a stage since somebody decided about it, or since it last passed. */
export function sinceDecision(stage: StageName, facts: readonly ResearchFact[]): readonly ResearchFact[] {
  const own = facts.filter((fact) => fact.stage === stage);
  const from = own.findLastIndex(
    (fact) => fact.type === "research-decided" || (fact.type === "research-stage" && fact.outcome !== "refused"),
  );
  return own.slice(from + 1);
}

function revisions(facts: readonly ResearchFact[]): number {
  return facts.filter((fact) => fact.type === "research-stage" && fact.wants === "revise").length;
}

/** Whose word lets a stage pass: the plan's, as people have changed it since. A gate that is `auto` skips the review too. */
export function gateOf(
  stage: StageName,
  planned: Readonly<Partial<Record<StageName, GateType>>>,
  changes: readonly ResearchGates[],
): GateType {
  const gates = Object.assign({}, planned, ...changes.map(({ gates: changed }) => changed)) as typeof planned;
  if (stage === "gate") return gates.gate ?? "auto-judge";
  if (stage === "review") return gates.review ?? (gateOf("gate", planned, changes) === "auto" ? "auto" : "auto-judge");
  return gates[stage] ?? "auto";
}
