import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import type { SandboxJob } from "../../../domain/sandbox-job.ts";
import { StepFailure } from "../../../domain/step-failure.ts";
import type { Sandbox } from "../../../engine/ports.ts";
import { type Json, objectOfLine, textIn } from "./json-value.ts";

/** An agent that runs in a sandbox, and is talked to while it does. */
export interface AgentProcess {
  write(text: string): void;
  endInput(): void;
  /** Reads a file of its folder (empty when there is none), or writes one, from inside the sandbox. */
  file(asked: { path: string; write?: string }): Promise<string>;
  /** TERM, and KILL to all that is left of it a little later; resolves when nothing is. */
  stop(): Promise<void>;
  /** Resolves when the agent and all that it started are gone. @throws StepFailure when the sandbox could not be built. */
  readonly ended: Promise<ProcessEnd>;
}

export interface ProcessEnd {
  /** Undefined when it was stopped, or never began. */
  readonly exitCode: number | undefined;
  /** How it ended, in words. */
  readonly how: string;
  /** The end of its standard error. */
  readonly stderr: string;
}

export interface ProcessEars {
  line(line: string): void;
  /** Anything at all arrived. */
  heard(): void;
}

const GRACE_MILLISECONDS = 2500;
const KEPT_ERRORS = 20_000;
const LONGEST_LINE = 64 * 1024 * 1024;

interface Said {
  readonly files: Map<number, { resolve(text: string): void; reject(error: Error): void }>;
  exit: number | undefined;
  why: string;
  stderr: string;
  rest: string;
}

/** Starts a job whose program is `inside.mjs`, and listens on the talk socket in `link`. */
export async function startProcess(
  sandbox: Sandbox,
  job: SandboxJob,
  link: string,
  ears: ProcessEars,
): Promise<AgentProcess> {
  const said: Said = { exit: undefined, why: "", stderr: "", rest: "", files: new Map() };
  const kill = new AbortController();
  const pending: string[] = [];
  let talk: Socket | undefined;
  const send = (message: object) => {
    const line = `${JSON.stringify(message)}\n`;
    if (talk === undefined) pending.push(line);
    else talk.write(line);
  };
  const server = createServer((socket) => {
    if (talk !== undefined) {
      socket.destroy();
      return;
    }
    talk = socket;
    for (const line of pending) socket.write(line);
    listenTo(socket, said, ears);
  });
  await listen(server, join(link, "talk.sock"));
  const run = sandbox.run(job, kill.signal).finally(() => {
    talk?.destroy();
    server.close();
  });
  const ended = run.then(
    (result): ProcessEnd => {
      if (said.exit !== undefined) return { exitCode: said.exit, how: said.why, stderr: said.stderr };
      const how = result.ended === "exited" ? `ended with ${result.exitCode}` : `was ended (${result.ended})`;
      return { exitCode: undefined, how, stderr: said.stderr + result.stderr };
    },
    (error: unknown): ProcessEnd => {
      if (kill.signal.aborted) return { exitCode: undefined, how: "was stopped", stderr: said.stderr };
      throw error instanceof StepFailure ? error : new Error(`the sandbox failed: ${error}`);
    },
  );
  ended.catch(() => undefined);
  return {
    write: (text) => send({ in: text }),
    endInput: () => send({ end: true }),
    file: (asked) =>
      new Promise((resolve, reject) => {
        const id = said.files.size + 1;
        said.files.set(id, { resolve, reject });
        send({ file: id, ...asked });
      }),
    ended,
    async stop() {
      send({ terminate: true });
      const timer = setTimeout(() => kill.abort(), talk === undefined ? 0 : GRACE_MILLISECONDS);
      await ended.catch(() => undefined);
      clearTimeout(timer);
    },
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
}

function listenTo(socket: Socket, said: Said, ears: ProcessEars): void {
  let frames = "";
  socket.on("error", () => undefined);
  socket.setEncoding("utf8").on("data", (text: string) => {
    ears.heard();
    frames += text;
    for (let at = frames.indexOf("\n"); at >= 0; at = frames.indexOf("\n")) {
      receive(objectOfLine(frames.slice(0, at)) ?? {}, said, ears);
      frames = frames.slice(at + 1);
    }
    if (frames.length > LONGEST_LINE) socket.destroy();
  });
}

function receive(frame: Json, said: Said, ears: ProcessEars): void {
  if (typeof frame.err === "string") said.stderr = (said.stderr + frame.err).slice(-KEPT_ERRORS);
  if (typeof frame.out === "string") {
    const lines = (said.rest + frame.out).split("\n");
    said.rest = (lines.pop() ?? "").slice(-LONGEST_LINE);
    for (const line of lines) ears.line(line);
  }
  if (typeof frame.file === "number") answerFile(frame, frame.file, said);
  if (typeof frame.exit !== "number") return;
  if (said.rest !== "") ears.line(said.rest);
  said.rest = "";
  said.exit = frame.exit;
  const signal = typeof frame.signal === "string" ? ` (${frame.signal})` : "";
  said.why = typeof frame.why === "string" ? frame.why : `ended with ${frame.exit}${signal}`;
}

function answerFile(frame: Json, id: number, { files }: Said): void {
  const asked = files.get(id);
  if (typeof frame.error === "string") asked?.reject(new Error(frame.error));
  else asked?.resolve(textIn(frame.text));
}
