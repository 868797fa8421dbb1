import type { Event } from "./event.ts";
import { redact } from "./redact.ts";

/** The fields of a fact in which models and programs speak to people, and which no rule reads again. */
const TOLD: { readonly [Type in Event["type"]]?: readonly string[] } = {
  notice: ["message"],
  "step-failed": ["message", "hint"],
  "proposal-admitted": ["notes"],
  "self-assessed": ["answers"],
  escalated: ["reason"],
  orchestrated: ["reason", "said"],
  impossible: ["reason"],
  reviewed: ["reasons", "criteria"],
  "task-ended": ["reason"],
  "task-rests": ["reason"],
  "task-reopened": ["reason"],
  "goal-judged": ["evidence"],
  "run-ended": ["reason"],
};

/**
 * A fact as the journal keeps it: without what opens doors in the words that people are told. Doing it twice changes
 * nothing more.
 */
export function redactedFact<Fact extends Event>(fact: Fact): Fact {
  const told = TOLD[fact.type];
  if (told === undefined) return fact;
  const fields = Object.entries(fact).map(([name, value]) => [name, told.includes(name) ? redactedIn(value) : value]);
  return Object.fromEntries(fields) as Fact;
}

function redactedIn(value: unknown): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map(redactedIn);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redactedIn(inner)]));
}
