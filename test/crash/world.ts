import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { JournalEntry } from "../../src/domain/event.ts";
import type { RunOutcome } from "../../src/domain/outcome.ts";
import type { CompiledDriver } from "./compiled-driver.ts";
import type { Order } from "./driver.ts";
import { FILES, git, RUN } from "./makers.ts";

/** A repository with a person's unfinished work in it, a folder for temporary files, and one for what is written down. */
export interface World {
  readonly parent: string;
  readonly dir: string;
  readonly side: string;
  readonly sandbox: Order["sandbox"];
  /** What belonged to the person at the start. */
  readonly person: unknown;
  remove(): void;
}

export function makeWorld(sandbox: Order["sandbox"]): World {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), "millwright-crash-")));
  const [dir, side] = [join(parent, "numbers"), join(parent, "tmp", "side")];
  mkdirSync(side, { recursive: true });
  for (const [path, text] of Object.entries(FILES)) write(join(dir, path), text);
  git(dir, "init", "-q", "-b", "main");
  git(dir, "add", "-A");
  git(dir, "commit", "-q", "-m", "Begin");
  git(dir, "branch", "mine");
  write(join(dir, "staged.txt"), "staged\n");
  git(dir, "add", "staged.txt");
  write(join(dir, "src/add.js"), `${FILES["src/add.js"]}// not finished\n`);
  write(join(dir, "loose.txt"), "untracked\n");
  git(dir, "status");
  const person = personsOwn(dir);
  return { parent, dir, side, sandbox, person, remove: () => rmSync(parent, { recursive: true, force: true }) };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** How one process ended. */
export interface Life {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  readonly said: string;
}

/** Starts a process that pursues the run of a world. */
export function startLife(world: World, { dist, driver }: CompiledDriver, orders: Partial<Order> = {}) {
  const { dir, side, sandbox, parent } = world;
  const order: Order = { dist, dir, side, sandbox, kills: [], interrupts: [], ...orders };
  const env = { PATH: process.env.PATH ?? "", HOME: parent, TMPDIR: join(parent, "tmp") };
  const child = spawn(process.execPath, [driver, JSON.stringify(order)], { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      said += chunk;
    });
  // Not "close": whoever outlives the process may hold its streams.
  const ended = new Promise<Life>((done) => child.once("exit", (code, signal) => done({ code, signal, said })));
  return { child, ended };
}

/** Lines of a file that the driver writes down. */
export function linesOf(world: World, name: string): readonly string[] {
  const path = join(world.side, name);
  return existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
}

/** How a run came out, and what it left behind. */
export interface Result {
  readonly outcome: RunOutcome;
  readonly entries: readonly JournalEntry[];
  readonly story: readonly string[];
}

export function resultOf(world: World): Result | undefined {
  const path = join(world.side, "end.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Result) : undefined;
}

/** Everything that the mill makes in git: its branch, its attempts, and what is shown to people. */
export function landedIn({ dir, parent }: World): Readonly<Record<string, unknown>> {
  const refs = git(dir, "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads/loop", "refs/millwright");
  const shown = join(parent, "loop-numbers");
  const tasks = existsSync(shown) ? readdirSync(shown).sort() : [];
  return {
    refs: refs.split("\n"),
    shown: tasks.map((task) => ({
      task,
      head: git(join(shown, task), "rev-parse", "HEAD"),
      status: git(join(shown, task), "status", "--porcelain"),
    })),
  };
}

/** Everything that belongs to the person. */
export function personsOwn(dir: string): Readonly<Record<string, unknown>> {
  const digest = (path: string) =>
    createHash("sha256")
      .update(readFileSync(join(dir, path)))
      .digest("hex");
  const files = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .filter((path) => !path.startsWith(".git/") && !path.startsWith(".millwright/"));
  const branches = git(dir, "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/tags").split("\n");
  return {
    index: digest(".git/index"),
    head: readFileSync(join(dir, ".git/HEAD"), "utf8"),
    config: readFileSync(join(dir, ".git/config"), "utf8"),
    branches: branches.filter((line) => !line.startsWith("refs/heads/loop/")),
    files: files.sort().map((path) => `${path} ${digest(path)}`),
  };
}

/**
 * Names of what lies in the folders for temporary files, texts and recordings, without what differs by chance. The
 * folder of a test run that was killed is left to the system, as any program's.
 */
export function leftFiles({ parent, dir }: World): readonly string[] {
  const names = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);
  const state = join(dir, ".millwright");
  return [
    ...names(join(parent, "tmp"))
      .filter((name) => !name.startsWith("millwright-run-"))
      .map((name) => name.replace(/(?<=^millwright-)\w{6,}/, "*")),
    ...["", "blobs", "cache", "cache/deps", `recordings/${RUN}`].flatMap((folder) =>
      names(join(state, folder)).map((name) => `${folder}/${name}`),
    ),
  ].sort();
}

/** Processes that still have to do with a world: they name it, stand in it, or have it mounted. Only where /proc tells. */
export function leftProcesses({ parent }: Pick<World, "parent">): readonly string[] {
  const name = basename(parent);
  if (!existsSync("/proc/self/cmdline")) return [];
  const pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid);
  return pids.flatMap((pid) => {
    const command = told(() => readFileSync(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " ");
    const about = [
      command,
      told(() => readlinkSync(`/proc/${pid}/cwd`)),
      told(() => readFileSync(`/proc/${pid}/environ`, "utf8")),
      told(() => readFileSync(`/proc/${pid}/mountinfo`, "utf8")),
    ];
    return about.some((text) => text.includes(name)) ? [`${pid} ${command.slice(0, 200)}`] : [];
  });
}

function told(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}

/** Waits until nobody has to do with a world any more; answers who still has after `seconds`. */
export async function outlivers(world: Pick<World, "parent">, seconds = 20): Promise<readonly string[]> {
  for (let waited = 0; ; waited += 0.05) {
    const left = leftProcesses(world);
    if (left.length === 0 || waited > seconds) return left;
    await new Promise((done) => setTimeout(done, 50));
  }
}
