import { stringify } from "yaml";
import { timeText } from "../time-text.ts";
import type { ResearchError, ResearchFact } from "./facts.ts";
import type { GateType } from "./gate-type.ts";
import { HAND_OFF_PATH } from "./hand-off-run.ts";
import { type NextMove, visitsOf } from "./pipeline.ts";
import type { StageName } from "./stage.ts";
import { STAGES } from "./stages.ts";

/** What is told of a pipeline. */
export interface PipelineLook {
  readonly name: string;
  readonly run: string;
  readonly branch: string;
  readonly facts: readonly ResearchFact[];
  gate(stage: StageName): GateType;
}

export type StageState = "waiting" | "passed" | "refused" | "skipped" | "stale";

/** Where a stage stands: `stale` when an earlier one was entered again since it passed. */
export function stateOf(stage: StageName, facts: readonly ResearchFact[]): StageState {
  const last = visitsOf(stage, facts).at(-1);
  if (last === undefined) return "waiting";
  if (last.outcome === "refused") return "refused";
  const at = facts.lastIndexOf(last);
  const isStale = facts.slice(at + 1).some((fact) => fact.type === "research-stage" && earlier(fact.stage, stage));
  return isStale ? "stale" : last.outcome;
}

function earlier(one: StageName, other: StageName): boolean {
  return STAGES.indexOf(one) < STAGES.indexOf(other);
}

/** `pipeline.yaml`: each stage's state, gate and history. */
export function pipelineText({ name, run, branch, facts, gate }: PipelineLook): string {
  const stages = STAGES.map((stage) => ({
    stage,
    state: stateOf(stage, facts),
    gate: gate(stage),
    history: facts.filter((fact) => fact.stage === stage).map(historyLine),
  }));
  const next = stateOf("gate", facts) === "passed" ? { next: `training, as ${HAND_OFF_PATH} says` } : {};
  return `# Written by millwright; changing it changes nothing.\n${stringify({ name, run, branch, stages, ...next }, { lineWidth: 120 })}`;
}

/** The stage that is begun, or begins next; undefined while a person is waited for, and behind the last one. */
export function openStage(move: NextMove): StageName | undefined {
  return move.kind === "person" || move.kind === "stopped" || move.kind === "done" ? undefined : move.stage;
}

/** What happens next, for people. */
export function moveText(move: NextMove): string {
  switch (move.kind) {
    case "visit":
      return `stage ${move.stage}, visit ${move.visit}`;
    case "fix":
      return `fix ${move.number} of the stage ${move.stage}`;
    case "decide":
    case "replan":
      return `${move.kind === "decide" ? "the orchestrator's word" : "the tasks planned anew"} on the stage ${move.stage}`;
    case "person":
      return oneLine(`a person's word on the stage ${move.stage}: ${move.words}`);
    case "stopped":
      return oneLine(`nothing: ${move.reason}`);
    case "done":
      return "nothing: it has passed";
  }
}

/** One line of a stage's history. */
export function historyLine(fact: ResearchFact): string {
  switch (fact.type) {
    case "research-stage": {
      const wants = fact.wants === undefined ? "" : ` (${fact.wants})`;
      return oneLine(`visit ${fact.visit}: ${fact.outcome}${wants}: ${fact.summary}`);
    }
    case "research-fix":
      return oneLine(`fix ${fact.number}: ${fact.outcome}${fact.reason === "" ? "" : `: ${fact.reason}`}`);
    case "research-decided":
      return oneLine(`${fact.by}: ${fact.move}: ${fact.words}`);
  }
}

/** An error, and when it was written down: milliseconds since 1970, as the journal keeps it. */
export interface DatedError {
  readonly at: number;
  readonly error: ResearchError;
}

/** `logs/errors.log`: every error and what was done about it, one line each, with its time in UTC. */
export function errorsText(errors: readonly DatedError[]): string {
  return errors
    .map(({ at, error: { stage, subject, error, resolution } }) =>
      [timeText(at), stage, subject, error, `resolution: ${resolution}`].map(oneLine).join(" | "),
    )
    .map((line) => `${line}\n`)
    .join("");
}

const MOST = 600;

/** What is cut ends with an ellipsis. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= MOST ? line : `${line.slice(0, MOST - 2).trimEnd()} …`;
}
