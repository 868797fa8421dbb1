import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openGit } from "../../src/adapters/git/system/open-git.ts";
import { agentBackend } from "../../src/adapters/models/agent/agent.ts";
import type { AgentWorld } from "../../src/adapters/models/agent/agent-world.ts";
import type { Backend } from "../../src/adapters/models/backend.ts";
import { openBubblewrap } from "../../src/adapters/sandbox/bubblewrap/open-bubblewrap.ts";
import { openNone } from "../../src/adapters/sandbox/none/open-none.ts";
import { Agent } from "../../src/domain/model-config.ts";
import type { Sandbox } from "../../src/engine/ports.ts";
import { available } from "./available.ts";
import { makeTarget, type Target } from "./target.ts";

/** Folders that hold the real agent programs, and a Node that runs them. */
export const AGENT_PATH = process.env.MILLWRIGHT_AGENTS ?? "";

/** Whether a real agent program is installed where MILLWRIGHT_AGENTS says. */
export function installed(program: string): boolean {
  return AGENT_PATH.split(":").some((folder) => folder !== "" && existsSync(join(folder, program)));
}

/** A repository, a world for agents around it, and what is done in it. */
export interface AgentGround {
  readonly target: Target;
  readonly world: AgentWorld;
  /** The tree of the target's HEAD. */
  readonly tree: string;
  readonly doings: string[];
  backend(agent: Partial<Agent> & Pick<Agent, "kind">, model?: string): Backend;
  close(): Promise<void>;
}

export interface GroundOptions {
  readonly sandbox?: "none";
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

export async function agentGround(options: GroundOptions = {}): Promise<AgentGround> {
  const target = makeTarget(options.files ?? { "src/add.js": "export const add = (a, b) => a + b;\n" });
  const state = realpathSync(mkdtempSync(join(tmpdir(), "mw-ground-")));
  const sandbox = await sandboxOf(options);
  const { git, close } = await openGit({
    root: target.dir,
    stateDir: join(target.dir, ".millwright"),
    fixedExport: sandbox.isolated ? undefined : join(state, "export"),
    submodules: "refuse",
  });
  const head = await git.resolve("HEAD");
  const doings: string[] = [];
  const world: AgentWorld = {
    sandbox,
    repository: () => ({ git, root: target.dir }),
    dir: join(state, "agents"),
    workflow: "checks/own.yaml",
    env: { PATH: `${AGENT_PATH}:/usr/local/bin:/usr/bin:/bin`, AGENT_KEY: "dummy", ...options.env },
    limits: { memoryMegabytes: 4096, processes: 512, outputMegabytes: 16, diskMegabytes: 1024 },
    onDoing: (_task, what) => doings.push(what),
  };
  return {
    target,
    world,
    tree: head?.tree ?? "",
    doings,
    backend: ({ kind, ...rest }, model) =>
      agentBackend({ name: `${kind}/${model ?? ""}`, agent: Agent.parse({ kind, ...rest }), model, world }),
    async close() {
      await close();
      target.remove();
      rmSync(state, { recursive: true, force: true });
    },
  };
}

async function sandboxOf(options: GroundOptions): Promise<Sandbox> {
  return options.sandbox === "none" || !available.bwrap ? openNone() : openBubblewrap();
}
