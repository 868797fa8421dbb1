import { type BriefPart, fitBrief, fixedPart, tokensOf, WORTH } from "./brief-parts.ts";
import { memoryTold, type SaidPart } from "./memory-told.ts";
import type { Role } from "./model-call.ts";
import { StepFailure } from "./step-failure.ts";

/** What a role is told: a part that stays the same for all its questions in a plan, then what changes. */
export interface Brief {
  readonly system: string;
  readonly user: string;
  /** Characters at the beginning of `user` that the role's next question in this task repeats. */
  readonly stable: number;
  /** What was shortened or left out so that it fits. */
  readonly dropped: readonly string[];
  /** What of the mill's memory it holds, by layer: names and counts. */
  readonly memory: readonly string[];
  /** The parts of `user` as they were said, also those that are only repeated. */
  readonly said: readonly SaidPart[];
}

/** A brief before it is fitted; `stable` finds where what is repeated ends, absent: all of it is. */
export interface BriefDraft {
  readonly system: readonly BriefPart[];
  readonly user: readonly BriefPart[];
  readonly stable?: (user: string) => number;
  /** Parts that `user` says again in one piece. */
  readonly repeats?: readonly SaidPart[];
}

/** Whom a brief is for; `size` is the model's context in tokens, absent: nobody knows. */
export interface Addressee {
  readonly role: Role;
  readonly model: string;
  readonly size: number | undefined;
}

/** Tokens of a context that nobody knows, and how many a question has without need. */
const UNKNOWN = 100_000;
const USUAL = 30_000;
/** Share of the context that is kept for the reply, and its most tokens; share of the rest for what all questions have. */
const REPLY = { share: 0.25, most: 8_192 } as const;
const SYSTEM_SHARE = 0.5;

/** Tokens that a prompt may have, the reply's reserve taken off. */
export function roomOf({ size = UNKNOWN }: Addressee): number {
  return size - Math.min(REPLY.most, Math.floor(size * REPLY.share));
}

/**
 * The brief within the model's context. The system part is cut by itself first, so that it is the same for every question.
 * @throws StepFailure `prompt-too-large` when even the least does not fit.
 */
export function fitted(said: BriefDraft, to: Addressee): Brief {
  const room = roomOf(to);
  const steady = fitBrief(said.system, Math.floor(room * SYSTEM_SHARE));
  const least = fitBrief(said.system, 0);
  const tries = [
    { system: steady, most: Math.min(USUAL, room - tokensOf(steady.text)) },
    { system: steady, most: room - tokensOf(steady.text) },
    { system: least, most: room - tokensOf(least.text) },
  ];
  for (const { system, most } of tries) {
    const user = fitBrief(said.user, most);
    const stable = said.stable?.(user.text) ?? user.text.length;
    const dropped = [...system.dropped, ...user.dropped];
    const parts = [...(said.repeats ?? []), ...user.said];
    const memory = memoryTold([...system.said, ...parts]);
    if (user.fits) return { system: system.text, user: user.text, stable, dropped, memory, said: parts };
  }
  throw tooLarge(tokensOf(least.text) + tokensOf(fitBrief(said.user, 0).text), room, to);
}

function tooLarge(needed: number, room: number, { role, model, size = UNKNOWN }: Addressee): StepFailure {
  const kept = `${model} takes ${size}, of which ${size - room} are kept for its reply`;
  return new StepFailure(`The ${role}'s question needs at least ${needed} tokens; ${kept}.`, {
    code: "prompt-too-large",
    remedy: "ask",
    hint: `Give the ${role} a model with a larger context in \`models:\`, or make the task smaller in the plan.`,
  });
}

/** What a target says of itself. */
export interface Knowledge {
  readonly prompt: string;
  readonly rules: string;
  readonly goals: string;
  readonly skills: readonly { readonly name: string; readonly text: string; readonly own: boolean }[];
  /** Forms of the repository map. */
  readonly map: readonly string[];
}

/** What every question of a role in a plan begins with, in the order in which it changes least. */
export function systemPartsOf({ prompt, rules, goals, skills, map }: Knowledge): readonly BriefPart[] {
  return [
    fixedPart("", prompt),
    part("AGENTS.md", "Rules of the repository (AGENTS.md)", cuts(rules, 6000, 2000), WORTH.conventions),
    part("GOALS.md", "Goals of the repository (GOALS.md)", cuts(goals, 3000, 1000), WORTH.goals),
    ...skills.map(({ name, text, own }) =>
      part(`skill ${name}`, `Skill: ${name}`, [text, ""], own ? WORTH.skill : WORTH.words),
    ),
    part("repository map", "The repository, with the names that its files offer", map, WORTH.map),
  ];
}

/** The controlled vocabulary of a target, for whoever judges or audits it; none where it has none. */
export function languageParts(text: string | undefined): readonly BriefPart[] {
  if (text === undefined || text.trim() === "") return [];
  return [
    part("LANGUAGE.md", "Words of the repository (agents/LANGUAGE.md)", cuts(text, 4000, 1500), WORTH.conventions),
  ];
}

/** A part with several forms. */
export function part(name: string, title: string, forms: readonly string[], worth: number): BriefPart {
  return { name, title, forms, worth };
}

function cuts(text: string, ...most: readonly number[]): readonly string[] {
  return [...new Set([...most.map((length) => text.slice(0, length)), ""])];
}
