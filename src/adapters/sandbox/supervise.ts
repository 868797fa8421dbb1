import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { SandboxLimits } from "../../domain/sandbox-job.ts";
import { StepFailure } from "../../domain/step-failure.ts";

/** A program that was just started, in whatever kind of sandbox. */
export interface Running {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves with the program's exit code, 128 + n when it died of signal n; rejects when it could not be started. */
  readonly exited: Promise<number>;
  /** Asks the program to end. */
  terminate(): void;
  /** Ends everything that the program has started. */
  kill(): void;
}

/** How a program ended: by itself, or stopped for a reason. */
export interface Supervised {
  readonly stopped: "timeout" | "output" | undefined;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** Between the request to end and the end. */
const GRACE_MILLISECONDS = 1000;
/** How long output may still arrive after the end: a daemon that nobody could kill may hold the streams for ever. */
const DRAIN_MILLISECONDS = 1000;
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Reads a program's output and keeps its limits of time and output; text is UTF-8 with replacements, otherwise raw.
 * `overflow`, when given, resolves with a sentence as soon as the program wrote too much elsewhere.
 * @throws StepFailure `cancelled` on abort, after everything has been killed.
 */
export async function supervise(
  running: Running,
  limits: Pick<SandboxLimits, "seconds" | "outputMegabytes">,
  signal?: AbortSignal,
  overflow?: Promise<string>,
): Promise<Supervised> {
  const started = performance.now();
  const verdict: { stopped: Supervised["stopped"]; note: string } = { stopped: undefined, note: "" };
  const stop = (why: "timeout" | "output", note = "") => {
    if (verdict.stopped !== undefined) return;
    Object.assign(verdict, { stopped: why, note });
    if (why === "output") running.kill();
    else running.terminate();
  };
  const budget = { left: limits.outputMegabytes * 1024 * 1024, spent: () => stop("output") };
  const stdout = gather(running.stdout, budget);
  const stderr = gather(running.stderr, budget);
  const milliseconds = Math.min(limits.seconds * 1000, LONGEST_TIMER - GRACE_MILLISECONDS);
  const timers = [
    setTimeout(() => stop("timeout"), milliseconds),
    setTimeout(() => verdict.stopped === "timeout" && running.kill(), milliseconds + GRACE_MILLISECONDS),
  ];
  const abort = () => running.kill();
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted) abort();
  overflow?.then((sentence) => stop("output", `\n[sandbox] ${sentence}\n`)).catch(() => undefined);

  try {
    const exitCode = await running.exited;
    await Promise.race([
      Promise.all([stdout.ended, stderr.ended]),
      sleep(DRAIN_MILLISECONDS, undefined, { ref: false }),
    ]);
    if (signal?.aborted) throw cancelled();
    const seconds = (performance.now() - started) / 1000;
    return { stopped: verdict.stopped, exitCode, stdout: stdout.text(), stderr: stderr.text() + verdict.note, seconds };
  } finally {
    timers.forEach(clearTimeout);
    signal?.removeEventListener("abort", abort);
    running.stdout.destroy();
    running.stderr.destroy();
  }
}

/** What an aborted run throws. */
export function cancelled(): StepFailure {
  return new StepFailure("The sandboxed command was cancelled.", {
    code: "cancelled",
    remedy: "stop",
    hint: "Resume the run to go on from here.",
  });
}

/** Keeps what a stream says, as long as the budget that it shares with its sibling lasts. */
function gather(stream: Readable, budget: { left: number; spent(): void }) {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => {
    if (chunk.length > budget.left) budget.spent();
    if (budget.left > 0) chunks.push(chunk.subarray(0, budget.left));
    budget.left = Math.max(0, budget.left - chunk.length);
  });
  const ended = new Promise<void>((resolve) => {
    stream.once("close", resolve);
    stream.once("error", () => resolve());
    stream.once("end", resolve);
  });
  // A byte order mark is content here.
  const text = () => new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.concat(chunks));
  return { ended, text };
}
