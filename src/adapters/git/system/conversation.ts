import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { StepFailure } from "../../../domain/step-failure.ts";
import { gitFailure } from "./git-failure.ts";
import { type Place, startGit } from "./git-program.ts";

/**
 * One git process that stays open and answers in the order of asking. It starts with the first question and again after
 * its end, and never keeps the mill's own process alive.
 */
export interface Conversation<Answer> {
  /**
   * Any number of questions may be open at once; one that git died of is asked once more, so asking twice must do no harm.
   * @throws StepFailure
   */
  ask(question: string | Uint8Array): Promise<Answer>;
  /** The next question is put to a new process; what was asked before is still answered by the old one. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

/** An answer that begins at some place of what git wrote, and where it ends; or how many bytes it needs at least. */
export type Cut<Answer> =
  | { readonly kind: "answer"; readonly answer: Answer; readonly end: number }
  | { readonly kind: "short"; readonly need: number };

export type Cutter<Answer> = (buffer: Buffer, start: number) => Cut<Answer>;

interface Waiting<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (failure: StepFailure) => void;
}

interface Process<Answer> {
  ask(question: string | Uint8Array, waiting: Waiting<Answer>): void;
  end(): Promise<void>;
}

const LINE_END = 0x0a;

/** Answers of a fixed number of lines; the last line's end is left out. */
export function linesOf(count: number): Cutter<string> {
  return (buffer, start) => {
    let end = start;
    for (let line = 0; line < count; line += 1) {
      const found = buffer.indexOf(LINE_END, end);
      if (found < 0) return { kind: "short", need: buffer.length - start + 1 };
      end = found + 1;
    }
    return { kind: "answer", answer: buffer.toString("utf8", start, end - 1), end };
  };
}

export function openConversation<Answer>(
  place: Place,
  args: readonly string[],
  cutter: Cutter<Answer>,
): Conversation<Answer> {
  let current: Process<Answer> | undefined;
  const start = (): Process<Answer> => {
    const started: Process<Answer> = startProcess({ place, args, cutter }, () => {
      if (current === started) current = undefined;
    });
    return started;
  };
  const once = (question: string | Uint8Array): Promise<Answer> =>
    new Promise((resolve, reject) => {
      current ??= start();
      current.ask(question, { resolve, reject });
    });
  return {
    ask: (question) => once(question).catch(() => once(question)),
    async renew() {
      const old = current;
      current = undefined;
      await old?.end();
    },
    async close() {
      await current?.end();
    },
  };
}

/** Cuts a stream into answers; a large one is put together once, when all of it is there. */
function answerCutter<Answer>(cutter: Cutter<Answer>, answer: (answer: Answer) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let have = 0;
  let need = 1;
  return (chunk) => {
    chunks.push(chunk);
    have += chunk.length;
    if (have < need) return;
    const buffer = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    let start = 0;
    let cut = cutter(buffer, start);
    for (; cut.kind === "answer"; cut = cutter(buffer, start)) {
      answer(cut.answer);
      start = cut.end;
    }
    chunks = start === buffer.length ? [] : [buffer.subarray(start)];
    have = buffer.length - start;
    need = cut.need;
  };
}

/** While nobody waits, neither the process nor its pipes keep ours alive. */
function hold(child: ChildProcess, held: "held" | "free"): void {
  const pipes = [child.stdin, child.stdout, child.stderr] as readonly (Socket | null)[];
  for (const part of [child, ...pipes]) held === "held" ? part?.ref() : part?.unref();
}

interface Start<Answer> {
  readonly place: Place;
  readonly args: readonly string[];
  readonly cutter: Cutter<Answer>;
}

function startProcess<Answer>({ place, args, cutter }: Start<Answer>, ended: () => void): Process<Answer> {
  const child = startGit(place, args);
  const queue: Waiting<Answer>[] = [];
  let said = "";
  const fail = (cause?: unknown): void => {
    ended();
    const failure = failureOf(`git ${args[0]}`, said, cause);
    for (const waiting of queue.splice(0)) waiting.reject(failure);
  };
  const cut = answerCutter(cutter, (answer) => {
    queue.shift()?.resolve(answer);
    if (queue.length === 0) hold(child, "free");
  });
  child.stdout?.on("data", cut);
  child.stderr?.on("data", (chunk: Buffer) => {
    said = `${said}${chunk.toString("utf8")}`.slice(-1_000);
  });
  child.stdin?.on("error", () => undefined);
  child.on("error", fail);
  const closed = new Promise<void>((resolve) => child.on("close", () => resolve(fail())));
  hold(child, "free");
  return {
    ask(question, waiting) {
      hold(child, "held");
      queue.push(waiting);
      child.stdin?.write(question);
    },
    end() {
      hold(child, "held");
      child.stdin?.end();
      return closed;
    },
  };
}

/** A process that ended without a word was killed, or the machine is short of something: that passes. */
function failureOf(what: string, said: string, cause: unknown): StepFailure {
  if (said !== "") return gitFailure(what, said, cause);
  const { code, hint, message } = gitFailure(what, "the process ended", cause);
  return new StepFailure(message, { code, remedy: "retry", hint, cause });
}
