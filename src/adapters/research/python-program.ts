import { randomUUID } from "node:crypto";
import type { Mount, SandboxLimits } from "../../domain/sandbox-job.ts";
import type { Sandbox } from "../../engine/ports.ts";

/** An interpreter inside the sandbox. */
export interface Interpreter {
  readonly argv: readonly string[];
  readonly mounts: readonly Mount[];
  readonly env: Readonly<Record<string, string>>;
}

/** What a small program of ours printed as JSON; or what came instead. */
export type Printed =
  | { readonly kind: "printed"; readonly value: unknown }
  | { readonly kind: "nothing"; readonly said: string };

/**
 * Runs a program of ours without a network. Only the line that begins with this run's own mark counts, so that what
 * packages print while they are imported is not taken for it.
 */
export async function runOwnProgram(
  program: string,
  { argv, mounts, env }: Interpreter,
  { sandbox, limits }: { readonly sandbox: Sandbox; readonly limits: SandboxLimits },
): Promise<Printed> {
  const mark = `millwright-${randomUUID()}`;
  const result = await sandbox.run({
    argv: [...argv, "-c", program, mark],
    cwd: "/",
    mounts,
    env,
    network: false,
    limits,
  });
  const line = result.stdout.split("\n").find((one) => one.startsWith(mark));
  const said =
    `${result.stdout}\n${result.stderr}`.trim().slice(-600) || `it ended with ${result.exitCode ?? result.ended}`;
  if (line === undefined) return { kind: "nothing", said };
  return { kind: "printed", value: JSON.parse(line.slice(mark.length)) };
}
