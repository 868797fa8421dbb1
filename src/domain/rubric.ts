import { z } from "zod";
import { splitDiff } from "./brief-diff.ts";
import { type JudgeReply, parseWith } from "./judge-replies.ts";

/** The judged columns of a comparison, in the order in which they are shown. */
export const JUDGED_COLUMNS = ["wiring", "accessibility", "error handling", "code quality"] as const;
export type JudgedColumn = (typeof JUDGED_COLUMNS)[number];

/** One point of the rubric. `kind: "none"` says that there is none of something, which no line can show. */
export interface RubricPoint {
  readonly id: string;
  readonly column: JudgedColumn;
  readonly kind: "some" | "none";
  readonly text: string;
}

export const RUBRIC: readonly RubricPoint[] = [
  point("wired", "wiring", "What is added is reached: exported, imported, registered or called where it is needed."),
  point("separation", "wiring", "Concerns lie in files of their own: structure, style, logic, storage."),
  point(
    "delegation",
    "wiring",
    "Events of repeated or changing elements are handled in one place, and no handler is added twice.",
  ),
  point(
    "keyboard",
    "accessibility",
    "What can be clicked works by keyboard and has a role and a name (ARIA or native).",
  ),
  point("focus", "accessibility", "Focus is led to where things appear, and back when they go."),
  point("breakpoints", "accessibility", "The layout adapts to narrow and wide screens."),
  point("unique-ids", "accessibility", "Ids are unique, those of repeated elements too, and labels refer to them."),
  point(
    "storage",
    "error handling",
    "Storage, files, network or parsing that fails is met, and nothing is lost silently.",
  ),
  point(
    "error-shown",
    "error handling",
    "Whoever uses it learns of an error: on the page, in the answer or by the exit code.",
  ),
  none(
    "no-unsafe-html",
    "code quality",
    "No text is put into a page as HTML (innerHTML with a template, and the like).",
  ),
  none("no-native-dialogs", "code quality", "No confirm() and no alert()."),
  none("no-inline-styles", "code quality", "No inline styles."),
  point(
    "tests-told",
    "code quality",
    "What is tested, and how, can be read: in the titles of the tests or in a document.",
  ),
];

function point(id: string, column: JudgedColumn, text: string): RubricPoint {
  return { id, column, kind: "some", text };
}

function none(id: string, column: JudgedColumn, text: string): RubricPoint {
  return { id, column, kind: "none", text };
}

const PointAnswer = z.object({
  id: z.string(),
  answer: z.enum(["yes", "no", "n/a"]),
  path: z.string().default(""),
  evidence: z.string().default(""),
  reason: z.string().default(""),
});

/** The judge's answers, point by point. It gives no score: that is computed. */
export const RubricReply = z.object({ points: z.array(PointAnswer) });
export type RubricReply = z.infer<typeof RubricReply>;

/** JSON Schema of the judge's reply. */
export function rubricSchema(): unknown {
  return z.toJSONSchema(RubricReply, { io: "input" });
}

/** Reads the judge's reply; one that leaves a point out, answers it twice or says no without a reason is unusable. */
export function parseRubric(text: string): JudgeReply<RubricReply> {
  const parsed = parseWith(text, RubricReply);
  if (parsed.kind === "unusable") return parsed;
  const { points } = parsed.reply;
  const known = RUBRIC.map(({ id }) => id);
  const problems = [
    ...points
      .filter(({ id }) => !known.includes(id))
      .map(({ id }) => `${id} is no point; there are: ${known.join(", ")}.`),
    ...known.flatMap((id) => {
      const times = points.filter((answer) => answer.id === id).length;
      if (times === 0) return [`${id} is not answered.`];
      return times > 1 ? [`${id} is answered ${times} times; answer it once.`] : [];
    }),
    ...points
      .filter(({ answer, reason }) => answer === "no" && reason.trim() === "")
      .map(({ id }) => `${id} says no without a reason.`),
  ];
  return problems.length > 0 ? { kind: "unusable", problems } : parsed;
}

/** What a point came to: as the judge said, or as a program saw it. */
export interface PointScore {
  readonly id: string;
  readonly column: JudgedColumn;
  readonly state: "met" | "unmet" | "n/a";
  readonly path: string;
  readonly evidence: string;
  /** Empty for what is met. */
  readonly why: string;
}

