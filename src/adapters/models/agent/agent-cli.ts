import type { AgentEvent } from "./agent-event.ts";
import type { Json } from "./json-value.ts";

/** An agent program that is started once for a question: how, and what its lines of output mean. */
export interface AgentCli {
  /** Its usual name on the PATH. */
  readonly program: string;
  /** What installs it. */
  readonly install: string;
  /** Oldest version whose contract is known here. */
  readonly minimum: string;
  /** Where its model is unless the config says so; undefined: the config must. */
  readonly endpoint: string | undefined;
  start(plan: SessionPlan): CliStart;
  read(line: Json): readonly AgentEvent[];
}

/** What one session is to be. */
export interface SessionPlan {
  readonly model: string | undefined;
  /** Address of the model endpoint as the agent reaches it; no slash at the end. */
  readonly url: string;
  /** Whether the config names a key; the agent has it in the variable `MILLWRIGHT_AGENT_KEY` too. */
  readonly key: string | undefined;
  /** A maker works in a copy and may write; a judge only answers. */
  readonly work: "write" | "answer";
  /** The sandbox of the mill stands around it, so that its own may be off. */
  readonly guarded: boolean;
  /** Absolute path of its home. */
  readonly home: string;
  /** A broken session that is to go on. */
  readonly resume: string | undefined;
}

/** A command line, its environment, and files that its home must hold. The prompt comes on standard input. */
export interface CliStart {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

/** The variable that holds the key, for programs that are told which one to read. */
export const KEY_VARIABLE = "MILLWRIGHT_AGENT_KEY";
