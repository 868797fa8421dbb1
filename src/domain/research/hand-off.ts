import { type Accelerator, acceleratorText } from "./accelerator.ts";
import type { BaselineResult } from "./baseline-report.ts";
import { type Check, shown } from "./check.ts";
import type { Design } from "./design.ts";
import { LOSS_TEST } from "./loss-falls.ts";
import type { ResultNumber } from "./results.ts";

/** What the next stage, the training itself, is handed over. */
export interface HandOff {
  readonly design: Pick<Design, "name" | "title" | "training" | "subject" | "metrics">;
  readonly commit: string;
  readonly environment: string;
  readonly hardware: Accelerator;
  readonly numbers: readonly ResultNumber[];
  readonly checks: readonly Check[];
  readonly baselines: readonly BaselineResult[];
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
    "## Numbers of the short training",
    "",
    `After ${design.subject.steps} of ${design.training.steps} steps: they show that the pipeline works, not how good the model is.`,
    "",
    "| metric | value | measured again by the mill | better |",
    "|---|---|---|---|",
    ...numbers.map(
      (one) =>
        `| ${one.metric}${one.of === undefined ? "" : ` (${one.of === "rss" ? "resident set" : "GPU"})`} | ${shown(one.value)} ${one.unit} | ${one.measured_again === undefined ? "-" : shown(one.measured_again)} | ${one.direction} |`,
    ),
    "",
    ...(baselines.length === 0 ? [] : ["## Baselines", "", ...baselines.map(baselineLine), ""]),
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

function runs({ design, commit, environment, hardware, checks }: HandOff): readonly string[] {
  const passed = checks.filter(({ status }) => status === "pass").length;
  const how =
    design.subject.framework === "torch"
      ? `\`train(config, seed, steps=${design.training.steps}, out)\` of \`${design.subject.path}\`, with \`experiments/exp-001/config.yaml\` and seed ${design.training.seed}; \`load\` and \`state\` go on from a checkpoint.`
      : "as the plan's body says: its framework is not probed.";
  return [
    "## What runs, and how",
    "",
    `- Code: commit ${commit.slice(0, 12)}; environment ${environment.slice(0, 12)}; ${acceleratorText(hardware)}.`,
    `- Training: ${how}`,
    `- Metrics: ${[...new Set(design.metrics.map(({ command }) => `\`${command}\``))].join(", ")}.`,
    `- Checked: ${passed} of ${checks.length} checks passed (experiments/exp-001/checklist.yaml). The loss falls by this test: ${LOSS_TEST}.`,
    "",
  ];
}

function baselineLine({ name, status, metrics, decision, reason }: BaselineResult): string {
  const told = metrics.map(
    (one) => `${one.name} ${one.measured === undefined ? "-" : shown(one.measured)} (reported ${shown(one.reported)})`,
  );
  const word = decision === undefined ? "" : ` Decided: ${decision}. ${reason ?? ""}`;
  return `- ${name}: ${status}; ${told.join(", ")}.${word}`.trimEnd();
}

function knownWrong({ checks, baselines, hardware, unreviewed, design }: HandOff): readonly string[] {
  const lines = [
    ...checks.filter(({ status }) => status !== "pass").map(({ name, detail }) => `${name}: ${detail}`),
    ...baselines
      .filter(({ status }) => status !== "reproduced")
      .map(
        ({ name, status, problem }) => `baseline ${name} is ${status}${problem === undefined ? "" : `: ${problem}`}`,
      ),
    ...(hardware.fallback === undefined ? [] : [`every number is ${hardware.fallback}`]),
    ...(unreviewed === undefined ? [] : [`nobody reviewed the code: ${unreviewed}`]),
    ...(design.subject.framework === "other" ? ["the checklist was believed by exit code alone"] : []),
    "what was looked at ran on one machine, for a short training: long-run stability and scaling were not seen",
  ];
  return lines.map((line) => line.replace(/\s+/g, " ").slice(0, 300));
}

function cost({ design, numbers }: HandOff): readonly string[] {
  const { training, metrics } = design;
  const speed = metrics.find(({ kind }) => kind === "throughput")?.name;
  const rate = numbers.find(({ metric }) => metric === speed);
  const memory = numbers.find(({ of }) => of !== undefined);
  const examples = training.steps * training.batch * training.accumulation;
  const length = typeof training.sequence === "number" ? training.sequence : undefined;
  const seconds = rate === undefined || length === undefined ? undefined : (examples * length) / rate.value;
  return [
    `${training.steps} steps of ${training.batch * training.accumulation} examples: ${examples} examples${length === undefined ? "" : `, ${examples * length} tokens`}.`,
    seconds === undefined
      ? "Time: not estimated, for want of a throughput metric or of training.sequence."
      : `About ${duration(seconds)} on this hardware, by the throughput above${rate?.spread === undefined ? "" : ` (spread ${shown(rate.spread)} around ${shown(rate.median)})`}; evaluation and checkpoints not counted.`,
    memory === undefined
      ? "Memory: not measured."
      : `Memory: ${shown(memory.value)} ${memory.unit} (${memory.of === "rss" ? "resident set of the process" : "of the GPU"}).`,
  ];
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${shown(Number((seconds / 3600).toPrecision(2)))} h`;
}
