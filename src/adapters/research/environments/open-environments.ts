import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { digestOfValue } from "../../../domain/digest.ts";
import type { EnvironmentWish } from "../../../domain/research/environment.ts";
import {
  ENVIRONMENT,
  type InstallRequest,
  installPlanOf,
  lockOfPipReport,
  PREFIX,
} from "../../../domain/research/install-commands.ts";
import { tailOf, troubleIn } from "../../../domain/research/install-output.ts";
import { InterpreterLook, interpreterProblems } from "../../../domain/research/interpreter-look.ts";
import type { Mount, SandboxLimits, SandboxResult } from "../../../domain/sandbox-job.ts";
import { StepFailure } from "../../../domain/step-failure.ts";
import type { Sandbox } from "../../../engine/ports.ts";
import { runOwnProgram } from "../python-program.ts";
import { findTool, type Tool } from "./find-tool.ts";
import { LOOK_PROGRAM } from "./look-program.ts";

export interface EnvironmentRoom {
  readonly sandbox: Sandbox;
  /** Folder that environments are kept in. */
  readonly cacheDir: string;
  limits(seconds: number): SandboxLimits;
  /** Longest installation, in seconds. */
  readonly installSeconds: number;
  /** Proxies, certificates and indexes: what an installer is given of this process's environment. */
  readonly installEnvironment: Readonly<Record<string, string>>;
  /** PATH of this process: where conda, micromamba and uv are looked for. */
  readonly path: string;
}

/** An installation that stands, one that failed for others to answer, or one for which this machine lacks a program. */
export type Installation =
  | { readonly kind: "ready"; readonly folder: string; readonly lock: string; readonly look: InterpreterLook }
  | { readonly kind: "failed"; readonly command: string; readonly output: string }
  | { readonly kind: "missing"; readonly message: string };

const DONE = "installed.json";

/** What an interpreter that somebody installed says of itself; undefined when there is none that can be started. */
export async function lookAtInterpreter(
  wish: Pick<EnvironmentWish, "interpreter" | "python" | "packages">,
  room: EnvironmentRoom,
): Promise<InterpreterLook | undefined> {
  const candidates = wish.interpreter === undefined ? ["python3", "/usr/bin/python3", "python"] : [wish.interpreter];
  let best: { readonly look: InterpreterLook; readonly problems: number } | undefined;
  for (const candidate of candidates) {
    const look = await lookWith({ argv: [candidate], mounts: [], env: environmentOf(room, []) }, room);
    if (look === undefined) continue;
    const problems = interpreterProblems(wish, look).length;
    if (problems === 0) return look;
    if (best === undefined || problems < best.problems) best = { look, problems };
  }
  return best?.look;
}

async function lookWith(
  interpreter: Parameters<typeof runOwnProgram>[1],
  room: EnvironmentRoom,
): Promise<InterpreterLook | undefined> {
  const printed = await runOwnProgram(LOOK_PROGRAM, interpreter, { sandbox: room.sandbox, limits: room.limits(60) });
  return printed.kind === "printed" ? InterpreterLook.parse(printed.value) : undefined;
}

function environmentOf(room: EnvironmentRoom, first: readonly string[]): Record<string, string> {
  return {
    PATH: [...first, room.path].join(":"),
    HOME: "/tmp",
    TMPDIR: "/tmp",
    LANG: "C.UTF-8",
    TZ: "UTC",
    NO_COLOR: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONNOUSERSITE: "1",
  };
}

/**
 * Makes the environment inside the sandbox, with a network, unless it is there already.
 * @throws StepFailure `install-failed` (retry) when no index answers, `disk-full`
 */
export async function install(request: InstallRequest, room: EnvironmentRoom): Promise<Installation> {
  const tool = await findTool(request.kind, room.path);
  if (tool === undefined) return { kind: "missing", message: missingTool(request.kind) };
  const digest = digestOfValue({
    request,
    sandbox: room.sandbox.name,
    platform: `${process.platform}-${process.arch}`,
  });
  const folder = join(room.cacheDir, digest.slice(0, 32));
  const kept = await readFile(join(folder, DONE), "utf8").catch(() => undefined);
  if (kept !== undefined) return { kind: "ready", folder, ...(JSON.parse(kept) as Kept) };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const made = await make(request, { folder, tool }, room).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  if (made.kind !== "ready") await rm(folder, { recursive: true, force: true });
  else await writeFile(join(folder, DONE), JSON.stringify({ lock: made.lock, look: made.look }));
  return made;
}

interface Kept {
  readonly lock: string;
  readonly look: InterpreterLook;
}

interface Making {
  readonly folder: string;
  readonly tool: Tool;
}

