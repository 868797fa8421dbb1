import { mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../../../domain/step-failure.ts";
import type { CommitId } from "../../../domain/work.ts";
import { writeGitDirectory } from "./engine-directory.ts";
import { copyKeepingTime } from "./files.ts";
import { onDisk } from "./git-failure.ts";
import { askGit, type Place, records, runGit } from "./git-program.ts";

/** What a person's repository is, as far as the loop must know before it starts. */
export interface Inspection {
  /** Top folder of the checkout; of a bare repository, its git directory. */
  readonly root: string;
  /** The git directory of this checkout: HEAD and index are in it. */
  readonly gitDir: string;
  /** The git directory that all checkouts of the repository share: branches and objects are in it. */
  readonly sharedDir: string;
  readonly objectsDir: string;
  readonly objectFormat: "sha1" | "sha256";
  /** Undefined when HEAD is detached. */
  readonly branch: string | undefined;
  /** Undefined when there is no commit yet. */
  readonly head: CommitId | undefined;
  readonly bare: boolean;
  readonly shallow: boolean;
  /** Objects are fetched only when somebody needs them. */
  readonly partial: boolean;
  /** The checkout is a linked worktree. */
  readonly linked: boolean;
  /** Paths of the submodules at HEAD. */
  readonly submodules: readonly string[];
  /** Changed, staged and untracked paths; a folder with nothing tracked in it counts once. */
  readonly dirty: readonly string[];
}

export type SubmodulePolicy = "refuse" | "empty";

type Found = Omit<Inspection, "branch" | "head" | "partial" | "submodules" | "dirty">;

/** Every reason why the mill cannot work here, each with the way out; empty when it can. */
export function refusals(inspection: Inspection, submodules: SubmodulePolicy): readonly string[] {
  const { root, bare, head, partial } = inspection;
  if (bare) return [`${root} is a bare repository: clone it (\`git clone ${root} work\`) and run in the clone.`];
  const reasons: string[] = [];
  if (head === undefined) {
    reasons.push(
      `${root} has no commits yet: commit what is there (\`git add . && git commit -m "Begin"\`) or begin empty (\`git commit --allow-empty -m "Begin"\`).`,
    );
  }
  if (partial) {
    reasons.push(
      `${root} is a partial clone, and the mill never fetches: clone it again without \`--filter\` (\`--depth 1\` is fine).`,
    );
  }
  if (submodules === "refuse" && inspection.submodules.length > 0) {
    reasons.push(
      `${root} has submodules (${inspection.submodules.join(", ")}), which no clean export can hold: write \`submodules: empty\` in millwright.yaml to see them as empty folders.`,
    );
  }
  return reasons;
}

/**
 * Looks at the repository that holds `dir` without running anything of its config, and without writing to it.
 * @throws InputError when there is none
 */
export async function inspectRepository(dir: string): Promise<Inspection> {
  const found = await find(dir);
  const place: Place = { cwd: found.gitDir, variables: { GIT_DIR: found.gitDir } };
  const [branch, head, settings] = await Promise.all([
    quiet(place, ["symbolic-ref", "--quiet", "--short", "HEAD"]),
    quiet(place, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]),
    settingsOf(place),
  ]);
  const [submodules, dirty] = await Promise.all([
    head === undefined ? [] : submodulesAt(place, head),
    head === undefined || found.bare ? [] : dirtyPaths(found, head, settings),
  ]);
  const partial = settings.some(([name]) => name === "extensions.partialclone" || name.endsWith(".promisor"));
  return { ...found, branch, head, partial, submodules, dirty };
}

/** Paths that git tracks in the checkout, as they stand in its index. */
export async function listTracked(inspection: Inspection): Promise<readonly string[]> {
  const { root, gitDir } = inspection;
  const place: Place = { cwd: root, variables: { GIT_DIR: gitDir, GIT_WORK_TREE: root } };
  const { out } = await runGit(place, ["ls-files", "-z"]);
  return [...new Set(records(out))];
}

const QUESTIONS = [
  "--is-bare-repository",
  "--is-inside-work-tree",
  "--is-shallow-repository",
  "--show-object-format",
  "--absolute-git-dir",
  "--git-common-dir",
  "--git-path",
  "objects",
];

