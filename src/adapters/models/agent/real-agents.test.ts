import { afterEach, describe, expect, test } from "vitest";
import { type AgentGround, agentGround, installed } from "../../../../test/kit/agents.ts";
import { type ModelServer, startModelServer } from "../../../../test/kit/model-server.ts";
import type { SeenRequest, ServedReply, ToolCall } from "../../../../test/kit/seen-request.ts";
import type { Agent } from "../../../domain/model-config.ts";
import { parseReply } from "../../../domain/reply-parse.ts";
import { aRequest, failureFrom } from "../models.contract.ts";

/** How each real program writes a file with the tools that it offers a model. */
interface RealAgent {
  readonly kind: Exclude<Agent["kind"], "acp">;
  readonly program: string;
  readonly model: string;
  readonly url: (server: ModelServer) => string;
  readonly write: (path: string, text: string) => ToolCall;
}

const shell = (path: string, text: string) => `cat > ${path} <<'END'\n${text}END\n`;

const AGENTS: readonly RealAgent[] = [
  {
    kind: "claude-code",
    program: "claude",
    model: "opus",
    url: ({ url }) => url,
    write: (path, text) => ({ name: "Bash", input: { command: shell(path, text), description: "write" } }),
  },
  {
    kind: "codex",
    program: "codex",
    model: "gpt-5.1-codex",
    url: ({ openAiUrl }) => openAiUrl,
    write: (path, text) => ({ name: "exec_command", input: { cmd: shell(path, text) } }),
  },
  {
    kind: "pi",
    program: "pi",
    model: "local/test-model",
    url: ({ openAiUrl }) => openAiUrl,
    write: (path, text) => ({ name: "write", input: { path, content: text } }),
  },
  {
    kind: "opencode",
    program: "opencode",
    model: "local/test-model",
    url: ({ openAiUrl }) => openAiUrl,
    write: (path, text) => ({ name: "write", input: { filePath: `/target/${path}`, content: text } }),
  },
  {
    kind: "gemini",
    program: "gemini",
    model: "gemini-2.5-pro",
    url: ({ url }) => url,
    write: (path, text) => ({ name: "write_file", input: { file_path: `/target/${path}`, content: text } }),
  },
];

const SUBTRACT = "export const subtract = (a, b) => a - b;\n";

describe.each(AGENTS.filter(({ program }) => installed(program)))("the real $program", (real) => {
  let ground: AgentGround | undefined;
  let server: ModelServer | undefined;
  afterEach(async () => {
    await ground?.close();
    await server?.close();
  });

  async function start(answer: (seen: SeenRequest) => string | ServedReply) {
    server = await startModelServer({ answer });
    ground = await agentGround();
    const backend = ground.backend({ kind: real.kind, url: real.url(server), key: "AGENT_KEY" }, real.model);
    return { ground, server, backend };
  }
  const working = (tree: string) => ({ workspace: { repository: undefined, tree, scope: ["src/**"] } });

  test("its changes are the reply; nothing it was given leaves loopback", { timeout: 60_000 }, async () => {
    const { ground, server, backend } = await start(({ results, tools }) =>
      tools.length > 0 && results.length === 0
        ? { text: "I write it.", tools: [real.write("src/subtract.js", SUBTRACT)] }
        : "Subtracts now.\n- AC1: met because a - b",
    );
    const reply = await backend.ask(aRequest({ ...working(ground.tree), seconds: 50 }));
    const parsed = parseReply(reply.text);
    expect(parsed).toMatchObject({
      kind: "proposal",
      proposal: { edits: [{ kind: "write", path: "src/subtract.js", content: SUBTRACT }] },
    });
    expect(reply.text).toContain("> Subtracts now.");
    expect(reply.usage).toMatchObject({ counted: true });
    expect(reply.usage.input).toBeGreaterThan(100);
    expect(server.chats.length).toBeLessThanOrEqual(3);
    expect(ground.doings.length).toBeGreaterThan(0);
  });

  test("a judge's last message is its reply", { timeout: 60_000 }, async () => {
    const verdict = '{"decision":"APPROVE"}';
    const { backend } = await start(() => verdict);
    const reply = await backend.ask(aRequest({ role: "reviewer", seconds: 50 }));
    expect(reply.text).toBe(verdict);
  });

  test("a refused key asks a person to log in, at once", { timeout: 60_000 }, async () => {
    const { server, ground, backend } = await start(() => "never");
    server.fail({ kind: "status", status: 401, message: "invalid x-api-key" }, 99);
    const failure = await failureFrom(backend.ask(aRequest({ ...working(ground.tree), seconds: 50 })));
    expect(failure).toMatchObject({ code: "model-rejected", remedy: "ask" });
    expect(failure.message).toContain("invalid x-api-key");
  });

  test("a server that fails is the server's failure, after few requests", { timeout: 60_000 }, async () => {
    const { server, ground, backend } = await start(() => "never");
    server.fail({ kind: "status", status: 500, message: "out of order" }, 99);
    const failure = await failureFrom(backend.ask(aRequest({ ...working(ground.tree), seconds: 50 })));
    expect(failure).toMatchObject({ code: "model-unreachable", remedy: "retry" });
    expect(server.chats.length).toBeLessThanOrEqual(5);
  });
});
