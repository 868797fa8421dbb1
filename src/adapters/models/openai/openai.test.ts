import { expect, test } from "vitest";
import { startModelServer } from "../../../../test/kit/model-server.ts";
import { aRequest, keepsTheBackendPromise, quickClock, type ServerStart } from "../models.contract.ts";
import { serverAccess } from "../server-access.ts";
import { meetsServerFaults } from "../server-backends.contract.ts";
import { openAi } from "./openai.ts";

async function start({ answer = () => "fine", models, model = "test-model", ...options }: ServerStart) {
  const server = await startModelServer({ answer, ...(models && { models }) });
  const clock = quickClock();
  const access = serverAccess(
    "openai",
    { kind: "openai", url: server.url, key: "DUMMY_KEY", headers: {} },
    { DUMMY_KEY: "dummy-123" },
  );
  const backend = openAi({ access, model, clock, replyKilobytes: 1024, ...options });
  return { backend, server, clock };
}

keepsTheBackendPromise("openai", async (answer) => {
  const { backend, server } = await start({ answer });
  return { backend, close: () => server.close() };
});

meetsServerFaults("openai", start);

test("nothing is stored, each role has its place in the cache, and the key is in its header only", async () => {
  const { backend, server } = await start({});
  await backend.ask(aRequest());
  expect(server.chats[0]).toMatchObject({ protocol: "responses", path: "/v1/responses" });
  expect(server.chats[0]?.body).toMatchObject({ store: false, prompt_cache_key: "r1-developer" });
  expect(server.chats[0]?.headers.authorization).toBe("Bearer dummy-123");
  expect(JSON.stringify(server.chats[0]?.body)).not.toContain("dummy-123");
  await server.close();
});

test("a schema is strict only when OpenAI can hold a model to it", async () => {
  const { backend, server } = await start({ answer: () => "{}" });
  const closed = {
    type: "object",
    properties: { a: { type: "string" } },
    required: ["a"],
    additionalProperties: false,
  };
  await backend.ask(aRequest({ schema: closed }));
  await backend.ask(aRequest({ schema: { ...closed, properties: { ...closed.properties, b: { type: "string" } } } }));
  await backend.ask(
    aRequest({
      schema: { type: "object", properties: { list: { type: "array", items: { type: "object", properties: {} } } } },
    }),
  );
  expect(server.chats.map(({ body }) => (body.text as { format: { strict: boolean } }).format.strict)).toEqual([
    true,
    false,
    false,
  ]);
  await server.close();
});
