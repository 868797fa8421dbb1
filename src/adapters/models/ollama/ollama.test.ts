import { expect, test } from "vitest";
import { startModelServer } from "../../../../test/kit/model-server.ts";
import { Server } from "../../../domain/model-config.ts";
import { aRequest, failureFrom, keepsTheBackendPromise, quickClock, type ServerStart } from "../models.contract.ts";
import { serverAccess } from "../server-access.ts";
import { meetsServerFaults } from "../server-backends.contract.ts";
import { crowd } from "../turns.ts";
import { type OpenOllama, openOllama } from "./open-ollama.ts";

/** One model, alone on its server. */
function ollama({ model, ...options }: Omit<OpenOllama, "server" | "crowd"> & { readonly model: string }) {
  const server = Server.parse({ kind: "ollama", url: options.access.url });
  return openOllama({ ...options, server, crowd: crowd() }).backend(model);
}

async function start({ answer = () => "fine", models, model = "test-model", ...options }: ServerStart) {
  const server = await startModelServer({ answer, ...(models && { models }) });
  const clock = quickClock();
  const access = serverAccess("ollama", { kind: "ollama", url: server.url, headers: {} }, {});
  const backend = ollama({ access, model, clock, replyKilobytes: 1024, ...options });
  return { backend, server, clock };
}

keepsTheBackendPromise("ollama", async (answer) => {
  const { backend, server } = await start({ answer });
  return { backend, close: () => server.close() };
});

meetsServerFaults("ollama", start);

test("the model stays loaded, and the context grows with the prompt in steps of 4096", async () => {
  const { backend, server } = await start({});
  await backend.ask(aRequest({ temperature: 0.2 }));
  await backend.ask(aRequest({ user: "x".repeat(30_000) }));
  const options = server.chats.map(({ body }) => body.options);
  expect(options).toEqual([{ num_ctx: 8192, temperature: 0.2 }, { num_ctx: 16_384 }]);
  expect(server.chats.map(({ body }) => body.keep_alive)).toEqual(["30m", "30m"]);
  await server.close();
});

test("what is missing is told in Ollama's own commands", async () => {
  const { backend, server } = await start({ models: ["other:7b"], model: "mine:7b" });
  expect((await failureFrom(backend.ask(aRequest()))).hint).toContain("ollama pull mine:7b");
  const fresh = ollama({
    access: serverAccess("ollama", { kind: "ollama", url: `${server.url}/api/`, headers: {} }, {}),
    model: "mine:7b",
    clock: quickClock(),
    replyKilobytes: 64,
  });
  await server.down();
  expect((await failureFrom(fresh.ask(aRequest()))).hint).toContain("ollama serve");
});
