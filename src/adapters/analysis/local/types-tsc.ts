import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Diagnostic } from "../../../domain/diagnostic.ts";
import { digestOf } from "../../../domain/digest.ts";
import type { Sandbox } from "../../../engine/ports.ts";
import { cannotRun } from "./cannot-run.ts";
import type { InstalledPackage } from "./installed.ts";
import { diagnosticAt, sourceText } from "./source-text.ts";
import { runTool } from "./tool-run.ts";
import type { TreeFiles } from "./tree-files.ts";
import { TYPE_HINT } from "./type-server.ts";
import type { Ground } from "./workspace.ts";

const LINE = /^(?<path>[^()\n]+)\((?<line>\d+),\d+\): error (?<code>TS\d+): (?<message>.*)$/;
const BARE = /^error (?<code>TS\d+): (?<message>.*)$/;

export interface TscJob {
  readonly typescript: InstalledPackage;
  readonly project: string;
  readonly files: TreeFiles;
  readonly cacheDir: string;
}

/** Runs the target's `tsc` once; what it learnt is kept for the next run of the same project. */
export async function runTsc(job: TscJob, ground: Ground, sandbox: Sandbox): Promise<readonly Diagnostic[]> {
  const { typescript, project } = job;
  const cache = join(job.cacheDir, "tsc", digestOf(JSON.stringify([typescript, project])).slice(0, 16));
  await mkdir(cache, { recursive: true });
  const kept = ground.see(cache, "/cache", "write");
  const options = ["--noEmit", "--pretty", "false", "--incremental", "--tsBuildInfoFile", `${kept.path}/tsbuildinfo`];
  const argv = ["node", `${typescript.path}/bin/tsc`, "-p", `${ground.root}/${project}`, ...options];
  const tool = `tsc ${typescript.version}`;
  const { stdout, exitCode } = await runTool(
    { tool, argv, folder: "", mounts: [kept.mount], looked: [0, 1, 2], hint: TYPE_HINT },
    ground,
    sandbox,
  );
  const diagnostics = await readTsc(stdout, job);
  if (exitCode !== 0 && diagnostics.length === 0)
    throw cannotRun(tool, `exit code ${exitCode}: ${stdout.slice(-500)}`, TYPE_HINT);
  return diagnostics;
}

async function readTsc(stdout: string, job: TscJob): Promise<readonly Diagnostic[]> {
  const diagnostics: Diagnostic[] = [];
  for (const line of stdout.split("\n")) {
    const placed = LINE.exec(line)?.groups;
    const bare = BARE.exec(line)?.groups;
    const last = diagnostics.at(-1);
    if (placed) diagnostics.push(await diagnosticOf(placed, job));
    else if (bare)
      diagnostics.push({ path: job.project, line: 1, code: bare.code ?? "", message: bare.message ?? "", text: "" });
    else if (last && line.startsWith("  "))
      diagnostics[diagnostics.length - 1] = { ...last, message: `${last.message}\n${line}` };
  }
  return diagnostics;
}

async function diagnosticOf(groups: Record<string, string>, { files, project }: TscJob): Promise<Diagnostic> {
  const { path = "", line = "1", code = "", message = "" } = groups;
  const text = await files.text(path);
  if (text === undefined) return { path: project, line: 1, code, message, text: "" };
  return diagnosticAt(sourceText(text), { path, line: Number(line) }, code, message);
}
