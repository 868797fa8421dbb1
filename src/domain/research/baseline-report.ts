import { stringify } from "yaml";
import { z } from "zod";
import { deviationText, Tolerance, toleranceText } from "./tolerance.ts";

/** A reported number beside the one that the mill measured. */
export const ComparedMetric = z.strictObject({
  name: z.string(),
  reported: z.number(),
  /** Absent: nothing usable was measured. */
  measured: z.number().optional(),
  tolerance: Tolerance,
  /** Relative to what is reported, with its sign; absent where 0 is reported or nothing was measured. */
  deviation: z.number().optional(),
  within: z.boolean(),
  /** Why there is no number. */
  problem: z.string().optional(),
});
export type ComparedMetric = z.infer<typeof ComparedMetric>;

export const BASELINE_DECISIONS = ["use-as-is", "replace"] as const;

/** What became of one baseline. */
export const BaselineResult = z.strictObject({
  name: z.string(),
  paper: z.string(),
  /** `flagged`: it ran, and not all of its numbers are within tolerance; `failed`: it gave no numbers. */
  status: z.enum(["reproduced", "flagged", "failed", "no-code"]),
  source: z.string().optional(),
  commit: z.string().optional(),
  command: z.string().optional(),
  /** Path of the patch that was applied, and whose it is. */
  patch: z.strictObject({ path: z.string(), by: z.enum(["design", "coder"]) }).optional(),
  metrics: z.array(ComparedMetric),
  seconds: z.number().nonnegative().optional(),
  /** Why it failed or was left aside. */
  problem: z.string().optional(),
  /** The orchestrator's word about a baseline that was not reproduced. */
  decision: z.enum(BASELINE_DECISIONS).optional(),
  reason: z.string().optional(),
  notes: z.array(z.string()),
});
export type BaselineResult = z.infer<typeof BaselineResult>;

/** `baselines/report.yaml`. */
export const BaselinesReport = z.strictObject({
  /** Digest of interpreter, packages and datasets. */
  environment: z.string(),
  hardware: z.string(),
  baselines: z.array(BaselineResult),
});
export type BaselinesReport = z.infer<typeof BaselinesReport>;

const Compared = z.object({ baselines: z.array(BaselineResult) });

/** The baselines in what their stage has reported; none where it has reported none. */
export function comparedIn(report: unknown): readonly BaselineResult[] {
  const parsed = Compared.safeParse(report);
  return parsed.success ? parsed.data.baselines : [];
}

/** Every metric of the baseline, compared with what was measured; a missing, NaN or infinite number is named as such. */
export function baselinesYaml(report: BaselinesReport): string {
  return `# Written by millwright: measured, not reported.\n${stringify(JSON.parse(JSON.stringify(report)), { lineWidth: 0 })}`;
}

/** The report for people. */
export function baselinesMarkdown({ environment, hardware, baselines }: BaselinesReport): string {
  const sections = baselines.map(sectionOf);
  const head = ["# Baselines", "", `Run on ${hardware}; environment ${environment.slice(0, 12)}.`, ""];
  return [...head, ...(sections.length > 0 ? sections : ["The design names no baselines.", ""])].join("\n");
}

const STATUS = {
  reproduced: "reproduced within tolerance",
  flagged: "NOT reproduced within tolerance",
  failed: "gave no numbers",
  "no-code": "no code is available; it is deprioritised and was not run",
} as const;

function sectionOf(result: BaselineResult): string {
  const { name, paper, status, source, commit, command, patch, problem, decision, reason, notes } = result;
  const rows = result.metrics.map((metric) => `| ${cellsOf(metric).join(" | ")} |`);
  const table =
    rows.length === 0
      ? []
      : ["| metric | reported | measured | deviation | tolerance | |", "|---|---|---|---|---|---|", ...rows, ""];
  const lines = [
    source === undefined ? "" : `- Source: ${source} at ${commit ?? "no commit"}`,
    command === undefined ? "" : `- Command: \`${command}\``,
    patch === undefined
      ? ""
      : `- Patch: ${patch.path}, ${patch.by === "design" ? "given by the design" : "proposed by the coder"}`,
    problem === undefined ? "" : `- Problem: ${oneLine(problem)}`,
    decision === undefined ? "" : `- The orchestrator decided: **${decision}**. ${oneLine(reason ?? "")}`,
    ...notes.map((note) => `- ${oneLine(note)}`),
  ].filter((line) => line !== "");
  return [`## ${name}: ${STATUS[status]}`, "", oneLine(paper), "", ...table, ...lines, ""].join("\n");
}

function cellsOf({ name, reported, measured, tolerance, within }: ComparedMetric): readonly string[] {
  if (measured === undefined) return [name, String(reported), "-", "-", toleranceText(tolerance), "no number"];
  const absolute = measured - reported;
  const relative = reported === 0 ? undefined : absolute / Math.abs(reported);
  const deviation = deviationText({ kind: "within", relative, absolute });
  return [name, String(reported), rounded(measured), deviation, toleranceText(tolerance), within ? "ok" : "flagged"];
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("|", "\\|").trim();
}