async function find(dir: string): Promise<Found> {
  const cwd = await realpath(dir).catch(() => undefined);
  if (cwd === undefined) throw new InputError([`${dir} does not exist: name the folder of a git repository.`]);
  const asked = await runGit({ cwd, variables: {} }, ["rev-parse", "--path-format=absolute", ...QUESTIONS], {
    answers: [0, 128],
  });
  if (asked.code !== 0) throw new InputError([notFound(dir, asked.errors)]);
  const lines = asked.out.toString("utf8").replace(/\n$/, "").split("\n");
  const [isBare, inside, isShallow, format, gitDir, sharedDir, objectsDir] = lines;
  if (lines.length !== 7 || !gitDir || !sharedDir || !objectsDir) {
    throw new InputError([`The path of ${dir} holds a line break, which git cannot tell apart: move the repository.`]);
  }
  const bare = isBare === "true";
  if (!bare && inside !== "true") {
    throw new InputError([`${dir} is inside a git directory: run in the folder of the checkout.`]);
  }
  return {
    root: bare
      ? gitDir
      : await askGit({ cwd, variables: {} }, ["rev-parse", "--path-format=absolute", "--show-toplevel"]),
    gitDir,
    sharedDir,
    objectsDir,
    objectFormat: format === "sha256" ? "sha256" : "sha1",
    bare,
    shallow: isShallow === "true",
    linked: gitDir !== sharedDir,
  };
}

function notFound(dir: string, said: string): string {
  if (/not a git repository/.test(said)) {
    return `${dir} is not in a git repository: make one with \`git init && git add . && git commit -m "Begin"\`.`;
  }
  return `git cannot read the repository at ${dir}: ${said.trim()}`;
}

async function quiet(place: Place, args: readonly string[]): Promise<string | undefined> {
  const { code, out } = await runGit(place, args, { answers: [0, 1, 128] });
  return code === 0 ? out.toString("utf8").trimEnd() : undefined;
}

type Settings = readonly (readonly [name: string, value: string])[];

/** What decides how files become objects, and whether objects may be missing. */
async function settingsOf(place: Place): Promise<Settings> {
  const pattern =
    "^(extensions\\.partialclone|remote\\..*\\.promisor|core\\.(autocrlf|eol|filemode|symlinks|ignorecase))$";
  const { out } = await runGit(place, ["config", "-z", "--get-regexp", pattern], { answers: [0, 1] });
  return records(out).map((record) => {
    const end = record.indexOf("\n");
    return end < 0 ? ([record, "true"] as const) : ([record.slice(0, end), record.slice(end + 1)] as const);
  });
}

async function submodulesAt(place: Place, head: CommitId): Promise<readonly string[]> {
  const { out } = await runGit(place, ["ls-tree", "-r", "-z", "--full-tree", head]);
  const links = records(out).filter((record) => record.startsWith("160000 "));
  return links.map((record) => record.slice(record.indexOf("\t") + 1));
}

/**
 * Compares the checkout with HEAD through a git directory of our own that holds a copy of the index: the target's config
 * names programs (filters, fsmonitor) that a plain `git status` would run.
 */
async function dirtyPaths(found: Found, head: CommitId, settings: Settings): Promise<readonly string[]> {
  return await onDisk("comparing the checkout with HEAD", async () => {
    const mirror = await mkdtemp(join(tmpdir(), "millwright-status-"));
    try {
      await writeGitDirectory(mirror, { ...found, head, settings: settings.filter(isHarmless) });
      await mirrorIndex(found, mirror);
      const place: Place = { cwd: found.root, variables: { GIT_DIR: mirror, GIT_WORK_TREE: found.root } };
      const args = [
        "status",
        "--porcelain",
        "-z",
        "--no-renames",
        "--untracked-files=normal",
        "--ignore-submodules=all",
      ];
      const { out } = await runGit(place, args);
      return records(out).map((record) => record.slice("XY ".length));
    } finally {
      await rm(mirror, { recursive: true, force: true });
    }
  });
}

function isHarmless([name, value]: Settings[number]): boolean {
  return name.startsWith("core.") && /^(true|false|input|lf|crlf|native)$/i.test(value);
}

async function mirrorIndex(found: Found, mirror: string): Promise<void> {
  const shared = (await readdir(found.gitDir)).filter((name) => name.startsWith("sharedindex."));
  const copies: readonly (readonly [string, string])[] = [
    [join(found.gitDir, "index"), "index"],
    [join(found.sharedDir, "info", "exclude"), join("info", "exclude")],
    ...shared.map((name) => [join(found.gitDir, name), name] as const),
  ];
  for (const [from, to] of copies) {
    await copyKeepingTime(from, join(mirror, to));
  }
}
