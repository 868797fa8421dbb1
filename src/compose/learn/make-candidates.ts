import { exampleProblems } from "../../adapters/corrections/local/run-examples.ts";
import type { CorrectionFile } from "../../domain/correction-file.ts";
import { correctionPath } from "../../domain/correction-path.ts";
import { type ParsedCorrection, parseCorrection, printCorrection } from "../../domain/correction-text.ts";
import { digestOf } from "../../domain/digest.ts";
import { distinct, FEWEST_CASES, type LearnedCase, signaturesOf } from "../../domain/learn-cases.ts";
import type { Draft } from "../../domain/learn-drafts.ts";
import { redact } from "../../domain/redact.ts";
import type { SyntaxNode } from "../../domain/syntax-node.ts";
import type { LearnWorld } from "./learn-world.ts";

/** A correction that has its examples, and the cases that it mends. */
export interface Made {
  readonly correction: ParsedCorrection;
  readonly text: string;
  readonly cases: readonly LearnedCase[];
}

const MOST_EXAMPLES = 3;
const LONGEST_EXAMPLE = 40;

/** A draft as a correction file with examples from its cases; undefined when it does not change three different ones. */
export async function madeOf(draft: Draft, world: LearnWorld): Promise<Made | undefined> {
  const bare = { ...fileOf(draft, []), path: correctionPath(draft.id), digest: "" };
  const cases: LearnedCase[] = [];
  const invalid: { path: string; text: string; expected: string }[] = [];
  for (const one of draft.cases) {
    const after = await changedBy(bare, one.path, one.refused.text, world);
    if (after === undefined) continue;
    cases.push(one);
    if (invalid.length >= MOST_EXAMPLES || invalid.some(({ path }) => path === one.path)) continue;
    const example = await exampleOf(bare, one, after, world);
    if (example !== undefined) invalid.push(example);
  }
  if (distinct(cases) < FEWEST_CASES || invalid.length === 0) return undefined;
  const valid = invalid.map(({ path, expected }) => ({ path, text: expected }));
  const file = { ...fileOf(draft, cases), examples: { valid, invalid } };
  const text = printCorrection(file);
  const read = parseCorrection(text, correctionPath(draft.id));
  if (read.kind === "problems" || (await exampleProblems(read.correction)).length > 0) return undefined;
  return { correction: read.correction, text, cases };
}

function fileOf({ id, title, languages, files, does }: Draft, cases: readonly LearnedCase[]): CorrectionFile {
  return {
    id,
    title: title.slice(0, 120),
    why: {
      reason: reasonOf(cases),
      runs: [...new Set(cases.map(({ run }) => run))],
      signatures: [...signaturesOf(cases)].slice(0, 20),
      cases: [...new Set(cases.map((one) => one.id))].slice(0, 20),
    },
    languages: [...languages],
    files: [...files],
    state: "on",
    does,
    examples: { valid: [], invalid: [] },
  };
}

function reasonOf(cases: readonly LearnedCase[]): string {
  const rules = [...new Set(cases.flatMap(({ refusal }) => refusal.findings.slice(0, 1).map(({ rule }) => rule)))];
  const tasks = new Set(cases.map(({ task }) => task)).size;
  return `Makers made this mistake in ${distinct(cases)} different places of ${tasks} task(s); ${rules.join(", ") || "a gate"} refused it, and it was mended afterwards.`;
}

/** The text as the correction leaves it; undefined when it leaves it as it is. */
async function changedBy(
  correction: ParsedCorrection,
  path: string,
  text: string,
  world: LearnWorld,
): Promise<string | undefined> {
  const { files } = await world
    .correctWith([correction])
    .correct([{ path, base: undefined, after: text }], world.head.tree);
  const after = files[0]?.after ?? text;
  return after === text ? undefined : after;
}

/** The statements around the change, when they are few and no secret; else the whole text, when that is short. */
async function exampleOf(bare: ParsedCorrection, one: LearnedCase, after: string, world: LearnWorld) {
  const parts = [statementsAround(one, after), one.refused.text];
  for (const text of parts) {
    if (text.split("\n").length > LONGEST_EXAMPLE || redact(text) !== text) continue;
    const expected = await changedBy(bare, one.path, text, world);
    if (expected !== undefined) return { path: one.path, text, expected };
  }
  return undefined;
}

function statementsAround({ refused }: LearnedCase, after: string): string {
  const { text, root } = refused;
  let from = 0;
  while (from < text.length && text[from] === after[from]) from++;
  let end = 0;
  while (end < Math.min(text.length, after.length) - from && text.at(-1 - end) === after.at(-1 - end)) end++;
  const to = text.length - end;
  const touched = root.children.filter((child: SyntaxNode) => child.to >= from && child.from <= to);
  const [first, last] = [touched[0], touched.at(-1)];
  return first && last ? `${text.slice(first.from, last.to)}\n` : text;
}

/** What decides whether a kept candidate has to be tried again. */
export function digestOfActive(world: LearnWorld): string {
  const active = world.corrections.filter(({ state }) => state === "on").map(({ id, digest }) => `${id} ${digest}`);
  return digestOf(active.join("\n")).slice(0, 16);
}
