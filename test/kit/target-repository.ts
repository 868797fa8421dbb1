import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { devNull, tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What a person's repository holds at first: text or bytes, a program (`run`), or a link to `to`. */
export type Content = string | Uint8Array | { readonly run: string } | { readonly to: string };

export interface TargetRepository {
  /** The checkout; its path holds a space and letters beyond ASCII. */
  readonly root: string;
  /** The folder around it, removed with it. */
  readonly around: string;
  /** A person's own plain git in the checkout, identity given, global config shut out. */
  git(...args: readonly string[]): string;
  write(files: Readonly<Record<string, Content>>): void;
  remove(): void;
}

const PERSON = {
  GIT_CONFIG_GLOBAL: devNull,
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.org",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.org",
};

/** Runs plain git as a person would; answers what it wrote, to the byte. */
export function personsGit(cwd: string, ...args: readonly string[]): string {
  const env = { PATH: process.env.PATH, HOME: cwd, LC_ALL: "C", ...PERSON };
  return execFileSync("git", args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

export function writeFiles(root: string, files: Readonly<Record<string, Content>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    if (typeof content === "string" || content instanceof Uint8Array) writeFileSync(file, content);
    else if ("to" in content) symlinkSync(content.to, file);
    else {
      writeFileSync(file, content.run);
      chmodSync(file, 0o755);
    }
  }
}

/** A real repository with one commit of the given files on branch `main`. */
export function targetRepository(
  files: Readonly<Record<string, Content>>,
  format: "sha1" | "sha256" = "sha1",
): TargetRepository {
  const around = realpathSync(mkdtempSync(join(tmpdir(), "millwright-target-")));
  const root = join(around, "my prøject");
  mkdirSync(root);
  const git = (...args: readonly string[]): string => personsGit(root, ...args);
  git("init", "--quiet", "--initial-branch=main", `--object-format=${format}`);
  writeFiles(root, files);
  git("add", "--all");
  git("commit", "--quiet", "--allow-empty", "--message=Begin");
  return {
    root,
    around,
    git,
    write: (more) => writeFiles(root, more),
    remove: () => rmSync(around, { recursive: true, force: true }),
  };
}
