import { expect, test } from "vitest";
import { startModelServer } from "../../../../test/kit/model-server.ts";
import { aRequest, keepsTheBackendPromise, quickClock, type ServerStart } from "../models.contract.ts";
import { serverAccess } from "../server-access.ts";
import { meetsServerFaults } from "../server-backends.contract.ts";
import { anthropic } from "./anthropic.ts";

async function start({ answer = () => "fine", models, model = "test-model", ...options }: ServerStart) {
  const server = await startModelServer({ answer, ...(models && { models }) });
  const clock = quickClock();
  const access = serverAccess(
    "anthropic",
    { kind: "anthropic", url: server.url, key: "DUMMY_KEY", headers: {} },
    { DUMMY_KEY: "dummy-123" },
  );
  const backend = anthropic({ access, model, clock, replyKilobytes: 1024, ...options });
  return { backend, server, clock };
}

keepsTheBackendPromise("anthropic", async (answer) => {
  const { backend, server } = await start({ answer });
  return { backend, close: () => server.close() };
});

meetsServerFaults("anthropic", start);

test("the system part and what the next prompt shares are marked for the cache; the text is the same", async () => {
  const { backend, server } = await start({});
  const { usage } = await backend.ask(aRequest({ user: "files\n\nfindings", stable: 7 }));
  const { body, headers, user } = server.chats[0] ?? {};
  const mark = { cache_control: { type: "ephemeral" } };
  expect(body?.system).toMatchObject([{ text: "You are the developer.", ...mark }]);
  expect(body?.messages).toEqual([
    {
      role: "user",
      content: [
        { type: "text", text: "files\n\n", ...mark },
        { type: "text", text: "findings" },
      ],
    },
  ]);
  expect(user).toBe("files\n\nfindings");
  expect(headers).toMatchObject({ "x-api-key": "dummy-123", "anthropic-version": "2023-06-01" });
  expect(headers?.authorization).toBeUndefined();
  expect(usage.cached).toBe(Math.floor(usage.input / 2));
  await server.close();
});

test.each([
  ["nothing is shared", {}, [undefined]],
  ["all of it is shared", { stable: 100 }, ["ephemeral"]],
  ["white space is left over", { user: "files\n", stable: 5 }, ["ephemeral"]],
  ["only white space is shared", { user: "\n\nfiles", stable: 2 }, [undefined]],
])("where %s there is no empty part", async (_what, request, marks) => {
  const { backend, server } = await start({});
  await backend.ask(aRequest(request));
  const { messages } = (server.chats[0]?.body ?? {}) as {
    messages: { content: { cache_control?: { type: string } }[] }[];
  };
  expect(messages[0]?.content.map(({ cache_control }) => cache_control?.type)).toEqual(marks);
  await server.close();
});

test("a model that the library does not know may write as much as one that it knows", async () => {
  const { backend, server } = await start({});
  await backend.ask(aRequest());
  expect(server.chats[0]?.body.max_tokens).toBe(32_000);
  await server.close();
});
