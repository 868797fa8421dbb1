import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AgentGround, agentGround, installed } from "../../../../test/kit/agents.ts";
import { type ModelServer, startModelServer } from "../../../../test/kit/model-server.ts";
import { REAL_AGENTS } from "../../../../test/kit/real-agents.ts";
import type { SeenRequest, ServedReply } from "../../../../test/kit/seen-request.ts";
import { parseReply } from "../../../domain/reply-parse.ts";
import { aRequest, failureFrom } from "../models.contract.ts";

const SUBTRACT = "export const subtract = (a, b) => a - b;\n";

describe.each(REAL_AGENTS)("the real $program", { timeout: 120_000 }, (real) => {
  beforeEach((context) => {
    if (!installed(real.program)) context.skip(`${real.program} is not in a folder of MILLWRIGHT_AGENTS`);
  });
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

  test("its changes are the reply; nothing it was given leaves loopback", async () => {
    const { ground, server, backend } = await start(({ results, tools }) =>
      tools.length > 0 && results.length === 0
        ? { text: "I write it.", tools: [real.write("src/subtract.js", SUBTRACT)] }
        : "Subtracts now.\n- AC1: met because a - b",
    );
    const reply = await backend.ask(aRequest({ ...working(ground.tree), seconds: 100 }));
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

  test("a judge's last message is its reply", async () => {
    const verdict = '{"decision":"APPROVE"}';
    const { backend } = await start(() => verdict);
    const reply = await backend.ask(aRequest({ role: "reviewer", seconds: 100 }));
    expect(reply.text).toBe(verdict);
  });

  test("a refused key asks a person to log in, at once", async () => {
    const { server, ground, backend } = await start(() => "never");
    server.fail({ kind: "status", status: 401, message: "invalid x-api-key" }, 99);
    const failure = await failureFrom(backend.ask(aRequest({ ...working(ground.tree), seconds: 100 })));
    expect(failure).toMatchObject({ code: "model-rejected", remedy: "ask" });
    expect(failure.message).toContain("invalid x-api-key");
  });

  test("a server that fails is the server's failure, after few requests", async () => {
    const { server, ground, backend } = await start(() => "never");
    server.fail({ kind: "status", status: 500, message: "out of order" }, 99);
    const failure = await failureFrom(backend.ask(aRequest({ ...working(ground.tree), seconds: 100 })));
    expect(failure).toMatchObject({ code: "model-unreachable", remedy: "retry" });
    expect(server.chats.length).toBeLessThanOrEqual(5);
  });
});
