import { lstat, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../../domain/step-failure.ts";
import { clearLock, makeFolder, put } from "./files.ts";

/** What a git directory of ours takes over from the repository it serves. */
export interface Served {
  readonly objectsDir: string;
  readonly sharedDir: string;
  readonly objectFormat: "sha1" | "sha256";
  /** A detached HEAD; absent: a branch that is never born. */
  readonly head?: string;
  /** Settings of the checkout; absent: files are kept to the byte. */
  readonly settings?: readonly (readonly [name: string, value: string])[];
}

/** Outranks every `.gitattributes`: no conversion, no driver, and no file that hides itself from a diff. */
const TO_THE_BYTE = "* -text !eol -ident -filter !working-tree-encoding !diff !merge !export-subst\n";

/** Of a git directory, what git would obey and nobody but us may have written. */
const NOT_OURS = ["hooks", "commondir", "config.worktree", "gitdir", "info/grafts", "info/sparse-checkout", "modules"];

function configFor(served: Served): string {
  const format =
    served.objectFormat === "sha256" ? "\trepositoryformatversion = 1\n" : "\trepositoryformatversion = 0\n";
  const settings = served.settings ?? [
    ["core.autocrlf", "false"],
    ["core.fileMode", "true"],
    ["core.symlinks", "true"],
    ["core.ignoreCase", "false"],
  ];
  const lines = settings.map(([name, value]) => `\t${name.slice("core.".length)} = ${value}\n`);
  const extensions = served.objectFormat === "sha256" ? "[extensions]\n\tobjectFormat = sha256\n" : "";
  const ours = "\tbare = true\n\thooksPath = /dev/null\n\tfsmonitor = false\n\tcommitGraph = false\n";
  return `[core]\n${format}${ours}${lines.join("")}${extensions}[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n`;
}

/** One line of `objects/info/alternates`; git unquotes a line that begins with a quote. */
function alternate(path: string): string {
  return /["\n\\]/.test(path) ? `${JSON.stringify(path)}\n` : `${path}\n`;
}

/** Makes or mends a git directory that shares the objects of another, and has a config of its own. */
export async function writeGitDirectory(dir: string, served: Served): Promise<void> {
  for (const name of ["refs/heads", "objects/info", "objects/pack", "info"]) {
    await makeFolder(join(dir, name));
  }
  await put(join(dir, "config"), configFor(served));
  await put(join(dir, "objects/info/alternates"), alternate(served.objectsDir));
  if (served.settings === undefined) await put(join(dir, "info/attributes"), TO_THE_BYTE);
  await put(join(dir, "HEAD"), served.head === undefined ? "ref: refs/heads/millwright\n" : `${served.head}\n`);
  const shallow = await readFile(join(served.sharedDir, "shallow"), "utf8").catch(() => undefined);
  if (shallow === undefined) await rm(join(dir, "shallow"), { force: true });
  else await put(join(dir, "shallow"), shallow);
}

/** Makes or mends the engine's own git directory under `stateDir`, and answers its path. */
export async function engineDirectory(stateDir: string, served: Served): Promise<string> {
  const dir = join(stateDir, "repo.git");
  await ownFolder(stateDir);
  await ownFolder(dir);
  const ignored = join(stateDir, ".gitignore");
  await writeFile(ignored, "*\n", { flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  for (const name of NOT_OURS) await rm(join(dir, name), { recursive: true, force: true });
  await writeGitDirectory(dir, served);
  await ownFolder(join(dir, "scratch"));
  await ownFolder(join(dir, "worktrees"));
  return dir;
}

/** @throws InputError when the folder is a link to somewhere else */
async function ownFolder(dir: string): Promise<void> {
  const there = await lstat(dir).catch(() => undefined);
  if (there?.isDirectory()) return;
  if (there === undefined) return await makeFolder(dir);
  throw new InputError([`${dir} is a link to another place, where the mill will not write: remove the link.`]);
}

/** Clears the locks that a killed mill left on its own refs and in its own worktrees; never the index.lock of a person. */
export async function clearLocks(engineDir: string, sharedDir: string): Promise<void> {
  const roots = ["refs/heads/loop", "refs/millwright", "logs/refs/heads/loop"].map((name) => join(sharedDir, name));
  const found = await Promise.all([...roots, join(engineDir, "refs"), join(engineDir, "worktrees")].map(locksUnder));
  await Promise.all(found.flat().map(clearLock));
}

async function locksUnder(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  const locks = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".lock"));
  return locks.map((entry) => join(entry.parentPath, entry.name));
}
