import { expect, test } from "vitest";
import { startOllamaServer } from "../../../../test/kit/ollama-server.ts";
import { serverAccess } from "../server-access.ts";
import { installedModels, residencyOf } from "./residency-of.ts";

const access = (url: string) => serverAccess("ollama", { kind: "ollama", url, headers: {} }, {});
const MODELS = [
  { name: "Maker:14b-instruct-q4_K_M", bytes: 9e9 },
  { name: "tiny:latest", bytes: 1e9 },
];

test("what is loaded, where it lies, with its context", async () => {
  const server = await startOllamaServer({ models: MODELS, gpuBytes: 7e9 });
  server.elsewhere("tiny:latest");
  server.elsewhere("Maker:14b-instruct-q4_K_M", 16_384);
  const residency = await residencyOf(access(server.url));
  expect(residency).toMatchObject({
    kind: "loaded",
    version: "0.33.2",
    models: [{ name: "Maker:14b-instruct-q4_K_M", bytes: 9e9, gpuBytes: 7e9, place: "split", context: 16_384 }],
  });
  expect(await installedModels(access(server.url))).toEqual([
    { name: "Maker:14b-instruct-q4_K_M", bytes: 9e9, identity: "maker-14b" },
    { name: "tiny:latest", bytes: 1e9, identity: "tiny" },
  ]);
  await server.close();
  expect(await residencyOf(access(server.url))).toMatchObject({ kind: "unknown" });
  expect(await installedModels(access(server.url))).toEqual([]);
});

test("a server that cannot say it", async () => {
  const server = await startOllamaServer({ models: MODELS, version: "without-ps" });
  const residency = await residencyOf(access(server.url));
  expect(residency).toMatchObject({ kind: "unknown", reason: expect.stringContaining("/api/ps answered 404") });
  await server.close();
});
