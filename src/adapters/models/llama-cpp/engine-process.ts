import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { StepFailure } from "../../../domain/step-failure.ts";
import { cancelled } from "../call-watch.ts";
import { type Died, diedAs, failedAs } from "./engine-failure.ts";
import type { Answer, FromEngine, Question, ToEngine } from "./engine-messages.ts";

/** A model that is loaded, in a process of its own. Questions are answered one after the other. */
export interface Engine {
  readonly pid: number;
  readonly alive: boolean;
  /** Questions that are answered now or wait. */
  readonly asked: number;
  /** @throws StepFailure when the process dies or says that it cannot; `cancelled` */
  ask(question: Question, hearing: Hearing): Promise<Answer>;
  /** Ends the process, whatever it does. */
  end(): Promise<void>;
}

export interface Hearing {
  readonly signal: AbortSignal;
  /** Called with the tokens of the reply so far, a few times a second. */
  progress(tokens: number): void;
}

export interface EngineStart {
  readonly module: string;
  readonly graphics: boolean;
  readonly file: string;
  readonly threads: number;
  /** The program that holds the model. Default: the one beside this file. */
  readonly worker?: string | undefined;
}

const WORKER = fileURLToPath(new URL("worker.mjs", import.meta.url));
/** How long a process may take to give up a question before it is killed. */
const PATIENCE_MILLISECONDS = 2000;

/** Starts a process and loads the model. @throws StepFailure that says what is wrong with the file, the engine or the memory */
export async function startEngine(start: EngineStart, signal: AbortSignal): Promise<Engine> {
  if (signal.aborted) throw reasonOf(signal);
  const process = forked(start.worker ?? WORKER);
  const { worker: _worker, ...load } = start;
  const loaded = process.hear((message) =>
    message.kind === "loaded" || message.kind === "failed" ? message : undefined,
  );
  process.tell({ kind: "load", ...load });
  const message = await untilAborted(loaded, signal).catch(async (error: unknown) => {
    await process.end();
    throw error;
  });
  if (message.kind === "loaded") return engineOf(process);
  await process.end();
  throw failedAs(message, start.file);
}

interface Forked {
  readonly child: ChildProcess;
  tell(message: ToEngine): void;
  /** The first message of which `pick` makes something. @throws StepFailure when the process dies first */
  hear<Picked>(pick: (message: FromEngine) => Picked | undefined): Promise<Picked>;
  end(): Promise<void>;
}

function forked(worker: string): Forked {
  const env = Object.fromEntries(["PATH", "HOME", "TMPDIR", "SYSTEMROOT"].flatMap((name) => variable(name)));
  const child = fork(worker, [], { env, execArgv: [], detached: true, stdio: ["ignore", "ignore", "pipe", "ipc"] });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4000);
  });
  const gone = new Promise<Died>((done) => {
    child.once("error", (error) => done({ exit: null, signal: null, said: error.message }));
    child.once("exit", (exit, signal) => done({ exit, signal, said }));
  });
  holdBack(child);
  return {
    child,
    tell: (message) => {
      if (child.connected) child.send(message, () => undefined);
    },
    hear: (pick) =>
      new Promise((done, fail) => {
        const listen = (message: unknown) => {
          const picked = pick(message as FromEngine);
          if (picked === undefined) return;
          child.off("message", listen);
          done(picked);
        };
        child.on("message", listen);
        void gone.then((died) => fail(diedAs(died)));
      }),
    async end() {
      killGroup(child);
      await gone;
    },
  };
}

function variable(name: string): readonly (readonly [string, string])[] {
  const value = process.env[name];
  return value === undefined ? [] : [[name, value]];
}

/** An idle model does not keep the mill alive. */
function holdBack(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
  (child.stderr as unknown as { unref?: () => void } | null)?.unref?.();
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

function engineOf(process: Forked): Engine {
  const { child } = process;
  let [next, asked] = [0, 0];
  let turn: Promise<unknown> = Promise.resolve();
  return {
    pid: child.pid ?? 0,
    get alive() {
      return child.connected && child.exitCode === null;
    },
    get asked() {
      return asked;
    },
    async ask(question, hearing) {
      asked += 1;
      child.channel?.ref();
      const before = turn;
      const { promise: over, resolve: leave } = promiseOf();
      turn = before.then(() => over);
      try {
        await untilAborted(before, hearing.signal);
        next += 1;
        return await answerOf(process, { kind: "ask", id: next, ...question }, hearing);
      } finally {
        leave();
        asked -= 1;
        if (asked === 0) child.channel?.unref();
      }
    },
    end: process.end,
  };
}

async function answerOf(
  process: Forked,
  question: Extract<ToEngine, { kind: "ask" }>,
  { signal, progress }: Hearing,
): Promise<Answer> {
  const { id } = question;
  const heard = process.hear((message) => {
    if (message.kind === "loaded" || message.id !== id) return undefined;
    if (message.kind !== "progress") return message;
    progress(message.tokens);
    return undefined;
  });
  process.tell(question);
  const answer = await untilAborted(heard, signal).catch(async (error: unknown) => {
    if (signal.aborted) void giveUp(process, id, heard);
    throw error;
  });
  if (answer.kind === "failed") throw failedAs(answer, undefined);
  return answer;
}

/** A process that does not give its question up in time is ended; the next question starts another. */
async function giveUp(process: Forked, id: number, heard: Promise<unknown>): Promise<void> {
  process.tell({ kind: "abort", id });
  const late = setTimeout(() => void process.end(), PATIENCE_MILLISECONDS);
  await heard.catch(() => undefined);
  clearTimeout(late);
}

async function untilAborted<Value>(value: Promise<Value>, signal: AbortSignal): Promise<Value> {
  let stop = () => {};
  const aborted = new Promise<never>((_, fail) => {
    stop = () => fail(reasonOf(signal));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
  });
  value.catch(() => undefined);
  return Promise.race([value, aborted]).finally(() => signal.removeEventListener("abort", stop));
}

function reasonOf(signal: AbortSignal): StepFailure {
  const reason = signal.reason as StepFailure | undefined;
  return reason?.name === "StepFailure" ? reason : cancelled();
}

function promiseOf(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
