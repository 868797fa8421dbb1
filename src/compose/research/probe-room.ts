import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ProbeJob, type PythonPlace, runProbes, runPython } from "../../adapters/research/probes/run-probes.ts";
import { measuredIn } from "../../domain/research/measured.ts";
import type { MeasureName, Probed } from "../../domain/research/measures.ts";
import { type CommandWords, filledCommand, type Metric } from "../../domain/research/metric.ts";
import type { MetricRun } from "../../domain/research/metric-values.ts";
import type { Json } from "../../domain/research/stage.ts";
import type { TrainingPromise } from "../../domain/research/training-checks.ts";
import type { StageWork } from "./world.ts";

/** A clean read-only export of the stage's tree, and a folder to write to, for as long as a stage looks. */
export interface ProbeRoom {
  readonly place: PythonPlace;
  /** Runs the probes; `hashSeed` is Python's. */
  probe(measures: readonly MeasureName[], config: ProbeJob["config"], hashSeed: string): Promise<Probed>;
  /** Runs each command of the metrics once, on the checkpoint that `keep` left. */
  metricRuns(metrics: readonly Metric[]): Promise<readonly MetricRun[]>;
  /** Runs a shell command in the tree, the words in braces filled in, and says how it ended. */
  command(command: string): Promise<CommandRun>;
  close(): Promise<void>;
}

/** How a shell command ended. */
interface CommandRun {
  /** As it was run. */
  readonly run: string;
  readonly isFine: boolean;
  readonly output: string;
  readonly ended: string;
}

/** What a look in a probe room came to; the room is cleared whatever happens. */
export async function inProbeRoom<Result>(
  work: StageWork,
  look: (room: ProbeRoom, work: StageWork) => Promise<Result>,
): Promise<Result> {
  const room = await openProbeRoom(work);
  try {
    return await look(room, work);
  } finally {
    await room.close();
  }
}

async function openProbeRoom(work: StageWork): Promise<ProbeRoom> {
  const { design, context, sandbox } = work;
  const { limits } = context.config;
  const python = work.python();
  const exported = await work.exportTo();
  const out = await mkdtemp(join(tmpdir(), "millwright-research-"));
  const place = { sandbox, python, limits, folder: exported.folder, out, seconds: design.limits.seconds };
  const { signal } = context.ports;
  await writeFile(join(out, "config.json"), JSON.stringify(configOf(design, "results")));
  const words = wordsOf(work);
  const shell = async (command: string): Promise<CommandRun> => {
    const run = filledCommand(command, words);
    const result = await runPython({ argv: ["sh", "-c", run] }, place, signal);
    const how = result.ended === "exited" ? `exit code ${result.exitCode}` : `ended by ${result.ended}`;
    const said = result.stderr.trim().slice(-600);
    const isFine = result.ended === "exited" && result.exitCode === 0;
    return { run, isFine, output: result.stdout, ended: said === "" || isFine ? how : `${how}: ${said}` };
  };
  return {
    place,
    probe: (measures, config, hashSeed) => runProbes({ ...jobOf(work), measures, config, hashSeed }, place, signal),
    metricRuns: (metrics) => metricRunsOf(metrics, shell),
    command: shell,
    async close() {
      await exported.remove();
      await rm(out, { recursive: true, force: true });
    },
  };
}

type Shell = ProbeRoom["command"];

function wordsOf({ design, python }: StageWork): CommandWords {
  return {
    python: python().argv.map(quoted).join(" "),
    checkpoint: "/report/checkpoint.pt",
    config: "/report/config.json",
    seed: String(design.training.seed),
  };
}

async function metricRunsOf(metrics: readonly Metric[], shell: Shell): Promise<readonly MetricRun[]> {
  const told = new Map<string, Omit<MetricRun, "metric">>();
  for (const { command } of metrics) {
    if (told.has(command)) continue;
    const { output, ended, isFine } = await shell(command);
    const said = isFine ? measuredIn(output) : ({ kind: "nothing", why: "it failed" } as const);
    told.set(command, { command, said, ended });
  }
  return metrics.flatMap((metric) => {
    const run = told.get(metric.command);
    return run ? [{ metric, ...run }] : [];
  });
}

function quoted(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function jobOf({ design, ...work }: StageWork): Omit<ProbeJob, "measures" | "config" | "hashSeed"> {
  const { subject, training, seeds } = design;
  return {
    subject: subject.path,
    seed: training.seed,
    steps: subject.steps,
    rates: Object.keys(training.learning_rates),
    seeds: [...new Set([training.seed, ...seeds])],
    warmup: subject.warmup,
    device: work.python().accelerator.device,
  };
}

/** What the plan promises of its training. */
export function promiseOf({ training, subject }: StageWork["design"]): TrainingPromise {
  const { accumulation, seed, learning_rates: rates } = training;
  return { steps: subject.steps, accumulation, seed, rates };
}

/** The plan's hyperparameters, as `experiments/exp-001/config.yaml` has them; with those of `probing` where it is probed. */
export function configOf({ training, subject }: StageWork["design"], use: "results" | "probing"): Record<string, Json> {
  const config = JSON.parse(JSON.stringify(training)) as Record<string, Json>;
  return use === "probing" ? { ...config, ...subject.probing } : config;
}
