import { lookAtAccelerator } from "../../adapters/research/accelerator/look-at-accelerator.ts";
import { type EnvironmentRoom, interpreterIn } from "../../adapters/research/environments/open-environments.ts";
import {
  Accelerator,
  type AcceleratorWish,
  acceleratorText,
  chooseAccelerator,
} from "../../domain/research/accelerator.ts";
import {
  configYaml,
  type EnvironmentReport,
  environmentDigest,
  environmentYaml,
  missingFolders,
} from "../../domain/research/environment-report.ts";
import type { PythonWorld, StageFile } from "../../domain/research/stage.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import { step } from "../../engine/step.ts";
import { CHANGED_PLAN } from "./anew.ts";
import { environmentRoom } from "./environment-room.ts";
import { type DatasetShelf, gatheredDatasets } from "./gather-datasets.ts";
import { LOCK_PATH, type Ready, readyEnvironment } from "./install-environment.ts";
import type { Stage, StageWork } from "./world.ts";

/**
 * Makes the Python that everything later runs in: installed or found, locked, with its datasets and what it computes on;
 * and the folders of the project.
 * @throws StepFailure `environment`, `install-failed`, `disk-full`: what a person has to mend
 */
export const environmentStage: Stage = async (work) => {
  const room = environmentRoom(work);
  const ready = await readyEnvironment(work, room);
  const interpreter = interpreterIn(ready, room);
  const accelerator = await acceleratorOf(interpreter, work, room);
  const shelf = await gatheredDatasets(interpreter, work);
  const { kind } = work.design.environment;
  const digest = environmentDigest({ kind, lock: ready.lock, look: ready.look }, shelf.datasets);
  const python: PythonWorld = {
    argv: interpreter.argv,
    mounts: interpreter.mounts,
    env: { ...interpreter.env, ...shelf.env, MILLWRIGHT_DEVICE: accelerator.device },
    digest,
    accelerator,
    datasets: shelf.mounts,
  };
  const report = reportOf({ ready, shelf, accelerator, digest }, work);
  return {
    kind: "passed",
    summary: summaryOf(report),
    files: await filesOf(report, ready, work),
    report: JSON.parse(JSON.stringify(report)),
    python,
  };
};

/** A training that names a GPU wants one, whatever the environment says. */
function acceleratorWish({ design }: StageWork): AcceleratorWish {
  const wish = design.environment.accelerator;
  const device = design.training.device;
  return typeof device === "string" && /^(?:cuda|gpu)/i.test(device) ? { ...wish, device: "cuda" } : wish;
}

async function acceleratorOf(
  interpreter: Pick<PythonWorld, "argv" | "mounts" | "env">,
  work: StageWork,
  room: EnvironmentRoom,
): Promise<Accelerator> {
  const { ports } = work.context;
  return step(ports, { key: `${work.key}/accelerator`, shape: Accelerator }, async () => {
    const wish = acceleratorWish(work);
    const look = await lookAtAccelerator(wish, { ...room, limits: room.limits(120), interpreter });
    const chosen = chooseAccelerator(wish, look);
    if (chosen.kind === "chosen") return chosen.accelerator;
    const hint = `Resume where the GPU is; ${CHANGED_PLAN}.`;
    throw new StepFailure(chosen.message, { code: "environment", remedy: "ask", hint });
  });
}

interface Found {
  readonly ready: Ready;
  readonly shelf: DatasetShelf;
  readonly accelerator: Accelerator;
  readonly digest: string;
}

function reportOf({ ready, shelf, accelerator, digest }: Found, { design, sandbox }: StageWork): EnvironmentReport {
  const { python, implementation, platform } = ready.look;
  const unsafe = sandbox.isolated
    ? []
    : ["The sandbox is `none`: nothing keeps programs from the network or from other files."];
  const hashless =
    design.environment.kind === "system" ? ["Packages of the system: versions are locked, hashes are not known."] : [];
  const standIn = accelerator.fallback === undefined ? [] : [`No GPU: ${accelerator.fallback}.`];
  return {
    kind: design.environment.kind,
    digest,
    sandbox: sandbox.name,
    python,
    implementation,
    platform,
    accelerator,
    changes: [...ready.changes],
    datasets: [...shelf.datasets],
    lock: LOCK_PATH,
    notes: [...standIn, ...hashless, ...unsafe],
  };
}

function summaryOf({ kind, python, accelerator, datasets, digest, changes }: EnvironmentReport): string {
  const changed = changes.length === 0 ? "" : `; changed on the way: ${changes.join("; ")}`;
  return `Python ${python} (${kind}), ${acceleratorText(accelerator)}, ${datasets.length} datasets, environment ${digest.slice(0, 12)}${changed}`;
}

async function filesOf(report: EnvironmentReport, ready: Ready, work: StageWork): Promise<readonly StageFile[]> {
  const { git } = work.context.ports.repository(undefined);
  const paths = (await git.list(work.tree)).map((file) => file.path);
  return [
    { path: LOCK_PATH, text: ready.lock },
    { path: "logs/environment.yaml", text: environmentYaml(report) },
    { path: "experiments/exp-001/config.yaml", text: configYaml(work.design, report.accelerator) },
    ...missingFolders(
      paths,
      work.design.tasks.flatMap(({ files }) => files),
    ),
  ];
}
