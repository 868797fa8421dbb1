import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Agent } from "../../../domain/model-config.ts";
import type { Mount, SandboxJob } from "../../../domain/sandbox-job.ts";
import type { StepFailure } from "../../../domain/step-failure.ts";
import { cancelled } from "../call-watch.ts";
import { agentFailure } from "./agent-failure.ts";
import { type AgentProcess, type ProcessEnd, startProcess } from "./agent-process.ts";
import { type AgentWorld, INSIDE } from "./agent-world.ts";
import type { Surroundings } from "./session.ts";

/** One start of an agent's program. */
export interface Turn {
  readonly who: string;
  readonly agent: Agent;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A word that all its processes carry in their environment. */
  readonly mark: string;
  /** Seconds until it is given up, however much it does. */
  readonly seconds: number;
  readonly signal: AbortSignal | undefined;
}

/** What goes on while it runs. */
export interface TurnEars {
  line(line: string): void;
  /** Called once, when the process can be written to. */
  begun(process: AgentProcess): void;
}

/** The refusals of its endpoint after which an agent that will not give up is ended. */
const MOST_REFUSALS = 4;
/** A refused key is not accepted the second time either. */
const MOST_REFUSED_KEYS = 2;
const LOOK_EVERY_MILLISECONDS = 500;

/**
 * Starts the program and waits until nothing of it is left. It is ended when it makes no progress, takes too long, or its
 * endpoint refuses again and again.
 * @throws StepFailure `cancelled`, `model-timeout`, or the sandbox's.
 */
export async function takeTurn(
  turn: Turn,
  around: Surroundings,
  world: AgentWorld,
  ears: TurnEars,
): Promise<ProcessEnd> {
  if (turn.signal?.aborted) throw cancelled();
  const progress = { at: performance.now() };
  const process = await startProcess(world.sandbox, jobOf(turn, around, world), around.link, {
    line: ears.line,
    heard: () => {
      progress.at = performance.now();
    },
  });
  ears.begun(process);
  let why: StepFailure | undefined;
  const stop = (reason: StepFailure) => {
    if (why !== undefined) return;
    why = reason;
    void process.stop();
  };
  const abort = () => stop(cancelled());
  turn.signal?.addEventListener("abort", abort, { once: true });
  const watch = watchProgress(turn, around, progress, (reason) => {
    if (reason === "refused") void process.stop();
    else stop(reason);
  });
  try {
    const end = await process.ended;
    if (why !== undefined) throw why;
    return end;
  } finally {
    clearInterval(watch);
    turn.signal?.removeEventListener("abort", abort);
  }
}

function watchProgress(
  turn: Turn,
  around: Surroundings,
  progress: { at: number },
  stop: (reason: StepFailure | "refused") => void,
): NodeJS.Timeout {
  const begun = performance.now();
  const look = async () => {
    const now = performance.now();
    if (now - begun > turn.seconds * 1000) return stop(tooLong(turn));
    if (refusesForGood(around)) return stop("refused");
    const last = Math.max(progress.at, around.endpoint.lastUsed());
    if (now - last <= turn.agent.silenceSeconds * 1000) return;
    const age = Date.now() - (await around.copy.newest());
    if (age > turn.agent.silenceSeconds * 1000) stop(silent(turn));
    else progress.at = now - age;
  };
  return setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MILLISECONDS);
}

function refusesForGood({ endpoint }: Surroundings): boolean {
  const status = endpoint.refusal()?.status;
  return endpoint.refusals() >= (status === 401 || status === 403 ? MOST_REFUSED_KEYS : MOST_REFUSALS);
}

function tooLong({ who, seconds }: Turn): StepFailure {
  const hint = "Raise limits.modelSeconds in millwright.yaml, or give the task to a faster model.";
  return agentFailure(`${who} did not finish within ${Math.round(seconds)} s`, "model-timeout", "retry", hint);
}

function silent({ who, agent }: Turn): StepFailure {
  const what = `${who} made no progress for ${agent.silenceSeconds} s: no event, nothing from its model, no changed file`;
  const hint = "Raise the agent's silenceSeconds in millwright.yaml, or look at it with `tmux: true`.";
  return agentFailure(what, "model-timeout", "retry", hint);
}

const SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin";

function jobOf(turn: Turn, around: Surroundings, world: AgentWorld): SandboxJob {
  const script = fileURLToPath(new URL("./inside.mjs", import.meta.url));
  const mounts: readonly Mount[] = [
    ...around.program.mounts,
    { source: around.copy.dir, target: INSIDE.copy, access: "write" },
    { source: around.home, target: INSIDE.home, access: "write" },
    { source: around.link, target: INSIDE.link, access: "read" },
    { source: script, target: INSIDE.program, access: "read" },
  ];
  return {
    argv: ["node", INSIDE.program, INSIDE.link, String(around.port), ...around.program.argv, ...turn.args],
    cwd: INSIDE.copy,
    mounts,
    env: {
      PATH: [...around.program.path, dirname(process.execPath), SYSTEM_PATH].join(":"),
      HOME: INSIDE.home,
      TMPDIR: world.sandbox.isolated ? "/tmp" : join(around.home, "tmp"),
      LANG: "C.UTF-8",
      TZ: "UTC",
      CI: "1",
      NO_COLOR: "1",
      TERM: "dumb",
      NO_PROXY: "127.0.0.1,localhost",
      ...turn.env,
      MILLWRIGHT_AGENT: turn.mark,
    },
    network: false,
    limits: { ...world.limits, seconds: turn.seconds + 60 },
  };
}