async function make(request: InstallRequest, making: Making, room: EnvironmentRoom): Promise<Installation> {
  const plan = installPlanOf(request);
  for (const { name, text } of plan.files) await writeFile(join(making.folder, name), text);
  let printed = "";
  for (const command of plan.commands) {
    const result = await runInstaller(command, making, room);
    const output = tailOf(`${result.stdout}\n${result.stderr}`, 3000);
    if (result.ended !== "exited" || result.exitCode !== 0) return failed(command, result, output);
    printed = result.stdout;
  }
  const mounts: readonly Mount[] = [{ source: making.folder, target: ENVIRONMENT, access: "read" }];
  const interpreter = { argv: [`${PREFIX}/bin/python`], mounts, env: environmentOf(room, [`${PREFIX}/bin`]) };
  const look = await lookWith(interpreter, room);
  if (look === undefined) return { kind: "failed", command: `${PREFIX}/bin/python`, output: "it cannot be started" };
  // Conda's names are not PyPI's: what it says that it has made is its own matter.
  const isConda = request.kind === "conda" || request.kind === "micromamba";
  const problems = interpreterProblems(isConda ? { ...request, packages: {} } : request, look);
  if (problems.length > 0) return { kind: "failed", command: plan.commands.at(-1) ?? "", output: problems.join("\n") };
  return { kind: "ready", folder: making.folder, lock: await lockOf(request, printed, making), look };
}

async function lockOf(request: InstallRequest, printed: string, { folder }: Making): Promise<string> {
  const { lock } = installPlanOf(request);
  switch (lock.kind) {
    case "given":
      return request.lock ?? "";
    case "printed":
      return printed;
    case "file":
      return readFile(join(folder, lock.name), "utf8");
    case "pip-report":
      return lockOfPipReport(await readFile(join(folder, lock.name), "utf8"));
  }
}

function runInstaller(command: string, { folder, tool }: Making, room: EnvironmentRoom): Promise<SandboxResult> {
  return room.sandbox.run({
    argv: ["sh", "-c", command],
    cwd: ENVIRONMENT,
    mounts: [{ source: folder, target: ENVIRONMENT, access: "write" }, ...tool.mounts],
    env: {
      ...room.installEnvironment,
      ...environmentOf(room, [`${PREFIX}/bin`, ...(tool.folder === undefined ? [] : [tool.folder])]),
      MAMBA_ROOT_PREFIX: "/tmp/mamba",
      CONDA_PKGS_DIRS: "/tmp/packages",
      UV_CACHE_DIR: "/tmp/uv",
      PIP_NO_CACHE_DIR: "1",
      // The step itself is tried again.
      PIP_RETRIES: "1",
    },
    network: true,
    limits: room.limits(room.installSeconds),
  });
}

function failed(command: string, result: SandboxResult, output: string): Installation {
  const how = result.ended === "exited" ? `exit code ${result.exitCode}` : result.ended;
  const said = `\`${command}\` failed (${how}):\n${output}`;
  switch (troubleIn(result.exitCode, output)) {
    case "network":
      throw new StepFailure(said, {
        code: "install-failed",
        remedy: "retry",
        hint: "The package index could not be reached: check the network, the proxy and the index's address, then resume.",
      });
    case "disk":
      throw new StepFailure(said, {
        code: "disk-full",
        remedy: "ask",
        hint: "Make room on the disk of .millwright/cache, or raise limits.diskMegabytes, then resume.",
      });
    case "program":
      return { kind: "missing", message: said };
    case "packages":
      return { kind: "failed", command, output: result.ended === "exited" ? output : `${result.ended}\n${output}` };
  }
}

function missingTool(kind: InstallRequest["kind"]): string {
  return `The plan's environment is of kind ${kind}, and no program \`${kind}\` is on the PATH. Install it (${HOW_TO_GET[kind]}), or write another kind (venv, system).`;
}

const HOW_TO_GET: Readonly<Record<InstallRequest["kind"], string>> = {
  conda: "Miniforge or Miniconda",
  micromamba: "the one program of a micromamba release",
  uv: "pipx install uv, or the one program of a uv release",
  venv: "the system's package python3-venv",
};

/** Where Python runs once an environment stands: the folder that is mounted, the interpreter and its variables. */
export function interpreterIn(
  installed: { readonly folder: string | undefined; readonly look: InterpreterLook },
  room: EnvironmentRoom,
): {
  readonly argv: readonly string[];
  readonly mounts: readonly Mount[];
  readonly env: Readonly<Record<string, string>>;
} {
  const { folder, look } = installed;
  const program = folder === undefined ? look.executable : `${PREFIX}/bin/python`;
  const mounts: readonly Mount[] =
    folder === undefined ? [] : [{ source: folder, target: ENVIRONMENT, access: "read" }];
  return { argv: [program], mounts, env: { ...environmentOf(room, [dirname(program)]), PYTHONHASHSEED: "0" } };
}
