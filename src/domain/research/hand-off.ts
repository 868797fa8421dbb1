import { type Accelerator, acceleratorText } from "./accelerator.ts";
import type { BaselineResult } from "./baseline-report.ts";
import { besideBaselines } from "./beside-baselines.ts";
import { type Check, shown, type UnseenCheck } from "./check.ts";
import type { Design } from "./design.ts";
import { datasetWords, metricCommands, runLines } from "./hand-off-run.ts";
import { LOSS_TEST } from "./loss-falls.ts";
import type { ResultNumber } from "./results.ts";

/** What the next stage, the training itself, is handed over. */
export interface HandOff {
  readonly design: Pick<
    Design,
    "name" | "title" | "training" | "seeds" | "subject" | "metrics" | "environment" | "datasets"
  >;
  readonly commit: string;
  readonly environment: string;
  readonly hardware: Accelerator;
  readonly numbers: readonly ResultNumber[];
  readonly checks: readonly Check[];
  /** Checks that nothing could look at. */
  readonly unseen: readonly UnseenCheck[];
  readonly baselines: readonly BaselineResult[];
  /** Seconds that the short training took; undefined where the mill did not train. */
  readonly seconds: number | undefined;
  /** Who reviewed the code, in words. */
  readonly reviewer: string | undefined;
  /** What the environment stage wants to be known. */
  readonly notes: readonly string[];
  /** Why nobody reviewed the code; undefined when somebody did. */
  readonly unreviewed: string | undefined;
  /** File names of the plots beside the page. */
  readonly plots: readonly string[];
}

/** One page: what runs, how, what is known to be wrong, what it will cost. */
export function handOffText(handOff: HandOff): string {
  const { design, numbers, baselines, plots } = handOff;
  return [
    `# ${design.title}: hand-off to the training`,
    "",
    ...runs(handOff),
    isProbed(design) ? "## Numbers of the short training" : "## Numbers",
    "",
    isProbed(design)
      ? `After ${design.subject.steps} of ${design.training.steps} steps: they show that the pipeline works, not how good the model is.`
      : "As the plan's own commands printed them, after whatever training these made.",
    "",
    "| metric | value | measured again by the mill | better |",
    "|---|---|---|---|",
    ...numbers.map(
      (one) =>
        `| ${one.metric}${one.of === undefined ? "" : ` (${one.of === "rss" ? "resident set" : "GPU"})`} | ${shown(one.value)} ${one.unit} | ${one.measured_again === undefined ? "-" : shown(one.measured_again)} | ${one.direction} |`,
    ),
    "",
    ...(baselines.length === 0 ? [] : ["## Baselines", "", ...beside(handOff), ...baselines.map(baselineLine), ""]),
    "## Known to be wrong, or not known",
    "",
    ...knownWrong(handOff).map((line) => `- ${line}`),
    "",
    "## What it will cost",
    "",
    ...cost(handOff).map((line) => `- ${line}`),
    ...(plots.length === 0 ? [] : ["", ...plots.map((plot) => `![${plot.replace(/\.svg$/, "")}](${plot})`)]),
    "",
  ].join("\n");
}

function isProbed({ subject }: HandOff["design"]): boolean {
  return subject.framework === "torch";
}

