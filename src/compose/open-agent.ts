import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentWorld } from "../adapters/models/agent/agent-world.ts";
import type { Backend } from "../adapters/models/backend.ts";
import type { Config } from "../domain/config.ts";
import type { Agent } from "../domain/model-config.ts";
import { InputError } from "../domain/step-failure.ts";
import type { Sandbox } from "../engine/ports.ts";
import type { OpenedRepository } from "./open-repository.ts";

/** A backend that starts an agent program; what it is made of is loaded with the first question. */
export function openAgent(name: string, agent: Agent, model: string | undefined, world: AgentWorld): Backend {
  const opened = import("../adapters/models/agent/agent.ts");
  opened.catch(() => undefined);
  return {
    async ask(request, signal) {
      const { agentBackend } = await opened;
      return agentBackend({ name, agent, model, world }).ask(request, signal);
    },
  };
}

/** What a run has, as far as agents need it. */
export interface AgentHouse {
  readonly config: Config;
  readonly stateDir: string;
  readonly sandbox: Sandbox;
  readonly repositories: ReadonlyMap<string | undefined, OpenedRepository>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onDoing: (task: string, what: string) => void;
  readonly atEnd: (work: () => Promise<void>) => void;
}

/** The world of a run's agents: its sandbox, its trees, and a folder of their own far from any project. */
export async function agentWorld(house: AgentHouse): Promise<AgentWorld> {
  const { memoryMegabytes, processes, outputMegabytes, diskMegabytes } = house.config.limits;
  return {
    sandbox: await ownSandbox(house.sandbox),
    repository(name) {
      const found = house.repositories.get(name);
      if (found) return { git: found.repository.git, root: found.root };
      throw new InputError([`There is no repository ${name} under \`repos:\` in millwright.yaml.`]);
    },
    dir: join(tmpdir(), `millwright-agents-${createHash("sha256").update(house.stateDir).digest("hex").slice(0, 12)}`),
    workflow: house.config.workflow,
    env: house.env,
    limits: { memoryMegabytes, processes, outputMegabytes, diskMegabytes },
    onDoing: house.onDoing,
    atEnd: house.atEnd,
  };
}

/** Without a sandbox, jobs run one after the other; the tests of other tasks need not wait for an agent. */
async function ownSandbox(sandbox: Sandbox): Promise<Sandbox> {
  if (sandbox.isolated) return sandbox;
  return (await import("../adapters/sandbox/none/open-none.ts")).openNone();
}
