import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** A throw-away git repository with one commit. */
export interface Target {
  readonly dir: string;
  git(...args: readonly string[]): string;
  write(path: string, text: string): void;
  commit(message: string): void;
  remove(): void;
}

const REPOSITORY = resolve(import.meta.dirname, "..", "..");

/** All that a person would miss: every file of the checkout, the index, HEAD and every branch that is not the loop's. */
export function possessions(target: Target): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  const walk = (folder: string) => {
    for (const entry of readdirSync(join(target.dir, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if ([".git", ".millwright", "node_modules"].includes(path)) continue;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) files[path] = readFileSync(join(target.dir, path), "base64");
    }
  };
  walk("");
  return {
    ...files,
    ".git/HEAD": target.git("rev-parse", "HEAD", "--abbrev-ref", "HEAD"),
    ".git/index": target.git("ls-files", "--stage"),
    ".git/config": readFileSync(join(target.dir, ".git/config"), "utf8"),
    branches: target
      .git("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/tags", "refs/stash")
      .split("\n")
      .filter((line) => !line.startsWith("refs/heads/loop/"))
      .join("\n"),
  };
}

/** Makes a target from files; `node_modules` is a link to our own, so that its runner is there without an install. */
export function makeTarget(files: Readonly<Record<string, string>>, folder = "target"): Target {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), "millwright-story-")));
  const dir = join(parent, folder);
  mkdirSync(dir);
  const git = (...args: readonly string[]) => {
    const result = spawnSync("git", args, { cwd: dir, encoding: "utf8", env: GIT_ENV });
    if (result.status !== 0) throw new Error(`git ${args.join(" ")}: ${result.stderr}`);
    return result.stdout.trim();
  };
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  };
  const commit = (message: string) => {
    git("add", "-A");
    git("commit", "-q", "-m", message);
  };
  git("init", "-q", "-b", "main");
  write(".gitignore", "node_modules\n");
  for (const [path, text] of Object.entries(files)) write(path, text);
  symlinkSync(join(REPOSITORY, "node_modules"), join(dir, "node_modules"));
  commit("Begin");
  return { dir, git, write, commit, remove: () => rmSync(parent, { recursive: true, force: true }) };
}

const GIT_ENV = {
  PATH: process.env.PATH ?? "",
  HOME: tmpdir(),
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "A Person",
  GIT_AUTHOR_EMAIL: "person@example.invalid",
  GIT_COMMITTER_NAME: "A Person",
  GIT_COMMITTER_EMAIL: "person@example.invalid",
  GIT_AUTHOR_DATE: "2026-01-01T00:00:00Z",
  GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z",
};
