import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { ModelReply, ModelRequest } from "../../../domain/model-call.ts";
import type { Agent } from "../../../domain/model-config.ts";
import { type Backend, estimatedUsage } from "../backend.ts";
import { cancelled } from "../call-watch.ts";
import { AGENT_CLIS } from "./agent-clis.ts";
import { type AgentCopy, copyOf, emptyCopy } from "./agent-copy.ts";
import type { Heard } from "./agent-event.ts";
import { replyOf } from "./agent-reply.ts";
import type { AgentWorld } from "./agent-world.ts";
import { type Asking, askCli } from "./cli-session.ts";
import { killMarked } from "./left-behind.ts";
import { sameCheckout } from "./own-checkout.ts";
import { type AgentProgram, surround } from "./session.ts";
import { NO_WINDOW, openWindow } from "./watch-window.ts";

export interface AgentOptions {
  /** As written under `models`, for messages. */
  readonly name: string;
  readonly agent: Agent;
  /** Undefined: the agent's own choice. */
  readonly model: string | undefined;
  readonly world: AgentWorld;
}

/**
 * An agent program as a model: it works in a throw-away copy, and what it changed there is its reply, in the mill's own
 * format. One that has no workspace answers with its last message. Each question is a session of its own.
 */
export function agentBackend(options: AgentOptions): Backend {
  return { ask: (request, signal) => inTurn(placeOf(request, options), () => answer(request, signal, options)) };
}

async function answer(
  request: ModelRequest,
  signal: AbortSignal | undefined,
  { name, agent, model, world }: AgentOptions,
): Promise<ModelReply> {
  if (signal?.aborted) throw cancelled();
  const begun = performance.now();
  const mark = randomUUID();
  const watched = await sameCheckout(request.workspace, world);
  const window = agent.tmux ? await openWindow(request, world) : NO_WINDOW;
  const asking: Asking = {
    who: name,
    agent,
    model,
    request,
    mark,
    signal,
    secondsLeft: () => Math.max(1, request.seconds - (performance.now() - begun) / 1000),
    doing(what) {
      window.show(`> ${what}`);
      world.onDoing?.(request.task, `${request.role}: ${what}`.slice(0, 200));
    },
    said: window.show,
  };
  try {
    const reply = await inCopy(asking, world);
    await watched.check(name);
    return reply;
  } finally {
    await window.rest();
  }
}

async function inCopy(asking: Asking, world: AgentWorld): Promise<ModelReply> {
  const { request, mark } = asking;
  const stable = placeOf(request, { world });
  const copy =
    request.workspace === undefined ? await emptyCopy(stable) : await copyOf(request.workspace, world, stable);
  try {
    const heard = await session(asking, copy, world);
    return await replyTo(request, heard, copy);
  } finally {
    await killMarked(mark);
    await copy.remove();
  }
}

async function session(asking: Asking, copy: AgentCopy, world: AgentWorld): Promise<Heard> {
  const { agent, who } = asking;
  const around = await surround(who, programOf(agent), copy, world);
  try {
    if (agent.kind !== "acp") return await askCli(asking, AGENT_CLIS[agent.kind], around, world);
    const { askAcp } = await import("./acp/ask-acp.ts");
    return await askAcp(asking, around, world);
  } finally {
    await around.close();
  }
}

function programOf(agent: Agent): AgentProgram {
  if (agent.kind === "acp") return { agent, command: agent.command ?? [], endpoint: undefined, install: "" };
  const { program, endpoint, install } = AGENT_CLIS[agent.kind];
  return { agent, command: agent.command ?? [program], endpoint, install };
}

async function replyTo(request: ModelRequest, heard: Heard, copy: AgentCopy): Promise<ModelReply> {
  const text = request.workspace === undefined ? heard.message : replyOf(await copy.changes(), heard.message);
  const usage = heard.tokens === undefined ? estimatedUsage(request, text) : { ...heard.tokens, counted: true };
  return { text, model: heard.model ?? request.model, usage, finish: "stop" };
}

/** One path for all sessions of a role in a task, so that what the agent is told of its folder stays the same. */
function placeOf({ task, role }: ModelRequest, { world }: Pick<AgentOptions, "world">): string {
  return join(world.dir, `${task}-${role}`.replace(/[^\w.-]/g, "-"));
}

const turns = new Map<string, Promise<unknown>>();

/** One session at a time in a place. */
function inTurn<Result>(place: string, work: () => Promise<Result>): Promise<Result> {
  const before = turns.get(place) ?? Promise.resolve();
  const mine = before.then(work, work);
  const settled = mine.catch(() => undefined).finally(() => turns.get(place) === settled && turns.delete(place));
  turns.set(place, settled);
  return mine;
}
