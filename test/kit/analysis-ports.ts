import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { digestOf, digestOfValue } from "../../src/domain/digest.ts";
import type { Mount, SandboxJob, SandboxResult } from "../../src/domain/sandbox-job.ts";
import type { BlobId, TreeChange, TreeId } from "../../src/domain/work.ts";
import type { Git, Sandbox } from "../../src/engine/ports.ts";

type Files = Readonly<Record<string, string>>;
type ReadingGit = Pick<Git, "list" | "read" | "readBlob" | "export" | "changes">;

/** Trees in memory, as much of git as an analysis reads; `reads` counts texts handed out. */
export interface MemoryGit extends ReadingGit {
  tree(files: Files): TreeId;
  readonly reads: { count: number };
}

export function memoryGit(): MemoryGit {
  const trees = new Map<TreeId, Files>();
  const blobs = new Map<BlobId, string>();
  const reads = { count: 0 };
  const filesOf = (tree: TreeId): Files => {
    const files = trees.get(tree);
    if (!files) throw new Error(`no tree ${tree}`);
    return files;
  };
  return {
    reads,
    tree(files) {
      const id = digestOfValue(files).slice(0, 40);
      trees.set(id, files);
      for (const text of Object.values(files)) blobs.set(digestOf(text), text);
      return id;
    },
    list: async (tree) =>
      Object.entries(filesOf(tree)).map(([path, text]) => ({ path, blob: digestOf(text), mode: "100644" })),
    async read(tree, path) {
      reads.count += 1;
      return filesOf(tree)[path];
    },
    readBlob: async (blob) => blobs.get(blob) ?? "",
    async export(tree) {
      const dir = await mkdtemp(join(tmpdir(), "millwright-export-"));
      for (const [path, text] of Object.entries(filesOf(tree))) {
        await mkdir(dirname(join(dir, path)), { recursive: true });
        await writeFile(join(dir, path), text);
      }
      return { dir, dispose: () => rm(dir, { recursive: true, force: true }) };
    },
    changes: async (from, to) => changesBetween(filesOf(from), filesOf(to)),
  };
}

function changesBetween(from: Files, to: Files): readonly TreeChange[] {
  const paths = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return paths.flatMap((path): TreeChange[] => {
    const [before, after] = [from[path], to[path]];
    if (before === after) return [];
    const blob = after === undefined ? null : digestOf(after);
    const old = before === undefined ? null : digestOf(before);
    if (blob === null) return [{ path, status: "deleted", blob, before: old, mode: "000000" }];
    return [{ path, status: old === null ? "added" : "modified", blob, before: old, mode: "100644" }];
  });
}

/**
 * A sandbox that isolates nothing: it stands for an isolated one by putting the host's paths in the place of mounted
 * ones, and back again in what the command prints. `runs` keeps the command lines.
 */
export function pretendSandbox(): Sandbox & { readonly runs: string[][] } {
  const runs: string[][] = [];
  return {
    name: "pretended",
    isolated: true,
    runs,
    async run(job, signal) {
      runs.push([...job.argv]);
      const mounts = [...job.mounts].sort((a, b) => b.target.length - a.target.length);
      for (const mount of mounts) await linkInside(mount, mounts);
      return spawned(job, { mounts, signal });
    },
  };
}

/** The host's folders as they are, as under `sandbox: none`. */
export function plainSandbox(): Sandbox & { readonly runs: string[][] } {
  const runs: string[][] = [];
  return {
    name: "none",
    isolated: false,
    runs,
    async run(job, signal) {
      runs.push([...job.argv]);
      return spawned(job, { mounts: [], signal });
    },
  };
}

/** A mount inside another mount becomes a link there. */
async function linkInside(mount: Mount, mounts: readonly Mount[]): Promise<void> {
  const outer = mounts.find((other) => mount.target.startsWith(`${other.target}/`));
  if (!outer) return;
  const place = join(outer.source, mount.target.slice(outer.target.length));
  await rm(place, { recursive: true, force: true });
  await symlink(mount.source, place);
}

interface Views {
  readonly mounts: readonly Mount[];
  readonly signal: AbortSignal | undefined;
}

/** Every occurrence of a key in one pass, so that what was put in is not replaced again. */
function exchanged(text: string, pairs: readonly (readonly [string, string])[]): string {
  if (pairs.length === 0) return text;
  const escaped = pairs.map(([from]) => from.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return text.replace(
    new RegExp(`(?:${escaped.join("|")})(?![\\w.-])`, "g"),
    (found) => pairs.find(([from]) => from === found)?.[1] ?? found,
  );
}

function spawned(job: SandboxJob, { mounts, signal }: Views): Promise<SandboxResult> {
  const inside = (text: string) =>
    exchanged(
      text,
      mounts.map(({ target, source }) => [target, source] as const),
    );
  const outside = (text: string) =>
    exchanged(
      text,
      mounts.map(({ target, source }) => [source, target] as const),
    );
  const [program = "", ...argv] = job.argv.map(inside);
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program, argv, { cwd: inside(job.cwd), env: job.env, signal, killSignal: "SIGKILL" });
    let [stdout, stderr] = ["", ""];
    // A program may end without reading what it is told.
    child.stdin.on("error", () => undefined);
    child.stdin.end(job.input ?? "");
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on("error", (error) => (error.name === "AbortError" ? undefined : reject(error)));
    child.on("close", (exitCode, killed) =>
      resolve({
        ended: killed ? "signal" : "exited",
        exitCode,
        stdout: outside(stdout),
        stderr: outside(stderr),
        seconds: (performance.now() - start) / 1000,
      }),
    );
  });
}