/** Points of a column that are met, of those that apply; `of: 0`: none does. */
export interface ColumnScore {
  readonly met: number;
  readonly of: number;
}

/**
 * What the answers come to: a yes counts when the line that it quotes is in the difference, and what a program sees in the
 * difference wins over what the judge says.
 */
export function scoreRubric(reply: RubricReply, diff: string): readonly PointScore[] {
  const lines = addedLines(diff);
  const text = flat(afterText(diff));
  return RUBRIC.map((rubric): PointScore => {
    const { id, column, kind } = rubric;
    const seen = OFFENCES[id]?.(lines);
    if (seen !== undefined)
      return {
        id,
        column,
        state: "unmet",
        path: seen.path,
        evidence: seen.text,
        why: "a program sees it in the difference",
      };
    const said = reply.points.find((answer) => answer.id === id);
    const { answer = "n/a", path = "", evidence = "", reason = "" } = said ?? {};
    const about = { id, column, path, evidence: evidence.slice(0, 300) };
    if (answer !== "yes") return { ...about, state: answer === "no" ? "unmet" : "n/a", why: reason.slice(0, 300) };
    const why = kind === "none" ? "" : quoteProblem(evidence, text);
    return { ...about, state: why === "" ? "met" : "unmet", why };
  });
}

/** The columns of a judgement. */
export function columnScores(points: readonly PointScore[]): Readonly<Record<JudgedColumn, ColumnScore>> {
  const scores = JUDGED_COLUMNS.map((column) => {
    const own = points.filter((one) => one.column === column && one.state !== "n/a");
    return [column, { met: own.filter(({ state }) => state === "met").length, of: own.length }];
  });
  return Object.fromEntries(scores) as Record<JudgedColumn, ColumnScore>;
}

function quoteProblem(evidence: string, text: string): string {
  const quote = flat(evidence.replace(/^[+ ]/gm, ""));
  if (!/\w{3}/.test(quote)) return "yes without a quote that says something";
  return text.includes(quote) ? "" : "the line that is quoted is not in the difference";
}

function flat(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

interface AddedLine {
  readonly path: string;
  readonly text: string;
}

function addedLines(diff: string): readonly AddedLine[] {
  return [...splitDiff(diff)].flatMap(([path, piece]) =>
    piece
      .split("\n")
      .filter((line) => /^\+(?!\+\+ )/.test(line))
      .map((line) => ({ path, text: line.slice(1).trim() })),
  );
}

/** The text after the change, as far as the difference shows it. */
function afterText(diff: string): string {
  const lines = diff.split("\n").filter((line) => /^[+ ]/.test(line) && !/^\+\+\+ /.test(line));
  return lines.map((line) => line.slice(1)).join("\n");
}

const PAGE = /\.(?:html?|[cm]?[jt]sx?|vue|svelte)$/;
const UNSAFE_HTML = /\.(?:inner|outer)HTML\s*\+?=\s*`|\.insertAdjacentHTML\([^,]*,\s*`/;
const DIALOG = /(?<![\w.$'"`]|function )(?:window\.)?(?:confirm|alert)\(/;
const OWN_DIALOG =
  /\bimport\b.*\b(?:confirm|alert)\b|\bfunction (?:confirm|alert)\b|\b(?:const|let) \{?\s*(?:confirm|alert)\b/;
const STYLE = /<[a-z][^>]*\sstyle=["'{]/i;

/** What needs no judge: the first added line that breaks the point. */
const OFFENCES: Readonly<Record<string, (lines: readonly AddedLine[]) => AddedLine | undefined>> = {
  "no-unsafe-html": (lines) => offending(lines, UNSAFE_HTML),
  "no-native-dialogs": (lines) =>
    lines.some(({ text }) => OWN_DIALOG.test(text)) ? undefined : offending(lines, DIALOG),
  "no-inline-styles": (lines) => offending(lines, STYLE),
};

function offending(lines: readonly AddedLine[], pattern: RegExp): AddedLine | undefined {
  return lines.find(({ path, text }) => PAGE.test(path) && !/^(?:\/\/|\/?\*)/.test(text) && pattern.test(text));
}
