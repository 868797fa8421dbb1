import { randomBytes } from "node:crypto";
import type { Limits } from "../../../domain/limits.ts";
import type { MeasureName, Probed } from "../../../domain/research/measures.ts";
import type { Json, PythonWorld } from "../../../domain/research/stage.ts";
import { SUBJECT_NAMES } from "../../../domain/research/subject-contract.ts";
import type { Mount, SandboxResult } from "../../../domain/sandbox-job.ts";
import { StepFailure } from "../../../domain/step-failure.ts";
import type { Sandbox } from "../../../engine/ports.ts";
import { probeFolder } from "./probe-folder.ts";
import { readReport } from "./read-report.ts";

/** Where something of the experiment runs. */
export interface PythonPlace {
  readonly sandbox: Sandbox;
  readonly python: Pick<PythonWorld, "argv" | "mounts" | "env" | "datasets">;
  readonly limits: Pick<Limits, "memoryMegabytes" | "processes" | "outputMegabytes" | "diskMegabytes">;
  /** A clean export of the tree: shown read-only. */
  readonly folder: string;
  /** Absolute path of a folder that may be written. */
  readonly out: string;
  readonly seconds: number;
}

/** What the probes are asked to measure. */
export interface ProbeJob {
  /** Path of the subject's module in the repository. */
  readonly subject: string;
  readonly config: Readonly<Record<string, Json>>;
  readonly seed: number;
  /** Steps of the short training; even. */
  readonly steps: number;
  /** Steps at which the plan names a learning rate. */
  readonly rates: readonly string[];
  readonly seeds: readonly number[];
  /** Passes of warm-up that throughput leaves out. */
  readonly warmup: number;
  readonly device: "cpu" | "cuda";
  readonly measures: readonly MeasureName[];
  /** Python's hash seed: another one shows what hangs on the order of sets. */
  readonly hashSeed: string;
}

const TREE = "/target";
const OUT = "/report";
const PROBES = "/millwright";

/**
 * Measures the subject in the sandbox, on a read-only tree and without a network. The report is signed with a key that the
 * subject's code never sees, so what it prints, and how it ends, proves nothing.
 * @throws StepFailure `environment` when there is no torch or numpy
 */
export async function runProbes(job: ProbeJob, place: PythonPlace, signal?: AbortSignal): Promise<Probed> {
  const key = randomBytes(24).toString("hex");
  const { hashSeed, ...told } = job;
  const result = await runPython(
    {
      argv: [...place.python.argv, `${PROBES}/millwright_probe.py`, TREE, OUT],
      mounts: [{ source: probeFolder, target: PROBES, access: "read" }],
      env: { PYTHONHASHSEED: hashSeed },
      input: `${key}\n${JSON.stringify({ ...told, offers: SUBJECT_NAMES })}`,
    },
    place,
    signal,
  );
  const { lacking, ...report } = readReport(result.stdout, key);
  if (lacking !== undefined) throw lacksPackage(lacking);
  return { ...report, isWhole: report.isWhole && result.ended === "exited", ended: endOf(result) };
}

function lacksPackage(lacking: string): StepFailure {
  return new StepFailure(`The experiment cannot be probed: ${lacking}.`, {
    code: "environment",
    remedy: "ask",
    hint: "Name torch and numpy among environment.packages of design/plan.md, or write subject.framework: other and a command for each test.",
  });
}

interface PythonRun {
  readonly argv: readonly string[];
  readonly mounts?: readonly Mount[];
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Runs something of the experiment where the tree is at `/target`, read-only, and `/report` can be written. */
export function runPython(run: PythonRun, place: PythonPlace, signal?: AbortSignal): Promise<SandboxResult> {
  const { memoryMegabytes, processes, outputMegabytes, diskMegabytes } = place.limits;
  return place.sandbox.run(
    {
      argv: run.argv,
      cwd: TREE,
      mounts: [
        ...worldMounts(place.python),
        { source: place.folder, target: TREE, access: "read" },
        { source: place.out, target: OUT, access: "write" },
        ...(run.mounts ?? []),
      ],
      env: {
        ...place.python.env,
        PYTHONDONTWRITEBYTECODE: "1",
        PYTHONHASHSEED: "0",
        TMPDIR: OUT,
        MILLWRIGHT_OUT: OUT,
        ...run.env,
      },
      network: false,
      limits: { seconds: place.seconds, memoryMegabytes, processes, outputMegabytes, diskMegabytes },
      ...(run.input === undefined ? {} : { input: run.input }),
    },
    signal,
  );
}

/** The environment and the datasets, each place once. */
function worldMounts({ mounts, datasets }: PythonPlace["python"]): readonly Mount[] {
  const known = new Set(mounts.map(({ target }) => target));
  return [...mounts, ...datasets.filter(({ target }) => !known.has(target))];
}

function endOf({ ended, exitCode, stderr }: SandboxResult): string {
  const how = ended === "exited" ? `exit code ${exitCode}` : `ended by ${ended}`;
  return `${how}${stderr.trim() === "" ? "" : `: ${stderr.trim().slice(-1500)}`}`;
}
