import { JUDGED_COLUMNS, RUBRIC } from "../domain/rubric.ts";
import { counted, countText, durationText } from "./amounts.ts";
import type { Comparison, ComparisonRow, Judged } from "./comparison.ts";
import { plainLine } from "./plain.ts";

/** The comparison as a Markdown report: both tables, then each result with its branch, run and kept outputs. */
export function comparisonReport(comparison: Comparison): string {
  const { id, title, rows } = comparison;
  const parts = [
    `# Comparison: ${text(title)}`,
    conditions(comparison),
    "## Measured",
    ...comparisonTables(comparison).slice(0, 1),
    "Attempts, tokens and money are the compared model's own, as tester, developer and documenter; wall time is that of the whole run.",
    "## Judged, and refused",
    ...comparisonTables(comparison).slice(1),
    "Points met of those that apply. The judge saw each difference alone, without its maker's name; a yes counts when the line that it quotes is in the difference.",
    "## Results",
    ...rows.map((row) => resultText(row, id)),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** What was measured, and what was judged: two Markdown tables whose columns are aligned. */
export function comparisonTables({ rows }: Comparison): readonly [measured: string, judged: string] {
  const measured = table(
    ["model", "ended", "landed", "attempts", "wall time", "tokens", "money", "criteria", "held-out", "diff"],
    rows.map((row) => [text(row.model), row.state, ...measuredCells(row)]),
  );
  const judged = table(
    ["model", ...JUDGED_COLUMNS, "refusals by gate"],
    rows.map((row) => [text(row.model), ...judgedCells(row.judged), refusalsText(row)]),
  );
  return [measured, judged];
}

function measuredCells(row: ComparisonRow): readonly string[] {
  const { tasks, tokens, money, criteria, diff, heldOut } = row;
  return [
    `${tasks.landed}/${tasks.attempted}${tasks.planned === tasks.attempted ? "" : ` of ${tasks.planned}`}`,
    String(row.attempts),
    durationText(row.milliseconds),
    `${tokens.counted ? "" : "~"}${countText(tokens.input + tokens.output)}`,
    money === undefined ? "unknown" : `$${money.toFixed(4)}`,
    criteria === undefined ? "no reviewer" : `${criteria.met}/${criteria.total}`,
    heldOut === null ? "not measured" : `${Math.round(heldOut * 100)} %`,
    `${counted(diff.files, "file")}, +${diff.added} -${diff.removed}`,
  ];
}

function judgedCells(judged: Judged): readonly string[] {
  return JUDGED_COLUMNS.map((column) => {
    if (judged.kind === "not judged") return "not judged";
    const { met, of } = judged.columns[column];
    return of === 0 ? "n/a" : `${met}/${of}`;
  });
}

function refusalsText({ refusals }: ComparisonRow): string {
  const gates = Object.entries(refusals).map(([gate, times]) => `${text(gate)} ${times}`);
  return gates.length === 0 ? "none" : gates.join(", ");
}

function conditions(comparison: Comparison): string {
  const { base, plans, samePath, run, architect, judge, spec, independence, id } = comparison;
  const plan = plans.map(
    ({ plan: name, tasks, criteria }) =>
      `${text(name)} (${counted(tasks, "task")}, ${counted(criteria, "criterion", "criteria")})`,
  );
  const lines = [
    `Comparison \`${id}\`, base \`${base.commit.slice(0, 10)}\`${base.branch ? ` (${text(base.branch)})` : ""}`,
    ...(spec ? [`Spec: \`${text(spec)}\``] : []),
    `One frozen plan for all: ${plan.join(", ") || "none yet"}, kept in \`plan.md\`, made by ${text(architect)}`,
    `Judge of the judged columns: ${text(judge)}; independence: ${independence}; run \`${run}\``,
    samePath === undefined
      ? "Each model was asked through its own server or program."
      : `All compared models were asked through \`${text(samePath)}\`.`,
  ];
  return lines.map((line) => `- ${line}`).join("\n");
}

function resultText(row: ComparisonRow, id: string): string {
  const { model, run, branch, state, reason, kept } = row;
  const lines = [
    `- **${text(state)}**${reason === "" ? "" : `: ${text(reason)}`}`,
    ...(branch === undefined ? [] : [`- branch \`${text(branch)}\``]),
    ...(run === undefined
      ? []
      : [`- run \`${run}\`: \`millwright show ${run}\`, answers in \`.millwright/recordings/${run}\``]),
    ...(kept === undefined
      ? []
      : [`- outputs in \`.millwright/compare/${id}/${kept}\`: \`diff.patch\`, \`report.md\``]),
    ...pointLines(row.judged),
  ];
  return [`### ${text(model)}`, "", ...lines].join("\n");
}

function pointLines(judged: Judged): readonly string[] {
  if (judged.kind === "not judged") return [`- not judged: ${text(judged.reason)}`];
  return judged.points.map(({ id, column, state, path, evidence, why }) => {
    const said = RUBRIC.find((point) => point.id === id)?.text ?? id;
    const where = evidence === "" ? "" : ` \`${text(path)}\`: \`${text(evidence)}\``;
    return `- ${column}, ${state}: ${said}${why === "" ? "" : ` **${text(why)}**`}${where}`;
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows].map((cells) => cells.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, at) => Math.max(3, ...all.map((cells) => cells[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, at) => (cells[at] ?? "").padEnd(width)).join(" | ")} |`;
  const [first = [], ...rest] = all;
  return [line(first), line(widths.map((width) => "-".repeat(width))), ...rest.map(line)].join("\n");
}

/** One safe line; a backtick cannot end the code it stands in. */
function text(value: string): string {
  return plainLine(value, 300).replaceAll("`", "'");
}
