import { resolve } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type AgentGround, agentGround, installed } from "../../../../../test/kit/agents.ts";
import { available } from "../../../../../test/kit/available.ts";
import { type ModelServer, startModelServer } from "../../../../../test/kit/model-server.ts";
import { parseReply } from "../../../../domain/reply-parse.ts";
import { aRequest, failureFrom } from "../../models.contract.ts";

const STAND_IN = resolve("test/kit/stand-in-acp.mjs");

let ground: AgentGround | undefined;
let server: ModelServer | undefined;
afterEach(async () => {
  await ground?.close();
  await server?.close();
});

async function standIn(behaviour: string) {
  ground = await agentGround();
  const command = ["node", STAND_IN, behaviour];
  const backend = ground.backend({ kind: "acp", command, url: "http://127.0.0.1:9", silenceSeconds: 5 });
  const workspace = { repository: undefined, tree: ground.tree, scope: ["src/**"] };
  return { backend, request: aRequest({ workspace, seconds: 40 }), doings: ground.doings };
}

describe.runIf(available.bwrap)("an agent that speaks ACP", { timeout: 60_000 }, () => {
  test.each(["well", "banner"])("%s: what it writes through us is its proposal", async (behaviour) => {
    const { backend, request, doings } = await standIn(behaviour);
    const reply = await backend.ask(request);
    expect(parseReply(reply.text)).toMatchObject({
      kind: "proposal",
      proposal: {
        edits: [{ kind: "write", path: "src/new.js", content: "export const x = 1; // 0\n" }],
        notes: "> Wrote it. Outside was refused.",
      },
    });
    expect(reply.usage).toEqual({ input: 30, output: 4, cached: 10, counted: true });
    expect(doings).toEqual(["developer: Write src/new.js"]);
  });

  test("permissions are answered by the task's scope", async () => {
    const { backend, request } = await standIn("permissions");
    const { text } = await backend.ask(request);
    expect(text).toContain(
      JSON.stringify(["/target/src/a.js: yes", "/target/package.json: no", "/etc/passwd: no", "x: no", "ls: yes"]),
    );
  });

  test("without a workspace its message is the reply", async () => {
    const { backend } = await standIn("echo");
    const reply = await backend.ask(aRequest({ role: "reviewer", seconds: 40 }));
    expect(reply.text).toContain("Make `price` round to 2 decimals.");
  });

  test.each([
    ["only-a-banner", "environment", /did not speak ACP: it ended with 0\. Usage: agent/],
    ["dies-at-once", "environment", /did not speak ACP: it ended with 3/],
    ["dies", "model-unusable", /broke the conversation off/],
    ["old", "model-unusable", /speaks version 99 of ACP/],
    ["violates", "model-unusable", /broke the conversation off/],
    ["refuses", "model-unusable", /its model refused to answer/],
    ["login", "model-rejected", /asks for a login: Authentication required/],
    ["hangs", "model-timeout", /no progress for 5 s/],
  ])("%s: %s", async (behaviour, code, message) => {
    const { backend, request } = await standIn(behaviour);
    expect(await failureFrom(backend.ask(request))).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test("an abort cancels", async () => {
    const { backend, request } = await standIn("hangs");
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 1000);
    expect(await failureFrom(backend.ask(request, abort.signal))).toMatchObject({ code: "cancelled" });
  });

  test("the real gemini --acp writes through us", { timeout: 120_000 }, async (context) => {
    if (!installed("gemini")) context.skip("gemini is not in a folder of MILLWRIGHT_AGENTS");
    const content = "export const x = 1;\n";
    const tools = [{ name: "write_file", input: { file_path: "/target/src/new.js", content } }];
    server = await startModelServer({
      answer: (seen) => (seen.tools.includes("write_file") && seen.results.length === 0 ? { tools } : "Done."),
    });
    ground = await agentGround({ env: { GOOGLE_GEMINI_BASE_URL: server.url, GEMINI_API_KEY: "dummy" } });
    const backend = ground.backend({
      kind: "acp",
      command: ["gemini", "--acp", "--skip-trust", "-m", "gemini-2.5-pro"],
      url: server.url,
      key: "GEMINI_API_KEY",
      env: ["GOOGLE_GEMINI_BASE_URL"],
    });
    const workspace = { repository: undefined, tree: ground.tree, scope: ["src/**"] };
    const reply = await backend.ask(aRequest({ workspace, seconds: 100 }));
    expect(parseReply(reply.text)).toMatchObject({ proposal: { edits: [{ path: "src/new.js", content }] } });
  });
});
