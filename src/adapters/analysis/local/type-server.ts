import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Diagnostic } from "../../../domain/diagnostic.ts";
import type { SandboxResult } from "../../../domain/sandbox-job.ts";
import type { Sandbox } from "../../../engine/ports.ts";
import { cannotRun } from "./cannot-run.ts";
import type { InstalledPackage } from "./installed.ts";
import { type Ground, TOOL_LIMITS, toolEnvironment } from "./workspace.ts";

/** A question to the type server: one project, and what has changed in the checkout since it was asked last. */
export interface TypeRequest {
  readonly project: string;
  readonly changed: readonly string[];
  /** Files came or went. */
  readonly restructured: boolean;
}

/** The target's TypeScript, kept warm in a sandbox of its own. */
export interface TypeServer {
  /** What it was started with: another installation needs another server. */
  readonly key: string;
  readonly isAlive: () => boolean;
  ask(request: TypeRequest): Promise<readonly Diagnostic[]>;
  close(): Promise<void>;
}

export const TYPE_HINT =
  "Run the target's `tsc --noEmit` by hand to see what it says; or set `types` in millwright.yaml to a command that works, or to `off`.";

/** The servers are shipped as they are: they run beside the target's own compiler. */
const SERVERS = fileURLToPath(new URL("./servers/", import.meta.url)).replace(/\/$/, "");
const POLL_MILLISECONDS = 5;
const ANSWER_MILLISECONDS = 600_000;
const MAILBOX = "mailbox-";
const LIFE_SECONDS = 6 * 3600;

/** Names the installation a server stands on. */
export function serverKey(ground: Ground, typescript: InstalledPackage): string {
  return JSON.stringify([typescript, ground.mounts]);
}

/** Starts the server; it lives until it is closed, has been idle for ten minutes, or this process ends. */
export async function startTypeServer(
  ground: Ground,
  typescript: InstalledPackage,
  world: { sandbox: Sandbox; cacheDir: string },
): Promise<TypeServer> {
  await mkdir(world.cacheDir, { recursive: true });
  await clearMailboxes(world.cacheDir);
  const mailbox = await mkdtemp(join(world.cacheDir, MAILBOX));
  const servers = ground.see(SERVERS, "/millwright-servers", "read");
  const letters = ground.see(mailbox, "/mailbox", "write");
  const stop = new AbortController();
  let ended: SandboxResult | Error | undefined;
  const job = {
    argv: ["node", `${servers.path}/typescript-server.mjs`, typescript.path, ground.root, letters.path],
    cwd: ground.root,
    mounts: [...ground.mounts, servers.mount, letters.mount],
    env: toolEnvironment(),
    network: false,
    limits: { ...TOOL_LIMITS, seconds: LIFE_SECONDS },
  };
  const running = world.sandbox.run(job, stop.signal).then(
    (result) => {
      ended = result;
    },
    (thrown: unknown) => {
      ended = thrown instanceof Error ? thrown : new Error(String(thrown));
    },
  );
  let number = 0;
  const answerTo = async (one: number): Promise<Answer> => {
    const file = join(mailbox, `answer-${one}.json`);
    for (
      const start = performance.now();
      performance.now() - start < ANSWER_MILLISECONDS;
      await sleep(POLL_MILLISECONDS)
    ) {
      const over = ended;
      const text = await readFile(file, "utf8").catch(() => undefined);
      if (text !== undefined) return JSON.parse(text) as Answer;
      if (over) throw whyEnded(typescript, over);
    }
    throw cannotRun(`tsc ${typescript.version}`, "no answer within ten minutes", TYPE_HINT);
  };
  await answerTo(0);
  return {
    key: serverKey(ground, typescript),
    isAlive: () => ended === undefined,
    async ask(request) {
      number += 1;
      const file = join(mailbox, `request-${number}.json`);
      await writeFile(`${file}.part`, JSON.stringify(request));
      await rename(`${file}.part`, file);
      const answer = await answerTo(number);
      await rm(join(mailbox, `answer-${number}.json`), { force: true });
      if (answer.diagnostics) return answer.diagnostics;
      throw cannotRun(`tsc ${typescript.version}`, answer.error ?? "no diagnostics", TYPE_HINT);
    },
    async close() {
      stop.abort();
      await running;
      await rm(mailbox, { recursive: true, force: true });
    },
  };
}

/** What servers of processes that were killed left behind: one process at a time works in a repository. */
async function clearMailboxes(cacheDir: string): Promise<void> {
  const left = (await readdir(cacheDir)).filter((name) => name.startsWith(MAILBOX));
  await Promise.all(left.map((name) => rm(join(cacheDir, name), { recursive: true, force: true })));
}

interface Answer {
  readonly diagnostics?: readonly Diagnostic[];
  readonly error?: string;
}

function whyEnded(typescript: InstalledPackage, ended: SandboxResult | Error): Error {
  if (ended instanceof Error) return ended;
  const why = ended.ended === "exited" ? `exit code ${ended.exitCode}` : `ended by ${ended.ended}`;
  return cannotRun(`tsc ${typescript.version}`, `${why}: ${ended.stderr.slice(-800)}`, TYPE_HINT);
}
