import { execFile } from "node:child_process";
import { appendFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ModelRequest } from "../../../domain/model-call.ts";
import { agentFailure } from "./agent-failure.ts";
import type { AgentWorld } from "./agent-world.ts";
import { isAlive } from "./own-folder.ts";

/** A window of the run's tmux session, in which a person can watch an agent. The agent does not depend on it. */
export interface WatchWindow {
  /** One more line for whoever watches. */
  show(line: string): void;
  /** Resolves when all that was shown is written; the window stays for the next question. */
  rest(): Promise<void>;
}

export const NO_WINDOW: WatchWindow = { show: () => undefined, rest: async () => undefined };

/** `millwright-<run>`, in letters that tmux takes. */
export function sessionName({ run }: Pick<ModelRequest, "run">): string {
  return inLetters(`millwright-${run}`);
}

/** `<task>-<role>`, in letters that tmux takes. */
export function windowName({ task, role }: Pick<ModelRequest, "task" | "role">): string {
  return inLetters(`${task}-${role}`);
}

function inLetters(name: string): string {
  return name.replace(/[^\w-]/g, "-");
}

type Room = Pick<AgentWorld, "dir" | "env" | "atEnd" | "onDoing">;

/**
 * The window of this task and role in the run's detached tmux session; both are made where they are not there. They stay
 * from question to question, also when the mill is killed: the next one of this run finds them, and what they showed. The
 * session ends with the run's world; one whose mill is gone is ended by the next mill that opens one.
 * @throws StepFailure `environment` when there is no tmux
 */
export async function openWindow(request: ModelRequest, room: Room): Promise<WatchWindow> {
  const [session, window] = [sessionName(request), windowName(request)];
  const folder = join(room.dir, "watch", session);
  const file = join(folder, window);
  const tmux = tmuxOf(room.env);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await appendFile(file, `\n== ${window}, question ${request.attempt}; Ctrl-b d detaches, and the agent goes on\n`, {
    mode: 0o600,
  });
  await inOrder(session, () => haveWindow({ session, window, folder, file }, tmux, room)).catch((error: unknown) => {
    const hint = "Install tmux, or take `tmux: true` out of the agent in millwright.yaml.";
    throw agentFailure(`no tmux session could be made: ${error}`, "environment", "ask", hint);
  });
  room.onDoing?.(request.task, `${request.role}: watch it with tmux attach -t ${session}`);
  let written = Promise.resolve();
  return {
    show(line) {
      written = written.then(() => appendFile(file, `${harmless(line)}\n`)).catch(() => undefined);
    },
    rest: () => written,
  };
}

/** A terminal obeys control characters, and an agent's words are anybody's. */
function harmless(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, "");
}

type Tmux = (...args: readonly string[]) => Promise<string>;

interface Place {
  readonly session: string;
  readonly window: string;
  readonly folder: string;
  readonly file: string;
}

const SIZE = ["-x", "160", "-y", "48"];

async function haveWindow({ session, window, folder, file }: Place, tmux: Tmux, room: Room): Promise<void> {
  if (!ours.has(session)) {
    await endOrphans(session, tmux);
    ours.add(session);
    room.atEnd?.(() => endSession({ session, folder }, tmux));
  }
  const shown = ["tail", "-n", "+1", "-F", file];
  const windows = await tmux("list-windows", "-t", `=${session}`, "-F", "#{window_name}").catch(() => undefined);
  if (windows === undefined) await tmux("new-session", "-d", "-s", session, "-n", window, ...SIZE, ...shown);
  else if (!windows.split("\n").includes(window))
    await tmux("new-window", "-d", "-t", `=${session}:`, "-n", window, ...shown);
  await tmux("set-option", "-t", `=${session}:`, OWNER, String(process.pid));
}

/** Sessions that this process has opened and not ended yet. */
const ours = new Set<string>();

async function endSession({ session, folder }: Pick<Place, "session" | "folder">, tmux: Tmux): Promise<void> {
  ours.delete(session);
  await tmux("kill-session", "-t", `=${session}`).catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
}

/** The process whose session it is, as an option of the session: none of a person's own sessions has it. */
const OWNER = "@millwright";

/** Ends the sessions of mills that are gone, but for the one that is to be gone on with. What they showed stays. */
async function endOrphans(but: string, tmux: Tmux): Promise<void> {
  const listed = await tmux("list-sessions", "-F", `#{session_name} #{${OWNER}}`).catch(() => "");
  for (const line of listed.split("\n")) {
    const [session = "", owner = ""] = line.split(" ");
    if (owner === "" || session === but || isAlive(Number(owner))) continue;
    await tmux("kill-session", "-t", `=${session}`).catch(() => undefined);
  }
}

const turns = new Map<string, Promise<unknown>>();

/** Tasks that go on side by side open windows of one session. */
function inOrder(session: string, work: () => Promise<void>): Promise<void> {
  const mine = (turns.get(session) ?? Promise.resolve()).then(work, work);
  turns.set(
    session,
    mine.catch(() => undefined),
  );
  return mine;
}

/** tmux finds a person's server by these, and hands nothing else on. */
function tmuxOf(env: Room["env"]): Tmux {
  const names = ["PATH", "HOME", "TMUX_TMPDIR", "LANG", "USER", "SHELL"];
  const own = Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
  return async (...args) => {
    const { stdout } = await promisify(execFile)("tmux", [...args], { env: own, timeout: 10_000 });
    return stdout;
  };
}
