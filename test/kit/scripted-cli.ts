import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { Event } from "../../src/domain/event.ts";
import type { DoctorCheck } from "../../src/mill.ts";
import { compiledSources } from "./compiled.ts";
import { told } from "./told-run.ts";

/** What the scripted mill does; see scripted-compose.mjs. */
export interface Script {
  readonly events?: readonly Event[];
  readonly outcome?: object;
  readonly failure?: object;
  readonly openFailure?: object;
  readonly hang?: boolean;
  readonly deaf?: boolean;
  readonly echo?: boolean;
  readonly path?: string;
  readonly runs?: readonly string[];
  readonly checks?: readonly DoctorCheck[];
  readonly candidates?: readonly object[];
  readonly pauseMilliseconds?: number;
  readonly glimpses?: readonly { readonly after: number; readonly seen: object }[];
}

export interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ScriptedCli {
  /** The program's file, and the environment that it needs. */
  prepare(script: Script): { readonly main: string; readonly environment: Record<string, string> };
  call(words: readonly string[], script?: Script, environment?: Record<string, string>): Promise<Ended>;
  /** Like `call`, with the process in hand. */
  start(words: readonly string[], script: Script): { readonly child: ChildProcess; readonly ended: Promise<Ended> };
}

const root = resolve(import.meta.dirname, "../..");

/** The real command line as a real process, over a mill that tells a script. */
export function scriptedCli(): ScriptedCli {
  let folder = "";
  let scripts = 0;
  beforeAll(() => {
    mkdirSync(join(root, "tmp"), { recursive: true });
    folder = mkdtempSync(join(root, "tmp/cli-")); // inside the house, where its dependencies are found
    cpSync(compiledSources(), join(folder, "dist"), { recursive: true });
    copyFileSync(join(root, "package.json"), join(folder, "package.json"));
    copyFileSync(join(root, "test/kit/scripted-compose.mjs"), join(folder, "dist/compose.js"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const prepare: ScriptedCli["prepare"] = ({ events = [], ...script }) => {
    scripts += 1;
    const path = join(folder, `script-${scripts}.json`);
    writeFileSync(
      path,
      JSON.stringify({ outcome: { kind: "done", branch: "loop/pricing" }, ...script, entries: told(events) }),
    );
    const environment = { PATH: process.env.PATH ?? "", HOME: tmpdir(), MILL_SCRIPT: path };
    return { main: join(folder, "dist/apps/cli/main.js"), environment };
  };
  const begin = (words: readonly string[], script: Script, extra: Record<string, string>) => {
    const { main, environment } = prepare(script);
    const child = spawn(process.execPath, [main, ...words], { cwd: tmpdir(), env: { ...environment, ...extra } });
    return { child, ended: endOf(child) };
  };
  return {
    prepare,
    call: (words, script = {}, environment = {}) => begin(words, script, environment).ended,
    start: (words, script) => begin(words, script, {}),
  };
}

function endOf(child: ChildProcess): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  return new Promise((done) => child.on("close", (exit) => done({ exit, stdout, stderr })));
}
