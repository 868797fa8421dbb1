import type { Mount, SandboxResult } from "../../../domain/sandbox-job.ts";
import type { Sandbox } from "../../../engine/ports.ts";
import { cannotRun } from "./cannot-run.ts";
import { type Ground, TOOL_LIMITS, toolEnvironment } from "./workspace.ts";

export interface ToolRun {
  /** Name and version for messages. */
  readonly tool: string;
  readonly argv: readonly string[];
  /** Folder inside the repository. */
  readonly folder: string;
  readonly mounts?: readonly Mount[];
  /** What it says when it looked and found nothing is never empty: a report. */
  readonly reports?: true;
  /** Exit codes that mean "it looked", with or without complaints. */
  readonly looked: readonly number[];
  readonly hint: string;
}

/** Runs a tool of the target on a checkout in the sandbox. @throws StepFailure `tool-cannot-run` when it did not look. */
export async function runTool(run: ToolRun, ground: Ground, sandbox: Sandbox): Promise<SandboxResult> {
  const result = await sandbox.run({
    argv: run.argv,
    cwd: run.folder === "" ? ground.root : `${ground.root}/${run.folder}`,
    mounts: [...ground.mounts, ...(run.mounts ?? [])],
    env: toolEnvironment(),
    network: false,
    limits: TOOL_LIMITS,
  });
  const looked = run.looked.includes(result.exitCode ?? -1) && !(run.reports && result.stdout.trim() === "");
  if (result.ended === "exited" && looked) return result;
  const why = result.ended === "exited" ? `exit code ${result.exitCode}` : `ended by ${result.ended}`;
  const said = (result.stderr.trim() || result.stdout.trim()).slice(0, 800);
  throw cannotRun(run.tool, `${why}${said === "" ? "" : `: ${said}`}`, run.hint);
}
