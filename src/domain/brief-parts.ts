import { section } from "./brief-text.ts";

/** A part of a brief. Neighbours with one title stand under one heading. */
export interface BriefPart {
  /** As the record of what was left out names it. */
  readonly name: string;
  /** Heading; empty: the text stands by itself. */
  readonly title: string;
  /** From whole to least; the last one always stays, and an empty text leaves the part out. */
  readonly forms: readonly string[];
  /** What is worth least gives way first; among equals the last. */
  readonly worth: number;
}

/** What gives way, in this order. Parts with a single form never do. */
export const WORTH = {
  words: 10,
  map: 20,
  example: 30,
  recent: 35,
  neighbour: 40,
  imported: 50,
  fixture: 60,
  goals: 64,
  conventions: 66,
  file: 70,
  skill: 75,
  findings: 80,
  fixed: 100,
} as const;

/** Characters that one token stands for where nobody has counted: code and digits make short tokens, so this is low. */
const CHARACTERS_PER_TOKEN = 3.3;

/** A guess of a text's tokens that is rather too high than too low. */
export function tokensOf(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** A part that is there whole or not at all is never cut. */
export function fixedPart(title: string, text: string): BriefPart {
  return { name: title, title, forms: [text], worth: WORTH.fixed };
}

/** A brief within its room, and what was shortened or left out for it; `fits` is false when even the least is too large. */
export interface FittedBrief {
  readonly text: string;
  readonly dropped: readonly string[];
  /** The parts as they stand in the text. */
  readonly said: readonly { readonly name: string; readonly text: string }[];
  readonly fits: boolean;
}

/** Shortens and leaves out by fixed rule until the brief fits into `room` tokens: the same parts, the same brief. */
export function fitBrief(parts: readonly BriefPart[], room: number): FittedBrief {
  const level = parts.map(() => 0);
  const order = parts.map((_part, at) => at).sort((a, b) => worthAt(parts, a) - worthAt(parts, b) || b - a);
  let text = rendered(parts, level);
  for (const at of order) {
    const most = (parts[at]?.forms.length ?? 1) - 1;
    while (tokensOf(text) > room && (level[at] ?? 0) < most) {
      level[at] = (level[at] ?? 0) + 1;
      text = rendered(parts, level);
    }
    if (tokensOf(text) <= room) break;
  }
  const said = parts.map(({ name, forms }, at) => ({ name, text: forms[level[at] ?? 0] ?? "" }));
  const dropped = parts.flatMap((part, at) => droppedOf(part, level[at] ?? 0));
  return { text, dropped, said, fits: tokensOf(text) <= room };
}

function worthAt(parts: readonly BriefPart[], at: number): number {
  return parts[at]?.worth ?? 0;
}

function droppedOf({ name, forms }: BriefPart, level: number): readonly string[] {
  if (forms[level] === forms[0]) return [];
  return [`${name} (${forms[level] === "" ? "left out" : "shortened"})`];
}

function rendered(parts: readonly BriefPart[], level: readonly number[]): string {
  const groups: { readonly title: string; readonly texts: string[] }[] = [];
  for (const [at, { title, forms }] of parts.entries()) {
    const text = (forms[level[at] ?? 0] ?? "").trim();
    if (text === "") continue;
    const last = groups.at(-1);
    if (last && title !== "" && last.title === title) last.texts.push(text);
    else groups.push({ title, texts: [text] });
  }
  return groups
    .map(({ title, texts }) => (title === "" ? texts.join("\n\n") : section(title, texts.join("\n\n"))))
    .join("\n\n");
}
