import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ModelServer, startModelServer } from "../../test/kit/model-server.ts";
import { Config } from "../domain/config.ts";
import { PRICES_AS_OF } from "../domain/prices.ts";
import { lookAtModels } from "./look-at-models.ts";

let dir = "";
const open: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "look-"));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
  await rm(dir, { recursive: true, force: true });
});

async function started(options: Partial<Parameters<typeof startModelServer>[0]> = {}): Promise<ModelServer> {
  const server = await startModelServer({ answer: () => "", ...options });
  open.push(server);
  return server;
}

async function look(config: object, env: Record<string, string> = {}) {
  const end = await lookAtModels(Config.parse(config), { PATH: dir, ...env });
  return { ...end, by: Object.fromEntries(end.models.map((model) => [model.name, model])) };
}

test("each model is told whether it can be asked, by whom it is needed, and what to do when not", async () => {
  const server = await started({ models: ["qwen2.5-coder:14b", "devstral:latest"] });
  const gone = await started();
  await gone.close();
  const { by } = await look({
    models: {
      default: "mailbox",
      architect: "ollama/qwen2.5-coder:14b",
      tester: ["ollama/devstral", "ollama/qwen2.5-coder:14b"],
      developer: "ollama/qwen2.5-codr:14b",
      documenter: "gone/m",
      reviewer: "cloud/m",
      checker: "codex/gpt-5.5",
    },
    cheaper: { developer: "ollama/devstral" },
    servers: {
      ollama: { kind: "ollama", url: server.url },
      gone: { kind: "openai-compatible", url: gone.openAiUrl },
      cloud: { kind: "openai-compatible", url: server.openAiUrl, key: "DUMMY_KEY" },
    },
  });
  expect(by["ollama/qwen2.5-coder:14b"]).toMatchObject({
    state: "ok",
    roles: ["architect", "tester"],
    vendor: "alibaba",
  });
  expect(by["ollama/devstral"]).toMatchObject({ state: "ok", roles: ["tester"], cheaper: ["developer"] });
  const missing = by["ollama/qwen2.5-codr:14b"];
  expect(missing).toMatchObject({
    state: "model-missing",
    fix: expect.stringContaining("ollama pull qwen2.5-codr:14b"),
  });
  expect(missing?.detail).toContain("it has qwen2.5-coder:14b, devstral:latest");
  expect(by["gone/m"]).toMatchObject({ state: "unreachable", detail: `${gone.openAiUrl}: connection refused` });
  expect(by["gone/m"]?.fix).toMatch(/^Start /);
  expect(by["cloud/m"]).toMatchObject({ state: "key-missing", detail: expect.stringContaining("DUMMY_KEY") });
  expect(by["codex/gpt-5.5"]).toMatchObject({ state: "not-installed", detail: "codex is not on the PATH" });
  expect(by.mailbox).toMatchObject({ state: "ok", roles: expect.arrayContaining(["goal-checker"]) });
  expect(server.requests.every(({ headers }) => headers["x-millwright-run"] !== "")).toBe(true);
  expect(server.chats).toEqual([]);
});

test("what an Ollama has in memory is told, with the numbers of a split", async () => {
  const loaded = (name: string, size_vram: number) => ({ name, size: 10e9, size_vram, context_length: 8192 });
  const server = await started({
    models: ["a:7b", "b:7b", "c:7b"],
    paths: {
      "/api/ps": { models: [loaded("a:7b", 10e9), loaded("b:7b", 6e9)] },
      "/api/show": { model_info: { "general.architecture": "qwen2", "qwen2.context_length": 32_768 } },
    },
  });
  const { by } = await look({
    models: { default: "ollama/a:7b", reviewer: "ollama/b:7b", checker: "ollama/c:7b" },
    servers: { ollama: { kind: "ollama", url: server.url } },
    contexts: { "ollama/c:7b": 16_384 },
  });
  expect(by["ollama/a:7b"]).toMatchObject({ loaded: "gpu", context: 32_768, price: { input: 0, from: "local" } });
  expect(by["ollama/b:7b"]).toMatchObject({ loaded: "split", split: "6.0 of 10.0 GB (60 %) in GPU memory" });
  expect(by["ollama/c:7b"]).toMatchObject({ loaded: "no", context: 16_384 });
});

test("servers, agents and keys in sight are listed; no key is shown, and no cloud asked that no role names", async () => {
  await mkdir(join(dir, "lib"));
  await writeFile(join(dir, "lib", "package.json"), '{ "version": "99.1.2" }');
  await writeFile(join(dir, "lib", "codex"), "#!/bin/sh\n");
  await chmod(join(dir, "lib", "codex"), 0o755);
  const cloud = await started({ models: ["gpt-6-sol"] });
  const config = { servers: { openai: { kind: "openai", url: cloud.openAiUrl, key: "OPENAI_API_KEY" } } };
  const env = { PATH: join(dir, "lib"), OPENAI_API_KEY: "sk-dummy-1", ANTHROPIC_API_KEY: "sk-dummy-2" };
  const end = await look(config, env);
  const servers = Object.fromEntries(end.servers.map((server) => [server.name, server]));
  expect(servers.openai).toMatchObject({ state: "reachable", models: ["gpt-6-sol"] });
  expect(servers.anthropic).toMatchObject({ state: "not-asked", key: { variable: "ANTHROPIC_API_KEY", set: true } });
  expect(servers.google).toMatchObject({ state: "key-missing", key: { variable: "GEMINI_API_KEY", set: false } });
  expect(Object.keys(servers)).toEqual(expect.arrayContaining(["ollama", "lmstudio", "vllm", "llama-server"]));
  const agents = Object.fromEntries(end.agents.map((agent) => [agent.name, agent]));
  expect(agents.codex).toMatchObject({ state: "installed", version: "99.1.2" });
  expect(agents["claude-code"]).toMatchObject({ state: "missing", program: "claude" });
  expect(end).toMatchObject({ models: [], pricesAsOf: PRICES_AS_OF });
  expect(JSON.stringify(end)).not.toContain("sk-dummy");
});

test("a server that is no model server is called by its name", async () => {
  const other = createServer((_request, response) => response.end("<html>"));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const { by } = await look({
    models: { default: "a/m" },
    servers: { a: { kind: "openai-compatible", url } },
  });
  expect(by["a/m"]).toMatchObject({ state: "rejected", detail: `${url}/v1/models gave no list of models` });
  other.close();
});
