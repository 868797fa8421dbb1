import type { SandboxLimits } from "../../../domain/sandbox-job.ts";
import type { Git, Sandbox } from "../../../engine/ports.ts";

/** What agents need of the world beside a model: a sandbox, copies of the trees, and their settings. */
export interface AgentWorld {
  readonly sandbox: Sandbox;
  /** The repository of a task: its trees, and its folder, which no agent may touch. */
  repository(name: string | undefined): AgentRepository;
  /** Absolute folder below which copies lie, at the same path for each session of one task; far from any project. */
  readonly dir: string;
  /** The config's workflow: no copy shows what defines the gates, for a maker answers to the task and not to its judges. */
  readonly workflow: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly limits: Omit<SandboxLimits, "seconds">;
  /** Something worth showing happens: what the agent does now. */
  readonly onDoing?: (task: string, what: string) => void;
  /** Something to do once the run's world is closed: an agent's session is ended. */
  readonly atEnd?: (work: () => Promise<void>) => void;
}

export interface AgentRepository {
  readonly git: Pick<Git, "export" | "list" | "read">;
  readonly root: string;
}

/** Where things lie inside the sandbox: the same for every session, so that prompts are, too. */
export const INSIDE = {
  copy: "/target",
  home: "/home/agent",
  link: "/millwright/link",
  program: "/millwright/inside.mjs",
} as const;
