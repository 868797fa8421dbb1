import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join, sep } from "node:path";
import { StepFailure } from "../../../domain/step-failure.ts";
import { gitFailure } from "./git-failure.ts";

/** Where git works: its folder, and the variables that name git directory, index and objects. */
export interface Place {
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly code: number;
  readonly out: Buffer;
  readonly errors: string;
}

export interface CallOptions {
  readonly input?: string | Uint8Array;
  /** Exit codes that are answers and no failures; default only 0. */
  readonly answers?: readonly number[];
}

const LONGEST_MILLISECONDS = 300_000;
const MOST_BYTES = 512 * 1024 * 1024;

/** What a command line says outranks every config file: no program of the target's choosing is ever started. */
const OVERRIDES = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.attributesFile=/dev/null",
  "core.excludesFile=/dev/null",
  "core.quotePath=false",
  "core.splitIndex=false",
  "core.untrackedCache=false",
  "core.protectHFS=true",
  "core.protectNTFS=true",
  "core.pager=cat",
  "commit.gpgsign=false",
  "log.showSignature=false",
  "protocol.allow=never",
  "gc.auto=0",
  "maintenance.auto=false",
  "checkout.workers=0",
  "safe.directory=*",
].flatMap((setting) => ["-c", setting]);

const FIXED_VARIABLES = {
  HOME: "/dev/null",
  XDG_CONFIG_HOME: "/dev/null",
  LC_ALL: "C",
  TZ: "UTC",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_NO_LAZY_FETCH: "1",
  GIT_LITERAL_PATHSPECS: "1",
  GIT_PAGER: "cat",
  GIT_EDITOR: "false",
  GIT_ASKPASS: "false",
  GIT_AUTHOR_NAME: "Millwright",
  GIT_AUTHOR_EMAIL: "millwright@localhost",
  GIT_COMMITTER_NAME: "Millwright",
  GIT_COMMITTER_EMAIL: "millwright@localhost",
} as const;

let found: { readonly path: string; readonly program: string | undefined; readonly folders: string } | undefined;

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Git by its absolute path. `npx` puts the target's own `node_modules/.bin` first in PATH: a `git` in there is not ours. */
function gitProgram(): { readonly program: string; readonly folders: string } {
  const path = process.env.PATH ?? "";
  if (found?.path !== path) {
    const folders = path
      .split(delimiter)
      .filter((folder) => isAbsolute(folder) && !folder.split(sep).includes("node_modules"));
    const program = folders.map((folder) => join(folder, "git")).find(isProgram);
    found = { path, program, folders: folders.join(delimiter) };
  }
  if (found.program === undefined) throw notInstalled();
  return { program: found.program, folders: found.folders };
}

function notInstalled(cause?: unknown): StepFailure {
  const hint = "Install git 2.31 or newer and make sure that it is in PATH.";
  return new StepFailure("git was not found", { code: "environment", remedy: "ask", hint, cause });
}

/**
 * Starts git with an empty inherited environment and every door shut; the only place that does. A session of its own keeps
 * Ctrl-C in a terminal, and any prompt, away from it.
 */
export function startGit(place: Place, args: readonly string[], stdio: SpawnOptions["stdio"] = "pipe"): ChildProcess {
  const { program, folders } = gitProgram();
  const env = { PATH: folders, ...FIXED_VARIABLES, ...place.variables };
  return spawn(program, [...OVERRIDES, ...args], { cwd: place.cwd, env, stdio, detached: true, shell: false });
}

/**
 * Runs git to its end.
 * @throws StepFailure `git-failed`, `disk-full` or `environment`
 */
export async function runGit(place: Place, args: readonly string[], options: CallOptions = {}): Promise<Answer> {
  const what = `git ${args[0]}`;
  const answer = await finished(startGit(place, args), what, options.input);
  if ((options.answers ?? [0]).includes(answer.code)) return answer;
  throw gitFailure(what, answer.errors || `it ended with exit code ${answer.code}`);
}

/** Runs git and answers its output without the last line end. */
export async function askGit(place: Place, args: readonly string[], options: CallOptions = {}): Promise<string> {
  const { out } = await runGit(place, args, options);
  return out.toString("utf8").replace(/\n$/, "");
}

/** The records of output that ends each with NUL. */
export function records(out: Buffer): string[] {
  const all = out.toString("utf8").split("\0");
  if (all.at(-1) === "") all.pop();
  return all;
}

function finished(child: ChildProcess, what: string, input: string | Uint8Array = ""): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const out: Buffer[] = [];
    const errors: Buffer[] = [];
    let bytes = 0;
    let refusal: StepFailure | undefined;
    const stop = (said: string): void => {
      refusal ??= gitFailure(what, said);
      child.kill("SIGTERM");
    };
    const timer = setTimeout(() => stop(`no end after ${LONGEST_MILLISECONDS / 1000} s`), LONGEST_MILLISECONDS);
    const collect = (chunks: Buffer[]) => (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) stop(`more than ${MOST_BYTES} bytes of output`);
      else chunks.push(chunk);
    };
    child.stdout?.on("data", collect(out));
    child.stderr?.on("data", collect(errors));
    // When git ends early its exit code says why; the broken pipe says nothing more.
    child.stdin?.on("error", () => undefined);
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(notStarted(what, error));
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      const said = Buffer.concat(errors).toString("utf8");
      if (refusal) reject(refusal);
      else if (code === null) reject(gitFailure(what, `${said}\nended by ${signal}`));
      else resolve({ code, out: Buffer.concat(out), errors: said });
    });
    child.stdin?.end(input);
  });
}

function notStarted(what: string, error: NodeJS.ErrnoException): StepFailure {
  if (error.code !== "EAGAIN" && error.code !== "ENOMEM") return gitFailure(what, error.message, error);
  const hint = "The machine is short of processes or memory; wait, or work on fewer tasks at once.";
  return new StepFailure(`${what}: ${error.message}`, { code: "environment", remedy: "retry", hint, cause: error });
}
