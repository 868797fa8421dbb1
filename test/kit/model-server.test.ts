import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";
import { createOllama } from "ollama-ai-provider-v2";
import { afterEach, expect, test } from "vitest";
import { type ModelServer, startModelServer } from "./model-server.ts";

const MODELS = {
  openai: ({ openAiUrl }: ModelServer) => createOpenAI({ baseURL: openAiUrl, apiKey: "dummy" }).chat("m"),
  responses: ({ openAiUrl }: ModelServer) => createOpenAI({ baseURL: openAiUrl, apiKey: "dummy" }).responses("m"),
  anthropic: ({ openAiUrl }: ModelServer) => createAnthropic({ baseURL: openAiUrl, apiKey: "dummy" })("m"),
  google: ({ googleUrl }: ModelServer) => createGoogleGenerativeAI({ baseURL: googleUrl, apiKey: "dummy" })("m"),
  ollama: ({ url }: ModelServer) => createOllama({ baseURL: `${url}/api` })("m"),
};
const PROTOCOLS = Object.keys(MODELS) as (keyof typeof MODELS)[];

globalThis.AI_SDK_LOG_WARNINGS = false;

let server: ModelServer | undefined;
afterEach(() => server?.close());

/** Calls a tool in its first turn, and repeats the tool's answer in its second. */
function aServer() {
  return startModelServer({
    answer: ({ results }) =>
      results.length === 0
        ? { text: "Let me see.", tools: [{ name: "weather", input: { city: "Oslo" } }] }
        : `It is ${results[0]}.`,
  });
}

const weather = tool({
  description: "the weather",
  inputSchema: jsonSchema<{ city: string }>({ type: "object", properties: { city: { type: "string" } } }),
  execute: async ({ city }) => `cold in ${city}`,
});

test.each(PROTOCOLS)("%s: a tool is called and its result comes back, streamed and at once", async (protocol) => {
  server = await aServer();
  const call = {
    model: MODELS[protocol](server),
    system: "Be brief.",
    prompt: "How is the weather?",
    tools: { weather },
    stopWhen: stepCountIs(3),
  };
  const streamed = streamText(call);
  expect(await streamed.text).toMatch(/cold in Oslo/);
  expect((await streamed.steps)[0]?.text).toBe("Let me see.");
  expect((await generateText(call)).text).toMatch(/cold in Oslo/);
  expect(server.chats).toHaveLength(4);
  expect(server.chats[0]).toMatchObject({ protocol, model: "m", system: "Be brief.", tools: ["weather"], results: [] });
  expect(server.chats[1]?.results[0]).toMatch(/cold in Oslo/);
});
