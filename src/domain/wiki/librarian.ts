import { z } from "zod";
import { type JudgeReply, parseWith } from "../judge-replies.ts";
import type { WikiFinding } from "./finding.ts";

const Quote = z.object({ path: z.string(), quote: z.string().min(1) });

const AnswerReply = z.object({
  statements: z.array(z.object({ text: z.string().min(1), citations: z.array(Quote) })),
  unknown: z.array(z.string()).default([]),
});

const ContradictionsReply = z.object({
  contradictions: z.array(z.object({ about: z.string().min(1), one: Quote, other: Quote })),
});

export const answerShape: unknown = z.toJSONSchema(AnswerReply, { io: "input" });
export const contradictionsShape: unknown = z.toJSONSchema(ContradictionsReply, { io: "input" });

/** A text as a librarian was shown it. */
export interface ShownText {
  readonly path: string;
  readonly text: string;
}

/** A place that was found: the mill has seen the words there. */
export interface SeenQuote {
  readonly path: string;
  /** 1-based line on which the words begin. */
  readonly line: number;
  readonly quote: string;
}

/** One statement of an answer with the places that bear it. */
export interface Statement {
  readonly text: string;
  readonly citations: readonly SeenQuote[];
}

export interface WikiAnswer {
  readonly question: string;
  /** Every one has a citation that is there. */
  readonly statements: readonly Statement[];
  /** Statements that were left out, because none of their quotations is where it is said to be. */
  readonly unverified: readonly string[];
  /** What the pages do not say. */
  readonly unknown: readonly string[];
  /** Pages and files that the librarian read, and those that had no room. */
  readonly read: readonly string[];
  readonly left: readonly string[];
}

/** Reads an answer and keeps what can be verified in the texts that were shown. */
export function readAnswer(
  reply: string,
  shown: readonly ShownText[],
): JudgeReply<Pick<WikiAnswer, "statements" | "unverified" | "unknown">> {
  const parsed = parseWith(reply, AnswerReply);
  if (parsed.kind === "unusable") return parsed;
  const looked = parsed.reply.statements.map(({ text, citations }) => ({
    text: text.trim(),
    citations: citations.flatMap((one) => seenIn(one, shown) ?? []),
  }));
  return {
    kind: "usable",
    reply: {
      statements: looked.filter(({ citations }) => citations.length > 0),
      unverified: looked.filter(({ citations }) => citations.length === 0).map(({ text }) => text),
      unknown: parsed.reply.unknown,
    },
  };
}

/** Reads contradictions; both sides must be there, at different places. `dropped` counts those that are not. */
export function readContradictions(
  reply: string,
  shown: readonly ShownText[],
): JudgeReply<{ readonly findings: readonly WikiFinding[]; readonly dropped: number }> {
  const parsed = parseWith(reply, ContradictionsReply);
  if (parsed.kind === "unusable") return parsed;
  const findings = parsed.reply.contradictions.flatMap(({ about, one, other }): readonly WikiFinding[] => {
    const [here, there] = [seenIn(one, shown), seenIn(other, shown)];
    if (!here || !there || (here.path === there.path && here.line === there.line)) return [];
    const message = `It contradicts ${there.path}:${there.line}: ${about.replace(/\s+/g, " ").trim().slice(0, 300)}`;
    return [{ kind: "contradiction", path: here.path, line: here.line, message, quote: here.quote, against: there }];
  });
  return { kind: "usable", reply: { findings, dropped: parsed.reply.contradictions.length - findings.length } };
}

const SHORTEST_QUOTE = 8;

/** Where the words stand in the text of that path, whatever its line breaks and spaces; undefined when they do not. */
export function seenIn(
  { path, quote }: { path: string; quote: string },
  shown: readonly ShownText[],
): SeenQuote | undefined {
  const text = shown.find((one) => one.path === path)?.text;
  const words = quote.trim().split(/\s+/);
  if (text === undefined || words.join(" ").length < SHORTEST_QUOTE) return undefined;
  const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+");
  const at = new RegExp(pattern).exec(text)?.index;
  return at === undefined ? undefined : { path, line: text.slice(0, at).split("\n").length, quote: words.join(" ") };
}

/** The question for an answer. */
export function queryText(question: string, shown: readonly ShownText[], problems: readonly string[]): string {
  return [
    shownText(shown),
    ...again(problems),
    "## The question",
    question.trim(),
    `Answer it from these texts in this form; list under "unknown" what they do not say:
{ "statements": [ { "text": "one or two sentences", "citations": [ { "path": "wiki/…", "quote": "words of that text" } ] } ], "unknown": [] }`,
  ].join("\n\n");
}

/** The question for contradictions. */
export function contradictionsText(shown: readonly ShownText[], problems: readonly string[]): string {
  return [
    shownText(shown),
    ...again(problems),
    "## The question",
    `Which statements of these pages cannot both be true? Two pages that say different things of different matters do not contradict
each other, nor does a page that says more than another. An empty list is an honest answer. Answer in this form:
{ "contradictions": [ { "about": "what cannot both be true", "one": { "path": "wiki/…", "quote": "…" }, "other": { "path": "wiki/…", "quote": "…" } } ] }`,
  ].join("\n\n");
}

function shownText(shown: readonly ShownText[]): string {
  const texts = shown.map(({ path, text }) => `### ${path}\n\n~~~~\n${text.trim()}\n~~~~`);
  return ["## The pages", ...(texts.length === 0 ? ["There is none."] : texts)].join("\n\n");
}

function again(problems: readonly string[]): readonly string[] {
  return problems.length === 0 ? [] : [`## Your last answer could not be used\n\n${problems.join("\n")}`];
}
