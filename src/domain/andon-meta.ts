import { isPlaceholder } from "./five-whys.ts";

/** A task of the pursued plan that has not landed. */
export interface RemainingTask {
  readonly task: string;
  readonly title: string;
  /** Why it ended last, or "" when it was not begun. */
  readonly reason: string;
}

export const PATTERN = "pattern-analysis.md";
export const WALK = "walk-through.md";
export const FIXES = "batch-fix-plan.md";

interface Section {
  readonly title: string;
  readonly asks: string;
}

const PATTERN_SECTIONS: readonly Section[] = [
  { title: "What the failures have in common", asks: "gates, files, briefs, models that come back; with run and task" },
  {
    title: "Why it keeps failing",
    asks: "Five answers, 1. to 5., each the cause of the one before; the last one is what the system allows",
  },
  { title: "Why earlier fixes did not hold", asks: 'or why none was tried; "this time it is different" is no answer' },
];

const FIX_SECTIONS: readonly Section[] = [
  { title: "Objective", asks: "what will be true afterwards that is not now" },
  { title: "Changes", asks: "everything that is changed at once, with its path" },
  { title: "Verification", asks: "what will be run, and what it has to show" },
];

const COLUMNS = ["Task", "Risk", "Evidence", "Action"] as const;
const RISKS = ["none", "low", "medium", "high"];

/** The three documents as a person finds them: the rows of the walk-through are there, the cells are theirs. */
export function metaTemplates(remaining: readonly RemainingTask[]): Readonly<Record<string, string>> {
  const rows = remaining.map(
    ({ task, title, reason }) =>
      `| ${cell(`${task} ${title}`)} | [none, low, medium or high] | [${cell(reason) || "what shows the risk: a path, a refusal, an output"}] | [what is done about it] |`,
  );
  return {
    [PATTERN]: document("Pattern analysis", PATTERN_SECTIONS),
    [WALK]: `# Walk-through of the remaining tasks\n\n| ${COLUMNS.join(" | ")} |\n|---|---|---|---|\n${rows.join("\n")}\n`,
    [FIXES]: document("Batch fix plan", FIX_SECTIONS),
  };
}

function document(title: string, sections: readonly Section[]): string {
  return `# ${title}\n${sections.map((section) => `\n## ${section.title}\n\n[${section.asks}]\n`).join("")}`;
}

function cell(text: string): string {
  return text
    .replace(/[|\n]+/g, " ")
    .slice(0, 160)
    .trim();
}

/** What is missing in the three documents of a Meta-Andon; a template that was left as it is is missing as a whole. */
export function metaProblems(
  documents: Readonly<Record<string, string>>,
  remaining: readonly RemainingTask[],
): readonly string[] {
  return [
    ...sectionProblems(PATTERN, documents[PATTERN], PATTERN_SECTIONS),
    ...whyProblems(documents[PATTERN] ?? ""),
    ...walkProblems(documents[WALK], remaining),
    ...sectionProblems(FIXES, documents[FIXES], FIX_SECTIONS),
  ];
}

const WORDS = 5;

function sectionProblems(name: string, text: string | undefined, sections: readonly Section[]): readonly string[] {
  if (text === undefined) return [`${name} is missing: \`millwright andon show\` writes a template.`];
  return sections.flatMap(({ title, asks }) => {
    const body = bodyOf(text, title);
    if (body === undefined) return [`${name} has no section "## ${title}".`];
    const said = withoutBrackets(body);
    const isSaid = said.split(/\s+/).filter((word) => /\p{L}{2}/u.test(word)).length >= WORDS && !isPlaceholder(said);
    return isSaid ? [] : [`${name}, "${title}": ${asks}${said === "" ? "" : `; at least ${WORDS} words of your own`}.`];
  });
}

function bodyOf(text: string, title: string): string | undefined {
  const parts = text.split(/^## /m).slice(1);
  const part = parts.find((one) => (one.split("\n")[0] ?? "").trim().toLowerCase() === title.toLowerCase());
  return part === undefined
    ? undefined
    : part
        .split("\n")
        .slice(1)
        .join("\n")
        .replace(/^# [\s\S]*/m, "")
        .trim();
}

/** What stands in brackets without being a link is what the template asks. */
function withoutBrackets(text: string): string {
  return text.replace(/\[[^\]]*\](?!\()/g, " ").trim();
}

function whyProblems(text: string): readonly string[] {
  const body = bodyOf(text, "Why it keeps failing");
  if (body === undefined || withoutBrackets(body) === "") return [];
  const numbered = body.split("\n").flatMap((line) => /^\s*(?:why\s*)?(\d+)[.):]\s*(.*)$/i.exec(line)?.slice(1) ?? []);
  const answers = new Set(numbered.filter((_, index) => index % 2 === 1).filter((answer) => !isPlaceholder(answer)));
  return answers.size >= 5
    ? []
    : [`${PATTERN}, "Why it keeps failing": ${answers.size} of 5 numbered answers that differ.`];
}

function walkProblems(text: string | undefined, remaining: readonly RemainingTask[]): readonly string[] {
  if (text === undefined) return [`${WALK} is missing: \`millwright andon show\` writes a template.`];
  const rows = text
    .split("\n")
    .filter((line) => line.trim().startsWith("|"))
    .map(cellsOf);
  const header = rows[0]?.map((name) => name.toLowerCase()) ?? [];
  if (!COLUMNS.every((name, index) => header[index] === name.toLowerCase()))
    return [`${WALK} has no table with the columns ${COLUMNS.join(" | ")}.`];
  const tasks = new Map(rows.slice(1).map((cells) => [(cells[0] ?? "").split(/\s/)[0] ?? "", cells]));
  return remaining.flatMap(({ task }) => {
    const cells = tasks.get(task);
    if (cells === undefined) return [`${WALK} has no row for ${task}.`];
    return rowProblems(task, cells);
  });
}

function cellsOf(line: string): readonly string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((text) => text.trim());
}

function rowProblems(task: string, [, risk = "", evidence = "", action = ""]: readonly string[]): readonly string[] {
  const problems: string[] = [];
  if (!RISKS.includes(risk.toLowerCase())) problems.push(`Risk is one of ${RISKS.join(", ")}`);
  if (isPlaceholder(withoutBrackets(evidence))) problems.push("Evidence is empty");
  if (isPlaceholder(withoutBrackets(action)) && !(risk.toLowerCase() === "none" && /^none$/i.test(action)))
    problems.push("Action is empty");
  return problems.length === 0 ? [] : [`${WALK}, ${task}: ${problems.join("; ")}.`];
}
