import { expect, test } from "vitest";
import { startModelServer } from "../../../../test/kit/model-server.ts";
import { aRequest, failureFrom, keepsTheBackendPromise, quickClock, type ServerStart } from "../models.contract.ts";
import { serverAccess } from "../server-access.ts";
import { meetsServerFaults } from "../server-backends.contract.ts";
import { openAiCompatible } from "./openai-compatible.ts";

async function start({ answer = () => "fine", models, model = "test-model", ...options }: ServerStart) {
  const server = await startModelServer({ answer, ...(models && { models }) });
  const clock = quickClock();
  const access = serverAccess("local", { kind: "openai-compatible", url: server.openAiUrl, headers: {} }, {});
  const backend = openAiCompatible({ access, model, clock, replyKilobytes: 1024, ...options });
  return { backend, server, clock };
}

keepsTheBackendPromise("openai-compatible", async (answer) => {
  const { backend, server } = await start({ answer });
  return { backend, close: () => server.close() };
});

meetsServerFaults("openai-compatible", start);

test("cached tokens are counted", async () => {
  const { backend, server } = await start({});
  const { usage } = await backend.ask(aRequest());
  expect(usage.cached).toBe(Math.floor(usage.input / 2));
  expect(usage.cached).toBeGreaterThan(0);
  await server.close();
});

test("temperature is sent as it is, and the key only in its header", async () => {
  const server = await startModelServer({ answer: () => "fine" });
  const configured = {
    kind: "openai-compatible",
    url: server.url,
    key: "DUMMY_KEY",
    headers: { "x-title": "mill" },
  } as const;
  const access = serverAccess("local", configured, { DUMMY_KEY: "dummy-123" });
  const backend = openAiCompatible({ access, model: "m", clock: quickClock(), replyKilobytes: 64 });
  await backend.ask(aRequest({ temperature: 0 }));
  expect(server.chats[0]?.body.temperature).toBe(0);
  expect(server.chats[0]?.headers).toMatchObject({ authorization: "Bearer dummy-123", "x-title": "mill" });
  expect(JSON.stringify(server.chats[0]?.body)).not.toContain("dummy-123");
  await server.close();
});

test("a missing key is named by its variable before anything is sent", async () => {
  const configured = { kind: "openai-compatible", url: "http://127.0.0.1:9", key: "DUMMY_KEY", headers: {} } as const;
  const failure = await failureFrom(
    Promise.resolve().then(() => serverAccess("local", configured, { DUMMY_KEY: " " })),
  );
  expect(failure).toMatchObject({ code: "environment", remedy: "ask" });
  expect(failure.message).toContain("DUMMY_KEY");
});

test.each([
  ["http://h:1", "http://h:1/v1"],
  ["http://h:1/", "http://h:1/v1"],
  ["http://h:1/v1/", "http://h:1/v1"],
  ["http://h:1/v1/chat/completions", "http://h:1/v1"],
  ["https://h/api/openai", "https://h/api/openai"],
])("the address %s leads to %s", (url, expected) => {
  expect(serverAccess("s", { kind: "openai-compatible", url, headers: {} }, {}).url).toBe(expected);
});

test("https spoken to an http port is not tried again, and points at the address", async () => {
  const server = await startModelServer({ answer: () => "fine" });
  const url = server.openAiUrl.replace("http:", "https:");
  const access = serverAccess("cloud", { kind: "openai-compatible", url, headers: {} }, {});
  const clock = quickClock();
  const failure = await failureFrom(
    openAiCompatible({ access, model: "m", clock, replyKilobytes: 64 }).ask(aRequest()),
  );
  expect(failure).toMatchObject({ code: "model-unreachable", remedy: "ask" });
  expect(failure.hint).toContain("servers.cloud.url");
  expect(clock.waits).toEqual([]);
  await server.close();
});
