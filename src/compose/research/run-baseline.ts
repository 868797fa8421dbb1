import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runGit } from "../../adapters/git/system/git-program.ts";
import { type CloneRoom, checkOut, clone } from "../../adapters/research/clones/open-clones.ts";
import { installEnvironment, runLimits } from "../../adapters/toolchain/run-environment.ts";
import type { Baseline } from "../../domain/research/baseline.ts";
import { type BaselineTrial, failedTrial } from "../../domain/research/baseline-trial.ts";
import { tailOf, triedNetwork } from "../../domain/research/install-output.ts";
import { measuredIn } from "../../domain/research/measured.ts";
import type { Mount, SandboxResult } from "../../domain/sandbox-job.ts";
import { datasetRoom } from "./environment-room.ts";
import type { StageWork } from "./world.ts";

const ANY_CODE = Array.from({ length: 256 }, (_, code) => code);

/** Where clones are made and kept. */
export function cloneRoom(work: StageWork): CloneRoom {
  const proxies = Object.entries(installEnvironment()).filter(([name]) => /_proxy$/i.test(name));
  return {
    cacheDir: join(work.stateDir, "cache", "baselines"),
    root: work.root,
    refusedAddress: datasetRoom("", work).refusedAddress,
    git: (args, { cwd, variables, input }) =>
      runGit({ cwd, variables: { ...Object.fromEntries(proxies), ...variables } }, args, {
        answers: ANY_CODE,
        ...(input === undefined ? {} : { input }),
      }),
  };
}

/** A baseline whose design says that it can be run. */
export type Runnable = Baseline & { readonly source: string; readonly commit: string; readonly command: string };

/** Clones, patches, installs and runs a baseline once, without a network; every way to fail is a value. */
export async function tryBaseline(
  baseline: Runnable,
  patch: string | undefined,
  work: StageWork,
): Promise<BaselineTrial> {
  const room = cloneRoom(work);
  const cloned = await clone(baseline, room);
  if (cloned.kind !== "there") return failedTrial(cloned.kind, cloned.why);
  const files = await checkOut(cloned.dir, { commit: baseline.commit, patch }, room);
  if (files.kind === "patch-fails") return failedTrial("patch-fails", files.why);
  const [project, out] = [await work.exportTo(), await mkdtemp(join(tmpdir(), "millwright-out-"))];
  try {
    return await run(baseline, { clone: files.folder, project: project.folder, out }, work);
  } finally {
    await Promise.all([files.remove(), project.remove(), rm(out, { recursive: true, force: true })]);
  }
}

interface Folders {
  readonly clone: string;
  readonly project: string;
  readonly out: string;
}

async function run(baseline: Runnable, folders: Folders, work: StageWork): Promise<BaselineTrial> {
  const notes: string[] = work.sandbox.isolated ? [] : ["the sandbox is `none`: its network was not taken away"];
  if (baseline.install !== undefined) {
    const installed = await inSandbox(baseline.install, { folders, access: "write", baseline }, work);
    const output = tailOf(`${installed.stdout}\n${installed.stderr}`, 2000);
    if (triedNetwork(output)) notes.push("its installer tried the network, which it is not given");
    if (installed.ended !== "exited" || installed.exitCode !== 0)
      return { ...failedTrial("install-failed", installTrouble(baseline.install, installed, output), output), notes };
  }
  const result = await inSandbox(baseline.command, { folders, access: "read", baseline }, work);
  const output = tailOf(`${result.stdout}\n${result.stderr}`, 3000);
  if (result.ended === "exited" && result.exitCode === 0)
    return { outcome: "ran", why: "", output, measured: measuredIn(result.stdout), seconds: result.seconds, notes };
  const why = `\`${baseline.command}\` failed (${howEnded(result, "command")})${triedNetwork(output) ? "; it tried the network, which it is not given" : ""}: ${tailOf(output, 600)}`;
  return { ...failedTrial("command-failed", why, output), seconds: result.seconds, notes };
}

function installTrouble(install: string, result: SandboxResult, output: string): string {
  const hint = triedNetwork(output)
    ? " It tried the network, which no baseline is given: put what it needs into environment.packages of the plan."
    : "";
  return `The installer \`${install}\` failed (${howEnded(result, "installer")}).${hint} ${tailOf(output, 600)}`;
}

/** How it ended, and which limit it met. */
function howEnded({ ended, exitCode, seconds }: SandboxResult, what: "command" | "installer"): string {
  if (ended === "exited") return `exit code ${exitCode}`;
  if (ended === "timeout")
    return `not done after ${Math.round(seconds)} s; \`seconds\` of this baseline gives its ${what} longer`;
  return ended === "signal" ? "ended by a signal" : `more ${ended} than limits.${ended}Megabytes`;
}

interface Place {
  readonly folders: Folders;
  /** The installer may write into its own copy of the clone; the command may not. */
  readonly access: Mount["access"];
  readonly baseline: Runnable;
}

function inSandbox(command: string, { folders, access, baseline }: Place, work: StageWork): Promise<SandboxResult> {
  const { argv, mounts, env, datasets } = work.python();
  const { config } = work.context;
  const [python = "python3"] = argv;
  return work.sandbox.run(
    {
      argv: ["sh", "-c", command.replaceAll("{python}", '"$PYTHON"')],
      cwd: "/baseline",
      mounts: [
        ...mounts,
        ...datasets,
        { source: folders.clone, target: "/baseline", access },
        { source: folders.project, target: "/project", access: "read" },
        { source: folders.out, target: "/out", access: "write" },
      ],
      env: {
        ...env,
        PATH: `${dirname(python)}:${env.PATH ?? "/usr/bin:/bin"}`,
        PYTHON: python,
        PROJECT: "/project",
        OUT: "/out",
        HOME: "/out",
        TMPDIR: "/out",
      },
      network: false,
      limits: runLimits(config, baseline.seconds ?? config.limits.commandSeconds),
    },
    work.context.ports.signal,
  );
}
