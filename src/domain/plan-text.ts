import { isScalar, type Scalar, stringify, visit } from "yaml";
import { z } from "zod";
import { type Plan, PlanHeader } from "./plan.ts";
import { problemLines, type ReadYaml, readYaml, type YamlProblem } from "./yaml-text.ts";

/** What the architect writes: the mill knows the spec and the base better, and fills them in. */
export const PlanDraftHeader = PlanHeader.omit({ audit: true, rejected: true }).extend({
  spec: z.unknown().optional(),
  base: z.unknown().optional(),
  findings: z.array(z.string()).optional().meta({ description: "Ids of the audit's findings that the plan answers." }),
});
export type PlanDraft = Omit<z.infer<typeof PlanDraftHeader>, "spec" | "base"> & { readonly body: string };

/** Problems are lines for a person or a model, each starting with `line N: `. */
export type ParsedPlan =
  | { readonly kind: "plan"; readonly plan: Plan }
  | { readonly kind: "problems"; readonly problems: readonly string[] };

export type ParsedPlans =
  | { readonly kind: "plans"; readonly plans: readonly PlanDraft[] }
  | { readonly kind: "problems"; readonly problems: readonly string[] };

/** Reads a plan file (docs/reference/plan-format.md): YAML front matter, then Markdown. Names all problems at once. */
export function parsePlan(markdown: string): ParsedPlan {
  const lines = linesOf(markdown);
  const start = lines.findIndex((line) => line.trim() !== "");
  if (!isMark(lines[start]))
    return { kind: "problems", problems: ["line 1: a plan starts with YAML front matter between two lines ---."] };
  const end = endOf(lines, start);
  if (end === undefined) return { kind: "problems", problems: [unclosed(start)] };
  const read = readFront(lines.slice(start + 1, end), PlanHeader, start + 1);
  if (read.kind === "problems") return { kind: "problems", problems: problemLines(read.problems) };
  return { kind: "plan", plan: { ...read.value, body: bodyOf(lines.slice(end + 1)) } };
}

/**
 * Reads an architect's reply: one or more plans, each with front matter, in a fence or not, with prose around them or
 * not. Lines are those of the reply.
 */
export function parsePlans(reply: string): ParsedPlans {
  const lines = linesOf(withoutThinking(reply));
  const starts = lines.flatMap((line, at) => (isMark(line) && opensPlan(lines, at) ? [at] : []));
  if (starts.length === 0) return { kind: "problems", problems: [noPlan(lines)] };
  const plans: PlanDraft[] = [];
  const problems: string[] = [];
  for (const [index, start] of starts.entries()) {
    const end = endOf(lines, start);
    const read = end === undefined ? undefined : readFront(lines.slice(start + 1, end), PlanDraftHeader, start + 1);
    if (end === undefined || read === undefined) problems.push(unclosed(start));
    else if (read.kind === "problems") problems.push(...problemLines(read.problems));
    else {
      const { spec: _spec, base: _base, ...header } = read.value;
      plans.push({ ...header, body: bodyOf(lines.slice(end + 1, starts[index + 1] ?? lines.length)) });
    }
  }
  return problems.length > 0 ? { kind: "problems", problems } : { kind: "plans", plans };
}

/** Fills in what only the mill knows. */
export function fillPlan(
  draft: PlanDraft,
  known: { readonly specDigest: string; readonly base: string; readonly specPath?: string },
): Plan {
  const spec = { digest: known.specDigest, ...(known.specPath === undefined ? {} : { path: known.specPath }) };
  const { findings: _findings, ...rest } = draft;
  return { ...rest, spec, base: known.base };
}

/** The plan as a file, without keys that hold nothing; `parsePlan` reads the same plan back. */
export function printPlan(plan: Plan): string {
  const { plan: name, title, rejected, spec, base, audit, needs, goal, tasks, body } = plan;
  const header = { plan: name, title, rejected, spec, base, audit, needs, goal, tasks: tasks.map(withoutEmpty) };
  const front = stringify(withoutEmpty(header), { lineWidth: 120, aliasDuplicateObjects: false });
  return `---\n${front}---\n\n${body.trim()}\n`;
}

function withoutEmpty(value: object): object {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([, member]) => member !== undefined && !(Array.isArray(member) && member.length === 0),
    ),
  );
}

function linesOf(text: string): readonly string[] {
  return text
    .replace(/^\uFEFF/, "")
    .replaceAll("\r\n", "\n")
    .split("\n");
}

function withoutThinking(text: string): string {
  const start = text.trimStart();
  const end = start.startsWith("<think>") ? start.indexOf("</think>") : -1;
  return end < 0 ? text : start.slice(end + "</think>".length);
}

function isMark(line: string | undefined): boolean {
  return line !== undefined && /^---[ \t]*$/.test(line);
}

function endOf(lines: readonly string[], start: number): number | undefined {
  const end = lines.findIndex((line, at) => at > start && isMark(line));
  return end < 0 ? undefined : end;
}

/** A `---` opens a plan when a key of a plan stands at the margin before the next one: others are rules in prose. */
function opensPlan(lines: readonly string[], start: number): boolean {
  for (let at = start + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (isMark(line)) return false;
    if (/^(plan|tasks)\s*:/.test(line)) return true;
  }
  return false;
}

function unclosed(start: number): string {
  return `line ${start + 1}: the front matter that starts here is never closed with a line ---; was the plan cut off?`;
}

function noPlan(lines: readonly string[]): string {
  const bare = lines.findIndex((line) => /^(plan|tasks)\s*:/.test(line));
  return bare < 0
    ? "line 1: there is no plan in this reply. A plan is YAML front matter between two lines ---, then Markdown."
    : `line ${bare + 1}: the plan's YAML must stand between two lines ---.`;
}

/** The Markdown below the front matter, without the end of a fence around the whole plan. */
function bodyOf(lines: readonly string[]): string {
  const fences = lines.filter((line) => /^ {0,3}(```|~~~)/.test(line)).length;
  const body = lines.join("\n").trim();
  return fences % 2 === 1 ? body.replace(/\n?(`{3,}|~{3,})(markdown|md)?$/, "").trim() : body;
}

function readFront<Schema extends z.ZodType>(
  lines: readonly string[],
  schema: Schema,
  before: number,
): ReadYaml<z.output<Schema>> {
  const read = readYaml(lines.join("\n"), schema, before);
  if (read.kind === "problems") return read;
  const cut = cutTexts(read, lines, before);
  return cut.length > 0 ? { kind: "problems", problems: cut } : read;
}

/** In YAML, ` #2563eb` starts a comment: the text before it would lose its end without a word. */
function cutTexts<Value>(
  read: Extract<ReadYaml<Value>, { kind: "read" }>,
  lines: readonly string[],
  before: number,
): readonly YamlProblem[] {
  const problems: YamlProblem[] = [];
  const text = lines.join("\n");
  visit(read.document, {
    Scalar(_key, node: Scalar) {
      if (!isScalar(node) || node.type !== "PLAIN" || !/^\S/.test(node.comment ?? "")) return;
      const line = text.slice(0, node.range?.[1] ?? 0).split("\n").length + before;
      const message = `everything from #${node.comment?.slice(0, 20)} on is a comment in YAML; put quotes around the text.`;
      problems.push({ line, message });
    },
  });
  return problems;
}
