import { expect, test } from "vitest";
import { startModelServer } from "../../../../test/kit/model-server.ts";
import { aRequest, keepsTheBackendPromise, quickClock, type ServerStart } from "../models.contract.ts";
import { serverAccess } from "../server-access.ts";
import { meetsServerFaults } from "../server-backends.contract.ts";
import { google } from "./google.ts";

async function start({ answer = () => "fine", models, model = "test-model", ...options }: ServerStart) {
  const server = await startModelServer({ answer, ...(models && { models }) });
  const clock = quickClock();
  const access = serverAccess(
    "google",
    { kind: "google", url: server.url, key: "DUMMY_KEY", headers: {} },
    { DUMMY_KEY: "dummy-123" },
  );
  const backend = google({ access, model, clock, replyKilobytes: 1024, ...options });
  return { backend, server, clock };
}

keepsTheBackendPromise("google", async (answer) => {
  const { backend, server } = await start({ answer });
  return { backend, close: () => server.close() };
});

meetsServerFaults("google", start);

test("the key is in its header, never in the address", async () => {
  const { backend, server } = await start({});
  const { usage } = await backend.ask(aRequest());
  expect(server.chats[0]).toMatchObject({ path: "/v1beta/models/test-model:streamGenerateContent", query: "alt=sse" });
  expect(server.chats[0]?.headers["x-goog-api-key"]).toBe("dummy-123");
  expect(usage.cached).toBe(Math.floor(usage.input / 2));
  await server.close();
});
