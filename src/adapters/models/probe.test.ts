import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { startModelServer } from "../../../test/kit/model-server.ts";
import { Config } from "../../domain/config.ts";
import { probeModels, probeOllama } from "./probe.ts";

async function probed(config: object, env: Record<string, string> = {}) {
  const found = await probeModels(Config.parse(config), env);
  return Object.fromEntries(found.map((probe) => [probe.role, probe]));
}

test("each role is told whether its model can be asked, and what to do when not", async () => {
  const server = await startModelServer({ answer: () => "", models: ["qwen2.5-coder:14b", "devstral:latest"] });
  const gone = await startModelServer({ answer: () => "" });
  await gone.close();
  const probes = await probed({
    models: {
      default: "mailbox",
      architect: "ollama/qwen2.5-coder:14b",
      tester: "ollama/devstral",
      developer: "ollama/qwen2.5-codr:14b",
      documenter: "gone/m",
      reviewer: "cloud/m",
      checker: "nowhere/m",
    },
    servers: {
      ollama: { kind: "ollama", url: server.url },
      gone: { kind: "openai-compatible", url: gone.openAiUrl },
      cloud: { kind: "openai-compatible", url: server.openAiUrl, key: "DUMMY_KEY" },
    },
  });
  expect(probes.architect).toMatchObject({ state: "ok", fix: "" });
  expect(probes.tester).toMatchObject({ state: "ok" });
  expect(probes.developer).toMatchObject({ state: "model-missing" });
  expect(probes.developer?.detail).toContain("it has qwen2.5-coder:14b, devstral:latest");
  expect(probes.developer?.fix).toContain("ollama pull qwen2.5-codr:14b");
  expect(probes.documenter).toMatchObject({ state: "unreachable", detail: `${gone.openAiUrl}: connection refused` });
  expect(probes.documenter?.fix).toMatch(/^Start /);
  expect(probes.reviewer).toMatchObject({ state: "key-missing" });
  expect(probes.reviewer?.detail).toContain("DUMMY_KEY");
  expect(probes.checker).toMatchObject({ state: "unknown-backend" });
  expect(probes["goal-checker"]).toMatchObject({ state: "ok", name: "mailbox" });
  expect(server.chats).toEqual([]);
  expect(server.requests).toHaveLength(1);
  await server.close();
});

test("no model at all is said for every role, with a line to write", async () => {
  const probes = Object.values(await probed({}));
  expect(new Set(probes.map(({ state }) => state))).toEqual(new Set(["not-configured"]));
  expect(probes[0]?.fix).toContain("models: { default: mailbox }");
});

test("a web server that is no model server, and one that never answers, are told apart", async () => {
  const web = createServer((request, response) => {
    if (request.url === "/v1/models") response.end("<html>");
  });
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  const probes = await probed({
    models: { default: "web/m", architect: "mute/m" },
    servers: { web: { kind: "openai-compatible", url }, mute: { kind: "ollama", url } },
  });
  expect(probes.developer).toMatchObject({ state: "rejected" });
  expect(probes.architect).toMatchObject({ state: "unreachable" });
  expect(probes.architect?.detail).toContain("no answer within 5 s");
  web.close();
  web.closeAllConnections();
});

test("an Ollama that runs is found with its models, and none is found where none runs", async () => {
  const server = await startModelServer({ answer: () => "", models: ["devstral:24b"] });
  expect(await probeOllama(server.url)).toEqual(["devstral:24b"]);
  await server.close();
  expect(await probeOllama(server.url)).toEqual([]);
});