function runs({ design, commit, environment, hardware, checks, reviewer }: HandOff): readonly string[] {
  const { subject } = design;
  const passed = checks.filter(({ status }) => status === "pass").length;
  const how = isProbed(design)
    ? [
        "- Training and metrics, in the top folder of the repository and in an environment as `environment.lock` has it:",
        "",
        ...runLines(design),
        "",
        `- \`train\` of \`${subject.path}\` goes on from a checkpoint that \`load\` answers, as its \`state\`.`,
      ]
    : [
        "- Training: as the plan's body says: its framework is not probed.",
        `- Metrics, in the top folder of the repository${datasetWords(design)}: ${metricCommands(design)
          .map((command) => `\`${command}\``)
          .join(", ")}.`,
      ];
  return [
    "## What runs, and how",
    "",
    `- Code: commit ${commit.slice(0, 12)}; environment ${environment.slice(0, 12)}; ${acceleratorText(hardware)}.`,
    ...how,
    `- Checked: ${passed} of ${checks.length} checks passed (experiments/exp-001/checklist.yaml).${isProbed(design) ? ` The loss falls by this test: ${LOSS_TEST}.` : ""}`,
    ...(reviewer === undefined ? [] : [`- Reviewed by ${reviewer}.`]),
    "",
  ];
}

/** Our numbers beside the baselines', and whose is better. */
function beside({ design, numbers, baselines }: HandOff): readonly string[] {
  const rows = besideBaselines(numbers, baselines).map(({ metric, ours, baseline, theirs, of, better }) => {
    const direction = numbers.find((one) => one.metric === metric)?.direction ?? "";
    const words = { ours: "ours", theirs: `**${baseline}**`, neither: "neither" } as const;
    return `| ${metric} (${direction} is better) | ${shown(ours)} | ${baseline} | ${shown(theirs)} (${of}) | ${words[better]} |`;
  });
  if (rows.length === 0) return ["No number of ours is of a metric that a baseline has.", ""];
  const early = isProbed(design)
    ? [`Ours is after ${design.subject.steps} of ${design.training.steps} steps: not yet a comparison of models.`, ""]
    : [];
  return [...early, "| metric | ours | baseline | theirs | better |", "|---|---|---|---|---|", ...rows, ""];
}

const MOST_REASON = 300;

function baselineLine({ name, status, metrics, decision, reason }: BaselineResult): string {
  const told = metrics.map(
    (one) => `${one.name} ${one.measured === undefined ? "-" : shown(one.measured)} (reported ${shown(one.reported)})`,
  );
  const word = decision === undefined ? "" : ` Decided: ${decision}. ${short(reason ?? "")}`;
  return `- ${name}: ${status}; ${told.join(", ")}.${word}`.trimEnd();
}

function short(reason: string): string {
  const line = reason.replace(/\s+/g, " ").trim();
  return line.length <= MOST_REASON
    ? line
    : `${line.slice(0, MOST_REASON).trimEnd()} … (all of it: baselines/report.md)`;
}

function knownWrong(handOff: HandOff): readonly string[] {
  const { checks, unseen, baselines, hardware, unreviewed, design, notes, numbers } = handOff;
  const lines = [
    ...checks.filter(({ status }) => status !== "pass").map(({ name, detail }) => `${name}: ${detail}`),
    ...baselines
      .filter(({ status }) => status !== "reproduced")
      .map(
        ({ name, status, problem }) => `baseline ${name} is ${status}${problem === undefined ? "" : `: ${problem}`}`,
      ),
    ...(hardware.fallback === undefined ? [] : [`every number is ${hardware.fallback}`]),
    ...numbers.flatMap(scattered),
    ...notes,
    ...(unreviewed === undefined ? [] : [`nobody reviewed the code: ${unreviewed}`]),
    ...(isProbed(design)
      ? []
      : [
          "the checklist was believed by exit code alone, and numbers as they were printed",
          `not looked at, because only PyTorch is probed: ${unseen.map(({ name }) => name).join(", ")}`,
        ]),
    `what was looked at ran on one machine, for ${isProbed(design) ? "a short training" : "as long as the plan's commands took"}: long-run stability and scaling were not seen`,
  ];
  return lines.map((line) => line.replace(/\s+/g, " ").slice(0, 400));
}

/** A median that its repeats do not bear out. */
function scattered({ metric, median, spread }: ResultNumber): readonly string[] {
  if (median === undefined || spread === undefined || spread <= median / 4) return [];
  return [`${metric}: its repeats lie ${Math.round((100 * spread) / median)} % of the median apart: trust it little`];
}

function cost({ design, numbers, seconds }: HandOff): readonly string[] {
  const { training, seeds } = design;
  const memory = numbers.find(({ of }) => of !== undefined);
  const examples = training.steps * training.batch * training.accumulation;
  const tokens = typeof training.sequence === "number" ? examples * training.sequence : undefined;
  const times = [...timeByRate(tokens, design, numbers), ...timeByPace(seconds, design)];
  const unknown = ["Time: not estimated, for want of a throughput metric or of training.sequence."];
  const further = [...new Set(seeds)].filter((seed) => seed !== training.seed);
  return [
    `${training.steps} steps of ${training.batch * training.accumulation} examples: ${examples} examples${tokens === undefined ? "" : `, ${tokens} tokens`}.`,
    ...(times.length === 0 ? unknown : times),
    ...(further.length === 0 ? [] : [`The plan's further seeds (${further.join(", ")}) cost as much again, each.`]),
    memory === undefined
      ? "Memory: not measured."
      : `Memory: ${shown(memory.value)} ${memory.unit} (${memory.of === "rss" ? "resident set of the process" : "of the GPU"}).`,
  ];
}

function timeByRate(
  tokens: number | undefined,
  { metrics }: HandOff["design"],
  numbers: readonly ResultNumber[],
): readonly string[] {
  const speed = metrics.find(({ kind }) => kind === "throughput")?.name;
  const rate = numbers.find(({ metric }) => metric === speed);
  if (rate === undefined || tokens === undefined) return [];
  const spread = rate.spread === undefined ? "" : ` (spread ${shown(rate.spread)} around ${shown(rate.median)})`;
  return [
    `About ${duration(tokens / rate.value)} on this hardware, by the throughput above${spread}; evaluation and checkpoints not counted.`,
  ];
}

function timeByPace(seconds: number | undefined, { training, subject }: HandOff["design"]): readonly string[] {
  if (seconds === undefined) return [];
  const whole = duration((seconds * training.steps) / subject.steps);
  return [`About ${whole} by the pace of the short training, whose ${subject.steps} steps took ${shown(seconds)} s.`];
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${shown(Number((seconds / 3600).toPrecision(2)))} h`;
}
