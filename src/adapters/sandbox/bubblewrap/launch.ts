import { spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import type { Running } from "../supervise.ts";
import { DESCRIPTORS } from "./bubblewrap-arguments.ts";

export interface Launch {
  /** The whole command line, from the first wrapper to the job's own program. */
  readonly commandLine: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly bubblewrapArguments: readonly string[];
  readonly input: string | undefined;
  /** Descriptors of this process that must not be seen inside. */
  readonly inherited: readonly number[];
}

export interface Launched extends Running {
  /** Whether the sandbox was built and the job's command begun; known when `exited` has resolved. */
  begun(): boolean;
}

/** Starts bubblewrap; nothing of this process's environment or open files goes along. */
export function launch({ commandLine, env, bubblewrapArguments, input, inherited }: Launch): Launched {
  const [program = "", ...args] = commandLine;
  const streams: ("pipe" | "ignore" | number)[] = [input === undefined ? "ignore" : "pipe", "pipe", "pipe"];
  for (const descriptor of Object.values(DESCRIPTORS)) streams[descriptor] = "pipe";
  const nothing = openSync("/dev/null", "r+");
  for (const descriptor of inherited) streams[descriptor] = nothing;
  // Detached: a terminal's Ctrl-C is for the engine, which decides what becomes of the sandbox.
  const child = spawn(program, args, {
    cwd: "/",
    env,
    detached: true,
    stdio: Array.from(streams, (stream) => stream ?? "ignore"),
  });
  closeSync(nothing);
  const tell = (descriptor: number, text: string) => send(child.stdio[descriptor] as Writable | null, text);
  tell(DESCRIPTORS.arguments, bubblewrapArguments.map((argument) => `${argument}\0`).join(""));
  for (const [name, text] of Object.entries(etcFiles())) tell(DESCRIPTORS[name as keyof typeof DESCRIPTORS], text);
  if (input !== undefined) tell(0, input);

  const status = child.stdio[DESCRIPTORS.status] as Readable;
  let said = "";
  status.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const number = (key: string) => {
    const digits = new RegExp(`"${key}": *(\\d+)`).exec(said)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  const statusEnded = new Promise((resolve) => status.once("close", resolve));
  const exited = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => void statusEnded.then(() => resolve(number("exit-code") ?? code ?? 137)));
  });
  const kill = () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const init = number("child-pid");
    // The sandbox's first process takes all others along; the launcher alone might be gone before it has asked for that.
    if (init !== undefined) signal(init, "SIGKILL");
    signal(child.pid, "SIGKILL");
  };
  return {
    stdout: child.stdout as Readable,
    stderr: child.stderr as Readable,
    exited,
    begun: () => number("exit-code") !== undefined,
    kill,
    terminate: () => {
      const init = number("child-pid");
      const commands = init === undefined ? [] : childrenOf(init);
      if (commands.length === 0) kill();
      for (const command of commands) signal(command, "SIGTERM");
    },
  };
}

/** Open files that this process was started with and that a child would get: Node marks only what it opens itself. */
export function inheritedDescriptors(): readonly number[] {
  const lastOfOurs = Math.max(...Object.values(DESCRIPTORS));
  return readdirSync("/proc/self/fd")
    .map(Number)
    .filter((descriptor) => descriptor > lastOfOurs && !closesOnExec(descriptor));
}

function closesOnExec(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8"))?.[1] ?? "0";
    return (Number.parseInt(flags, 8) & 0o2000000) !== 0;
  } catch {
    return true;
  }
}

/** Writes all and closes; whoever stops reading early may. */
function send(stream: Writable | null, text: string): void {
  stream?.on("error", () => undefined);
  stream?.end(text);
}

/** The little of /etc that programs ask for before they have done anything. */
function etcFiles(): Readonly<Record<"passwd" | "group" | "hosts", string>> {
  const [user, group] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  const nobody = (id: number) => (id === 65534 ? "" : "nobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n");
  return {
    passwd: `${user === 0 ? "root" : "millwright"}:x:${user}:${group}::/tmp:/bin/sh\n${nobody(user)}`,
    group: `${group === 0 ? "root" : "millwright"}:x:${group}:\n${group === 65534 ? "" : "nogroup:x:65534:\n"}`,
    hosts: "127.0.0.1 localhost sandbox\n::1 localhost\n",
  };
}

function childrenOf(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return text
      .split(" ")
      .filter((word) => word.trim() !== "")
      .map(Number);
  } catch {
    return [];
  }
}

function signal(pid: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}
