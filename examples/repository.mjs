import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { devNull } from "node:os";

const IDENTITY = "Millwright example";
const EMAIL = "example@millwright.invalid";
const DATE = "2026-01-01T00:00:00Z";

/**
 * Writes `files` into the new or empty folder `dir` and makes it a git repository with one commit on `main`. The commit
 * depends on nothing but the files' paths and bytes and `message`: no hooks, templates, filters or settings of the
 * machine take part. Returns the commit's id.
 */
export function makeRepository(dir, files, message) {
  if (existsSync(dir) && readdirSync(dir).length > 0) {
    throw new Error(`${dir} is not empty. Name a folder that does not exist yet.`);
  }
  mkdirSync(dir, { recursive: true });
  git(dir, ["init", "--quiet", "--template=", "--object-format=sha1", "--initial-branch=main"]);
  git(dir, ["config", "core.autocrlf", "false"]);
  const sorted = [...files].sort(([left], [right]) => (left < right ? -1 : 1));
  const entries = sorted.map(([path, bytes]) => {
    write(dir, path, bytes);
    const blob = git(dir, ["hash-object", "-w", "--no-filters", "--stdin"], bytes);
    return `100644 ${blob}\t${path}\n`;
  });
  git(dir, ["update-index", "--add", "--index-info"], entries.join(""));
  const tree = git(dir, ["write-tree"]);
  const commit = git(dir, ["commit-tree", tree, "-m", message]);
  git(dir, ["update-ref", "refs/heads/main", commit]);
  git(dir, ["update-index", "-q", "--refresh"]);
  return commit;
}

/** Makes the folder `target` appear as `<dir>/<name>`, which git must be told to ignore. */
export function link(dir, name, target) {
  symlinkSync(target, join(dir, name), "junction");
}

function write(dir, path, bytes) {
  const place = join(dir, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, bytes);
  chmodSync(place, 0o644);
}

function git(dir, args, input = "") {
  const { PATH, SystemRoot, TMPDIR } = process.env;
  const env = {
    ...(PATH && { PATH }),
    ...(SystemRoot && { SystemRoot }),
    ...(TMPDIR && { TMPDIR }),
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_SYSTEM: devNull,
    GIT_AUTHOR_NAME: IDENTITY,
    GIT_AUTHOR_EMAIL: EMAIL,
    GIT_AUTHOR_DATE: DATE,
    GIT_COMMITTER_NAME: IDENTITY,
    GIT_COMMITTER_EMAIL: EMAIL,
    GIT_COMMITTER_DATE: DATE,
  };
  return execFileSync("git", args, { cwd: dir, env, input, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] }).trim();
}
