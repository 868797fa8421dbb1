import { spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";

/** A program to be started, without a shell. */
export interface ProgramCall {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Text for its standard input; absent: it has none. */
  readonly input?: string | undefined;
  /** Called with each line of its standard output. */
  readonly onLine?: ((line: string) => void) | undefined;
}

export interface ProgramEnd {
  /** Null when a signal ended it, or when it could not be started. */
  readonly exit: number | null;
  /** The ends of what it wrote, at most 64 KiB each. */
  readonly stdout: string;
  readonly stderr: string;
  /** Why it could not be started. */
  readonly problem: string | undefined;
}

const KEPT = 64 * 1024;

/**
 * Runs a program to its end; never throws. It has a session of its own, so that Ctrl-C in a terminal reaches it only
 * through `signal`, which asks it to end (SIGTERM) and waits for it.
 */
export function runProgram(call: ProgramCall, signal?: AbortSignal): Promise<ProgramEnd> {
  const [program, ...words] = call.argv;
  return new Promise((resolve) => {
    const child = spawn(program, words, {
      cwd: call.cwd,
      env: { ...call.env },
      stdio: [call.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      detached: true,
      shell: false,
    });
    const texts = { stdout: "", stderr: "" };
    const ask = () => child.kill("SIGTERM");
    const end = (exit: number | null, problem?: string) => {
      signal?.removeEventListener("abort", ask);
      resolve({ exit, ...texts, problem });
    };
    for (const name of ["stdout", "stderr"] as const) {
      const lines = name === "stdout" ? byLine(call.onLine) : undefined;
      const decoder = new StringDecoder("utf8");
      child[name]?.on("data", (bytes: Buffer) => {
        const text = decoder.write(bytes);
        texts[name] = (texts[name] + text).slice(-KEPT);
        lines?.(text);
      });
    }
    child.on("error", (error) => end(null, error.message));
    child.on("close", (exit) => end(exit));
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(call.input);
    if (signal?.aborted) ask();
    else signal?.addEventListener("abort", ask, { once: true });
  });
}

function byLine(onLine: ProgramCall["onLine"]): ((text: string) => void) | undefined {
  if (onLine === undefined) return undefined;
  let open = "";
  return (text) => {
    const lines = (open + text).split("\n");
    open = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  };
}
