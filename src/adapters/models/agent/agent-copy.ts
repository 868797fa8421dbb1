import { createHash } from "node:crypto";
import { cp, lstat, mkdir, readdir, readFile, readlink, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AgentChange, AgentFile } from "../../../domain/agent-proposal.ts";
import { isHidden } from "../../../domain/hidden-paths.ts";
import { ignoredBy } from "../../../domain/ignored-paths.ts";
import type { Workspace } from "../../../domain/model-call.ts";
import { matches } from "../../../domain/paths.ts";
import type { AgentRepository, AgentWorld } from "./agent-world.ts";

/** A folder that an agent works in: a clean copy of a tree, or an empty folder for one that only answers. */
export interface AgentCopy {
  readonly dir: string;
  /** What differs from the tree now. */
  changes(): Promise<readonly AgentChange[]>;
  /** Milliseconds since 1970 of the newest file in it. */
  newest(): Promise<number>;
  remove(): Promise<void>;
}

/** What tools leave behind while they run; no part of any proposal. */
const LEFT_BEHIND = ["node_modules", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".venv", ".git"];
const OWN_FOLDERS = [".claude", ".codex", ".gemini", ".opencode", ".pi", ".aider.tags.cache.v4"];

/** An empty folder at `stable`. */
export async function emptyCopy(stable: string): Promise<AgentCopy> {
  await rm(stable, { recursive: true, force: true });
  await mkdir(stable, { recursive: true, mode: 0o700 });
  return {
    dir: stable,
    changes: async () => [],
    newest: () => newestIn(stable),
    remove: () => rm(stable, { recursive: true, force: true }),
  };
}

/** A copy of the workspace's tree. Inside a sandbox every copy has one path; without one it is moved to `stable`. */
export async function copyOf(workspace: Workspace, world: AgentWorld, stable: string): Promise<AgentCopy> {
  const repository = world.repository(workspace.repository);
  const exported = await repository.git.export(workspace.tree);
  const dir = world.sandbox.isolated ? exported.dir : stable;
  if (dir === stable) {
    await move(exported.dir, stable);
    // Without a sandbox all exports share one folder, and others wait for it.
    await exported.dispose();
  }
  const listed = await repository.git.list(workspace.tree);
  const hidden = listed.map(({ path }) => path).filter((path) => isHidden(path, world.workflow, workspace.scope));
  await Promise.all(hidden.map((path) => rm(join(dir, path), { force: true })));
  return {
    dir,
    changes: async () => {
      const changes = await changesIn(dir, workspace, repository);
      return changes.filter(({ path, after }) => after.kind !== "none" || !hidden.includes(path));
    },
    newest: () => newestIn(dir),
    remove: () => (dir === stable ? rm(stable, { recursive: true, force: true }) : exported.dispose()),
  };
}

async function move(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await rename(from, to).catch(() => cp(from, to, { recursive: true, verbatimSymlinks: true }));
}

async function changesIn(dir: string, workspace: Workspace, { git }: AgentRepository): Promise<readonly AgentChange[]> {
  const listed = new Map((await git.list(workspace.tree)).map((file) => [file.path, file] as const));
  const ignored = ignoredBy((await git.read(workspace.tree, ".gitignore")) ?? "");
  const found = await pathsIn(dir, new Set(listed.keys()));
  const there = new Set(found.filter((path) => listed.has(path) || !ignored(path)));
  const changes: AgentChange[] = [];
  for (const path of [...new Set([...listed.keys(), ...there])].sort()) {
    const file = listed.get(path);
    // A submodule is an empty folder in a copy.
    if (file?.mode === "160000") continue;
    const seen = there.has(path) ? await seenAt(join(dir, path)) : undefined;
    if (isSame(file, seen) || isLeftover(path, file, seen, workspace)) continue;
    changes.push({ path, before: await before(git, workspace.tree, file), after: seen?.file ?? { kind: "none" } });
  }
  return changes;
}

type Listed = { readonly path: string; readonly blob: string; readonly mode: string };

interface Seen {
  readonly file: AgentFile;
  readonly bytes: Buffer;
  readonly link: boolean;
}

async function seenAt(path: string): Promise<Seen> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) {
    return { file: { kind: "other", what: "link" }, bytes: Buffer.from(await readlink(path)), link: true };
  }
  if (!found.isFile()) return { file: { kind: "other", what: "special" }, bytes: Buffer.alloc(0), link: false };
  const bytes = await readFile(path);
  return { file: fileOf(bytes), bytes, link: false };
}

function fileOf(bytes: Buffer): AgentFile {
  if (bytes.includes(0)) return { kind: "other", what: "binary" };
  try {
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { kind: "other", what: "binary" };
  }
}

function isSame(file: Listed | undefined, seen: Seen | undefined): boolean {
  return file !== undefined && seen !== undefined && isAsListed(file, seen);
}

/** A new file that is no text, outside of what the task is about: a tool's database, not an answer. */
function isLeftover(path: string, file: Listed | undefined, seen: Seen | undefined, { scope }: Workspace): boolean {
  return file === undefined && seen?.file.kind === "other" && !matches(scope, path);
}

/** Modes are the mill's: a script that was made executable, and nothing else, is as it was. */
function isAsListed(file: Listed, seen: Seen): boolean {
  if ((file.mode === "120000") !== seen.link) return false;
  const hash = createHash(file.blob.length === 64 ? "sha256" : "sha1");
  return hash.update(`blob ${seen.bytes.length}\0`).update(seen.bytes).digest("hex") === file.blob;
}

async function before(git: AgentRepository["git"], tree: string, file: Listed | undefined): Promise<AgentFile> {
  if (file === undefined) return { kind: "none" };
  if (file.mode === "120000") return { kind: "other", what: "link" };
  const text = await git.read(tree, file.path);
  return text === undefined ? { kind: "other", what: "binary" } : { kind: "text", text };
}

/** Files below a folder, without what tools leave behind; links are named and never followed. */
async function pathsIn(dir: string, known: ReadonlySet<string>, below = ""): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const entry of await readdir(join(dir, below), { withFileTypes: true })) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (known.has(path)) paths.push(path);
    else if (entry.isDirectory()) paths.push(...(await folderIn(dir, path, known)));
    else if (!/\.pyc$|^\.coverage$|^\.DS_Store$/.test(entry.name)) paths.push(path);
  }
  return paths;
}

async function folderIn(dir: string, path: string, known: ReadonlySet<string>): Promise<readonly string[]> {
  const name = path.split("/").at(-1) ?? "";
  const dropped = LEFT_BEHIND.includes(name) || OWN_FOLDERS.includes(path);
  if (dropped && ![...known].some((one) => one.startsWith(`${path}/`))) return [];
  const paths = await pathsIn(dir, known, path);
  return dropped ? paths.filter((one) => known.has(one)) : paths;
}

async function newestIn(dir: string): Promise<number> {
  let newest = 0;
  for (const entry of await readdir(dir, { withFileTypes: true }).catch(() => [])) {
    if (entry.name === "node_modules") continue;
    const path = join(dir, entry.name);
    const seen = await stat(path).catch(() => undefined);
    newest = Math.max(newest, seen?.mtimeMs ?? 0, entry.isDirectory() ? await newestIn(path) : 0);
  }
  return newest;
}
