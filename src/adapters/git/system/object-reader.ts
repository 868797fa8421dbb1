import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { StepFailure } from "../../../domain/step-failure.ts";
import { gitFailure } from "./git-failure.ts";
import { type Place, startGit } from "./git-program.ts";
import { isObjectId } from "./names.ts";

/** Reads objects through one long-lived git process, which never keeps the mill's own process alive. */
export interface ObjectReader {
  /** The bytes of an object; undefined when there is none. Any number of reads may run at once. */
  read(id: string): Promise<Buffer | undefined>;
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (bytes: Buffer | undefined) => void;
  readonly reject: (failure: StepFailure) => void;
}

interface Process {
  ask(id: string, waiting: Waiting): void;
  end(): Promise<void>;
}

const LINE_END = 0x0a;

type Cut =
  | { readonly kind: "answer"; readonly bytes: Buffer | undefined; readonly end: number }
  | { readonly kind: "short"; readonly need: number };

/** The answer that begins at `start`: `<id> <type> <size>\n<bytes>\n`, or `<id> missing\n`; or how many bytes it needs. */
function answerAt(buffer: Buffer, start: number): Cut {
  const lineEnd = buffer.indexOf(LINE_END, start);
  if (lineEnd < 0) return { kind: "short", need: buffer.length - start + 1 };
  const body = lineEnd + 1;
  const [, , size] = buffer.toString("latin1", start, lineEnd).split(" ");
  if (size === undefined) return { kind: "answer", bytes: undefined, end: body };
  const end = body + Number(size) + 1;
  if (end > buffer.length) return { kind: "short", need: end - start };
  return { kind: "answer", bytes: Buffer.from(buffer.subarray(body, end - 1)), end };
}

/** Cuts a stream into answers; a large one is put together once, when all of it is there. */
function answerCutter(answer: (bytes: Buffer | undefined) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let have = 0;
  let need = 1;
  return (chunk) => {
    chunks.push(chunk);
    have += chunk.length;
    if (have < need) return;
    const buffer = Buffer.concat(chunks);
    let start = 0;
    let cut = answerAt(buffer, start);
    for (; cut.kind === "answer"; cut = answerAt(buffer, start)) {
      answer(cut.bytes);
      start = cut.end;
    }
    chunks = [buffer.subarray(start)];
    have = buffer.length - start;
    need = cut.need;
  };
}

/** While nobody waits, neither the process nor its pipes keep ours alive. */
function hold(child: ChildProcess, held: "held" | "free"): void {
  const pipes = [child.stdin, child.stdout, child.stderr] as readonly (Socket | null)[];
  for (const part of [child, ...pipes]) held === "held" ? part?.ref() : part?.unref();
}

function startReading(place: Place, ended: () => void): Process {
  const child = startGit(place, ["cat-file", "--batch"]);
  const queue: Waiting[] = [];
  let said = "";
  const fail = (cause?: unknown): void => {
    ended();
    const failure = gitFailure("git cat-file", said || "the reading process ended", cause);
    const retried = new StepFailure(failure.message, {
      code: failure.code,
      remedy: "retry",
      hint: failure.hint,
      cause,
    });
    for (const waiting of queue.splice(0)) waiting.reject(retried);
  };
  const cut = answerCutter((bytes) => {
    queue.shift()?.resolve(bytes);
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
    ask(id, waiting) {
      hold(child, "held");
      queue.push(waiting);
      child.stdin?.write(`${id}\n`);
    },
    end() {
      hold(child, "held");
      child.stdin?.end();
      return closed;
    },
  };
}

export function openObjectReader(place: Place): ObjectReader {
  let current: Process | undefined;
  const start = (): Process => {
    const started: Process = startReading(place, () => {
      if (current === started) current = undefined;
    });
    return started;
  };
  return {
    async read(id) {
      if (!isObjectId(id)) throw new Error(`not an object id: ${JSON.stringify(id)}`);
      return await new Promise((resolve, reject) => {
        current ??= start();
        current.ask(id, { resolve, reject });
      });
    },
    async close() {
      await current?.end();
    },
  };
}
