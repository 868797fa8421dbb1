import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { Event, JournalEntry } from "../../src/domain/event.ts";
import { type CompiledDriver, compiledDriver } from "../crash/compiled-driver.ts";
import type { Target } from "./target.ts";

/** How a process ended, and what it said. */
export interface CliEnd {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Options of Node before the program, such as `--require`. */
  readonly node?: readonly string[];
  /** A program that starts it, with its words: `bwrap …`. */
  readonly within?: readonly string[];
}

export interface Live {
  readonly child: ChildProcess;
  readonly ended: Promise<CliEnd>;
  /** All that it has written so far to both streams. */
  said(): string;
}

/** The compiled package as it is installed, started as a process of its own in a target. */
export interface WholeCli {
  start(target: Target, words: readonly string[], options?: CliOptions): Live;
  call(target: Target, words: readonly string[], options?: CliOptions): Promise<CliEnd>;
  /** Program, words and environment, for whoever starts it in another way. */
  command(target: Target, words: readonly string[], options?: CliOptions): CliCommand;
}

export interface CliCommand {
  readonly argv: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
}

/** Compiles the package before the tests of a file, and removes it after them. */
export function wholeCli(): WholeCli {
  let installed: CompiledDriver | undefined;
  beforeAll(() => {
    installed = compiledDriver();
  });
  afterAll(() => installed?.remove());

  const command: WholeCli["command"] = (target, words, { environment = {}, node = [], within = [] } = {}) => {
    const main = join(installed?.dist ?? "", "apps/cli/main.js");
    const [first = process.execPath, ...rest] = [...within, process.execPath, ...node, main, ...words];
    return { argv: [first, ...rest], environment: { ...surroundings(target), ...environment } };
  };
  const start: WholeCli["start"] = (target, words, options) => {
    const { argv, environment } = command(target, words, options);
    return lively(spawn(argv[0], argv.slice(1), { cwd: target.dir, env: environment }));
  };
  return { command, start, call: (...all) => start(...all).ended };
}

/** Its home and its temporary files lie beside the target, where a story sees what is left of them. */
export function surroundings(target: Target): Record<string, string> {
  const [home, temporary] = ["home", "tmp"].map((name) => join(dirname(target.dir), name)) as [string, string];
  for (const folder of [home, temporary]) mkdirSync(folder, { recursive: true });
  return { PATH: process.env.PATH ?? "", HOME: home, TMPDIR: temporary };
}

function lively(child: ChildProcess): Live {
  const texts = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream]?.setEncoding("utf8").on("data", (text) => {
      texts[stream] += text;
    });
  const ended = new Promise<CliEnd>((done) => {
    child.on("close", (exit, signal) => done({ exit, signal, ...texts }));
  });
  return { child, ended, said: () => texts.stdout + texts.stderr };
}

/** The journal's entries that `--json` wrote. */
export function entriesIn({ stdout }: Pick<CliEnd, "stdout">): readonly JournalEntry[] {
  const lines = stdout.split("\n").filter((line) => line.startsWith('{"kind":"entry"'));
  return lines.map((line) => JSON.parse(line) as JournalEntry);
}

/** Its facts of one type, in order. */
export function factsIn<Type extends Event["type"]>(end: Pick<CliEnd, "stdout">, type: Type) {
  return entriesIn(end).flatMap(({ event }) => (event.type === type ? [event as Extract<Event, { type: Type }>] : []));
}
