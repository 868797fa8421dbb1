import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Agent } from "../../../domain/model-config.ts";
import type { AgentCopy } from "./agent-copy.ts";
import { agentFailure } from "./agent-failure.ts";
import { type AgentWorld, INSIDE } from "./agent-world.ts";
import { type Endpoint, openEndpoint } from "./endpoint.ts";
import { ownFolder } from "./own-folder.ts";
import { type FoundProgram, findProgram } from "./program.ts";

/** All that stands around an agent while it answers one question. */
export interface Surroundings {
  readonly program: FoundProgram;
  readonly endpoint: Endpoint;
  /** The endpoint's address as the agent reaches it. */
  readonly url: string;
  /** The port that leads there inside the sandbox; 0 without one. */
  readonly port: number;
  /** Folders of this machine: the sockets, and the agent's private home. */
  readonly link: string;
  readonly home: string;
  /** The home's path as the agent sees it. */
  readonly homeSeen: string;
  readonly copy: AgentCopy;
  close(): Promise<void>;
}

/** Agents are told this port; each sandbox has a loopback of its own. */
const PORT = 4141;

/** Makes the agent's home and its way out. @throws StepFailure when it is not installed or no endpoint is known. */
export async function surround(
  who: string,
  { agent, command, endpoint: usual, install }: AgentProgram,
  copy: AgentCopy,
  world: AgentWorld,
): Promise<Surroundings> {
  const program = await findProgram(command, world.env);
  if (program === undefined) throw notInstalled(who, command[0] ?? "", install);
  const address = agent.url ?? usual;
  if (address === undefined) throw noEndpoint(who);
  const folder = await ownFolder("agent");
  const [link, home] = [join(folder, "link"), join(folder, "home")];
  await mkdir(link);
  if (agent.home === undefined) await mkdir(home);
  else await copyHome(who, agent.home, home);
  const endpoint = await openEndpoint(
    address,
    world.sandbox.isolated ? { socket: join(link, "model.sock") } : "loopback",
  );
  const port = world.sandbox.isolated ? PORT : endpoint.port;
  const path = new URL(address).pathname.replace(/\/+$/, "");
  return {
    program,
    endpoint,
    url: `http://127.0.0.1:${port}${path}`,
    port: world.sandbox.isolated ? PORT : 0,
    link,
    home,
    homeSeen: world.sandbox.isolated ? INSIDE.home : home,
    copy,
    async close() {
      await endpoint.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Which program, and where its model usually is. */
export interface AgentProgram {
  readonly agent: Agent;
  readonly command: readonly string[];
  readonly endpoint: string | undefined;
  readonly install: string;
}

/** Puts the files that a program wants into its home, beside what the person's own folder has there. */
export async function furnish(home: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text, { flag: "wx" }).catch(() => undefined);
  }
}

async function copyHome(who: string, from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true }).catch((error: unknown) => {
    throw agentFailure(
      `${who}'s home ${from} cannot be copied: ${error}`,
      "environment",
      "ask",
      "Correct `home` of this agent in millwright.yaml; it names a folder with the agent's configuration.",
    );
  });
}

function notInstalled(who: string, program: string, install: string) {
  const hint = install === "" ? "Correct the agent's `command` in millwright.yaml." : `Install it: ${install}`;
  return agentFailure(`${who}: \`${program}\` is not installed`, "environment", "ask", hint);
}

function noEndpoint(who: string) {
  return agentFailure(
    `${who}: its model endpoint is not known`,
    "environment",
    "ask",
    `Write \`agents: { ${who.split("/")[0]}: { url: … } }\` in millwright.yaml: the only address that it may reach.`,
  );
}
