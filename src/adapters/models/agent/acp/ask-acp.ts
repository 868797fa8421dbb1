import type { ClientContext } from "@agentclientprotocol/sdk";
import { KEY_VARIABLE } from "../agent-cli.ts";
import { type AgentEvent, type Heard, hear, NOTHING_HEARD } from "../agent-event.ts";
import { agentFailure, asksForLogin, endpointFailure, needsLogin, short } from "../agent-failure.ts";
import type { AgentProcess, ProcessEnd } from "../agent-process.ts";
import { promptFor } from "../agent-prompt.ts";
import { type AgentWorld, INSIDE } from "../agent-world.ts";
import { type Asking, keyOf, showEvent } from "../cli-session.ts";
import type { Surroundings } from "../session.ts";
import { takeTurn } from "../turn.ts";
import { type AcpFiles, acpFiles } from "./acp-files.ts";
import { acpStream, type MessageStream } from "./acp-stream.ts";
import { eventsOfResult, eventsOfUpdate } from "./acp-updates.ts";
import { permissionFor } from "./permission-for.ts";

/**
 * Asks any agent that speaks the Agent Client Protocol on its standard streams. Files that it reads and writes through
 * us lie in its copy; a permission that it asks for is answered by the task's scope.
 * @throws StepFailure
 */
export async function askAcp(asking: Asking, around: Surroundings, world: AgentWorld): Promise<Heard> {
  const talk: Talk = { heard: NOTHING_HEARD, error: undefined };
  const stream = acpStream();
  let finished: Promise<void> = Promise.resolve();
  const end = await takeTurn(turnOf(asking, around, world), around, world, {
    line: stream.line,
    begun(process) {
      stream.opened(process);
      finished = converse({ asking, around, world, talk, stream, process }).catch((error: unknown) => {
        talk.error = error;
      });
      // However the conversation ends, the program has no reason to stay.
      void finished.then(() => process.stop());
    },
  });
  stream.ended();
  await finished;
  if (talk.heard.done) return talk.heard;
  throw failureOf(asking, { talk, end, stream }, around);
}

interface Talk {
  heard: Heard;
  error: unknown;
}

interface Conversation {
  readonly asking: Asking;
  readonly around: Surroundings;
  readonly world: AgentWorld;
  readonly talk: Talk;
  readonly stream: MessageStream;
  readonly process: AgentProcess;
}

async function converse({ asking, around, world, talk, stream, process }: Conversation): Promise<void> {
  const { client, PROTOCOL_VERSION } = await import("@agentclientprotocol/sdk");
  const scope = asking.request.workspace?.scope ?? [];
  const seen = world.sandbox.isolated ? INSIDE.copy : around.copy.dir;
  const files: AcpFiles = acpFiles(process, { seen, writable: asking.request.workspace !== undefined });
  const tell = (event: AgentEvent) => {
    talk.heard = hear(talk.heard, event);
    showEvent(asking, event);
  };
  const app = client({ name: "millwright" })
    .onRequest("fs/read_text_file", ({ params }) => files.read(params))
    .onRequest("fs/write_text_file", ({ params }) => files.write(params))
    .onRequest("session/request_permission", ({ params }) =>
      permissionFor(params, { seen, scope, guarded: world.sandbox.isolated }),
    )
    .onNotification("session/update", ({ params }) => {
      for (const event of eventsOfUpdate(params.update)) tell(event);
    });
  await app.connectWith(stream.messages, async (agent) => {
    const hello = await agent.request("initialize", {
      protocolVersion: PROTOCOL_VERSION,
      clientInfo: { name: "millwright", version: "1" },
      clientCapabilities: { fs: { readTextFile: true, writeTextFile: true }, terminal: false },
    });
    if (hello.protocolVersion !== PROTOCOL_VERSION)
      throw new Error(`it speaks version ${hello.protocolVersion} of ACP`);
    const { sessionId } = await agent.request("session/new", { cwd: seen, mcpServers: [] });
    tell({ kind: "session", id: sessionId });
    await chooseModel(agent, sessionId, asking.model);
    const cancel = () => void agent.notify("session/cancel", { sessionId }).catch(() => undefined);
    asking.signal?.addEventListener("abort", cancel, { once: true });
    const prompt = [{ type: "text" as const, text: promptFor(asking.request) }];
    const result = await agent.request("session/prompt", { sessionId, prompt });
    for (const event of eventsOfResult(stream.lastResult() ?? result)) tell(event);
  });
}

/** Agents that let a client choose do so by a method outside of the stable protocol; others have chosen already. */
async function chooseModel(agent: ClientContext, sessionId: string, model: string | undefined): Promise<void> {
  if (model === undefined) return;
  await agent.request("session/set_model", { sessionId, modelId: model }).catch(() => undefined);
}

function turnOf(asking: Asking, around: Surroundings, world: AgentWorld) {
  const { who, agent, mark, signal } = asking;
  const key = keyOf(asking, world);
  // Where a person's settings name the endpoint, the agent is told the way that leads there from inside.
  const inside = (text: string) => (agent.url === undefined ? text : text.replaceAll(agent.url, around.url));
  const named = Object.fromEntries(agent.env.map((name) => [name, inside(world.env[name] ?? "")]));
  const keys = agent.key === undefined || key === undefined ? {} : { [agent.key]: key, [KEY_VARIABLE]: key };
  const env = { ...named, ...keys, MILLWRIGHT_AGENT_URL: around.url };
  return { who, agent, args: [], env, mark, seconds: asking.secondsLeft(), signal };
}

function failureOf(
  { who, agent }: Asking,
  { talk, end, stream }: { talk: Talk; end: ProcessEnd; stream: MessageStream },
  around: Surroundings,
) {
  const refusal = around.endpoint.refusal();
  if (refusal !== undefined) return endpointFailure(who, agent.url ?? "", refusal);
  const said = short(talk.heard.failed ?? messageOf(talk.error));
  const words = `${said}\n${end.stderr}\n${stream.banner()}`;
  if (asksForLogin(words) && talk.heard.tokens === undefined) return needsLogin(who, words);
  const heard = stream.messageCount();
  const what =
    heard === 0
      ? `${who} did not speak ACP: it ${end.how}. ${short(stream.banner() || end.stderr)}`
      : `${who} broke the conversation off: ${said || `it ${end.how}`}. ${short(end.stderr)}`;
  const hint =
    heard === 0
      ? "Does the agent's `command` start its ACP mode, such as [gemini, --acp]? On standard output it must say nothing else."
      : "Run the agent in an editor that speaks ACP to see more, or tell its makers.";
  return agentFailure(what.trim(), heard === 0 ? "environment" : "model-unusable", heard === 0 ? "ask" : "retry", hint);
}

function messageOf(error: unknown): string {
  if (error === undefined) return "";
  return error instanceof Error ? error.message : JSON.stringify(error);
}
