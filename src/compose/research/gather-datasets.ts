import { copyFile, mkdir, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { checksum, fetchDataset, gatherDatasets } from "../../adapters/research/datasets/open-datasets.ts";
import { runLimits } from "../../adapters/toolchain/run-environment.ts";
import { digestOfValue } from "../../domain/digest.ts";
import type { DatasetWish } from "../../domain/research/dataset.ts";
import { FetchedDataset } from "../../domain/research/environment-report.ts";
import { tailOf } from "../../domain/research/install-output.ts";
import type { PythonWorld } from "../../domain/research/stage.ts";
import type { Mount } from "../../domain/sandbox-job.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import { step } from "../../engine/step.ts";
import { CHANGED_PLAN } from "./anew.ts";
import { datasetRoom } from "./environment-room.ts";
import type { StageWork } from "./world.ts";

const INSIDE = "/datasets";

/** The datasets of a plan, in one read-only folder. */
export interface DatasetShelf {
  readonly datasets: readonly FetchedDataset[];
  readonly mounts: readonly Mount[];
  readonly env: Readonly<Record<string, string>>;
}

type Interpreter = Pick<PythonWorld, "argv" | "mounts" | "env">;

/** Fetches and prepares every dataset. @throws StepFailure `environment` with all that is wrong at once */
export async function gatheredDatasets(interpreter: Interpreter, work: StageWork): Promise<DatasetShelf> {
  const wishes = work.design.datasets;
  if (wishes.length === 0) return { datasets: [], mounts: [], env: {} };
  const shape = z.object({ folder: z.string(), datasets: z.array(FetchedDataset) });
  const { folder, datasets } = await step(work.context.ports, { key: `${work.key}/datasets`, shape }, () =>
    gather(wishes, interpreter, work),
  );
  return {
    datasets,
    mounts: [{ source: folder, target: INSIDE, access: "read" }],
    env: { MILLWRIGHT_DATASETS: INSIDE },
  };
}

async function gather(wishes: readonly DatasetWish[], interpreter: Interpreter, work: StageWork) {
  const exported = await work.exportTo();
  const room = datasetRoom(exported.folder, work);
  const files: { name: string; path: string; sha256: string }[] = [];
  const datasets: FetchedDataset[] = [];
  const problems: string[] = [];
  try {
    for (const wish of wishes) {
      work.context.ports.glimpse({ kind: "doing", task: "environment", what: `fetches ${wish.name}` });
      const fetched = await fetchDataset(wish, room);
      const file =
        fetched.kind === "there"
          ? await prepared(wish, fetched.path, interpreter, { work, dir: room.cacheDir })
          : fetched;
      if ("message" in file) problems.push(file.message);
      else {
        const { name, source, sha256, bytes, licence } = wish;
        files.push({ name, path: file.path, sha256: file.prepared ?? sha256 });
        datasets.push({ name, source, sha256, bytes, licence, ...(file.prepared ? { prepared: file.prepared } : {}) });
      }
    }
  } finally {
    await exported.remove();
  }
  if (problems.length === 0) return { folder: await gatherDatasets(files, room.cacheDir), datasets };
  const hint = `Mend what each message names and resume; ${CHANGED_PLAN}.`;
  throw new StepFailure(problems.join("\n"), { code: "environment", remedy: "ask", hint });
}

type Prepared = { readonly path: string; readonly prepared?: string } | { readonly message: string };

interface Shelf {
  readonly work: StageWork;
  readonly dir: string;
}

/** What the plan's own command makes of a file, in the sandbox, once for file, command and interpreter. */
async function prepared(
  wish: DatasetWish,
  raw: string,
  interpreter: Interpreter,
  { work, dir }: Shelf,
): Promise<Prepared> {
  if (wish.prepare === undefined) return { path: raw };
  const { run, sha256 } = wish.prepare;
  const key = digestOfValue({ raw: wish.sha256, run, tree: work.tree, python: interpreter.argv }).slice(0, 32);
  const path = join(dir, "prepared", key, wish.name);
  if ((await stat(path).catch(() => undefined)) === undefined) {
    const message = await prepare({ run, raw, to: path }, interpreter, work);
    if (message !== undefined) return { message: `Dataset ${wish.name}: ${message}` };
  }
  const found = await checksum(path);
  if (sha256 === undefined || sha256 === found) return { path, prepared: found };
  return {
    message: `Dataset ${wish.name}: \`${run}\` made a file with the checksum ${found}, the plan says ${sha256}. Correct prepare.sha256 if the command is right.`,
  };
}

interface Preparing {
  readonly run: string;
  readonly raw: string;
  readonly to: string;
}

async function prepare(
  { run, raw, to }: Preparing,
  interpreter: Interpreter,
  work: StageWork,
): Promise<string | undefined> {
  const [exported, out] = [await work.exportTo(), await mkdtemp(join(tmpdir(), "millwright-prepare-"))];
  try {
    const made = join(out, "prepared");
    await writeFile(made, "");
    const result = await work.sandbox.run({
      argv: ["sh", "-c", run],
      cwd: "/project",
      mounts: [
        ...interpreter.mounts,
        { source: exported.folder, target: "/project", access: "read" },
        { source: raw, target: "/raw", access: "read" },
        { source: out, target: "/out", access: "write" },
      ],
      env: { ...interpreter.env, RAW: "/raw", PREPARED: "/out/prepared", TMPDIR: "/out", HOME: "/out" },
      network: false,
      limits: runLimits(work.context.config, work.design.limits.seconds),
    });
    const said = tailOf(`${result.stdout}\n${result.stderr}`, 1500);
    if (result.ended !== "exited" || result.exitCode !== 0)
      return `\`${run}\` failed (${result.exitCode ?? result.ended}): ${said}`;
    if ((await stat(made)).size === 0) return `\`${run}\` wrote nothing to the file that PREPARED names. ${said}`;
    await mkdir(dirname(to), { recursive: true });
    await copyFile(made, `${to}.part`);
    await rename(`${to}.part`, to);
    return undefined;
  } finally {
    await exported.remove();
    await rm(out, { recursive: true, force: true });
  }
}
