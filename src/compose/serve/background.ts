import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { inspectRepository } from "../../adapters/git/system/inspection.ts";
import { InputError } from "../../domain/step-failure.ts";
import { prepareStateDir } from "../state-dir.ts";
import { ownProgram } from "./open-serve.ts";

export interface BackgroundWiring {
  readonly program?: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** How often the beginning is looked for, and how long, in milliseconds. */
const LOOK = 100;
const LONGEST = 60_000;

/**
 * Begins a command of the mill's own command line as a process that outlives this one, and answers with the id of its run once
 * the journal has it. @throws InputError with what the command said when it began no run
 */
export async function startInBackground(
  dir: string,
  words: readonly string[],
  wiring: BackgroundWiring = {},
): Promise<{ readonly run: string; readonly pid: number | undefined }> {
  const { root, sharedDir } = await inspectRepository(dir);
  const folder = join(await prepareStateDir(root, sharedDir), "background");
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${randomUUID().slice(0, 8)}.ndjson`);
  const file = await open(path, "w");
  const [program, ...first] = wiring.program ?? ownProgram;
  const child = spawn(program, [...first, ...words], {
    cwd: root,
    env: { ...(wiring.env ?? process.env) },
    // A file and no pipe: a reader that leaves would end the run.
    stdio: ["ignore", file.fd, file.fd],
    detached: true,
    shell: false,
  });
  let ended = false;
  for (const event of ["error", "exit"]) child.once(event, () => (ended = true));
  child.once("exit", () => void rm(path, { force: true }));
  child.unref();
  await file.close();
  for (let waited = 0; waited < LONGEST; waited += LOOK) {
    const isOver = ended;
    const said = await readFile(path, "utf8").catch(() => "");
    const [, run] = /^\{"kind":"entry".*?"run":"([^"]+)"/m.exec(said) ?? [];
    if (run !== undefined) return { run, pid: child.pid };
    if (isOver) throw new InputError([problemIn(said)]);
    await new Promise((done) => setTimeout(done, LOOK));
  }
  throw new InputError([`No run began within ${LONGEST / 1000} seconds. Look with status in a while.`]);
}

function problemIn(said: string): string {
  const [line] = /^\{"kind":"error".*$/m.exec(said) ?? [];
  if (line === undefined) return said.trim().split("\n").at(-1) || "The command ended before it began a run.";
  const { problems, message } = JSON.parse(line) as {
    readonly problems?: readonly string[];
    readonly message?: string;
  };
  return problems?.join(" ") ?? message ?? "The command was refused.";
}
