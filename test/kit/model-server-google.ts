import {
  cachedOf,
  EVENT_STREAM,
  event,
  type Finish,
  listIn,
  objectOf,
  type Speech,
  textOf,
  type WholeReply,
  type Wire,
} from "./model-server-wire.ts";
import type { Counts, SeenRequest, ToolCall } from "./seen-request.ts";

/** Google's `POST /v1beta/models/<model>:generateContent` and `:streamGenerateContent?alt=sse`. */
export const googleSpeech: Speech = { read, wire, whole, refusal };

const STOP = { stop: "STOP", length: "MAX_TOKENS", tools: "STOP" } as const;

function read(body: Readonly<Record<string, unknown>>) {
  const users = listIn(body.contents).filter(({ role }) => role !== "model");
  const results = users.flatMap(({ parts }) => listIn(parts)).flatMap(({ functionResponse }) => functionResponse ?? []);
  const config = body.generationConfig as { responseSchema?: unknown; responseJsonSchema?: unknown } | undefined;
  const declared = listIn(body.tools).flatMap((tool) => listIn(tool.functionDeclarations));
  return {
    system: textOf((body.systemInstruction as { parts?: unknown } | undefined)?.parts),
    user: users.map(({ parts }) => textOf(parts)).join("\n"),
    tools: declared.map(({ name }) => String(name)),
    results: results.map((result) => JSON.stringify((result as { response?: unknown }).response)),
    schema: config?.responseJsonSchema ?? config?.responseSchema,
  };
}

function partOf({ name, input }: ToolCall) {
  return { functionCall: { name, args: objectOf(input) } };
}

function chunk(
  seen: SeenRequest,
  parts: readonly object[],
  end: { finish?: Finish; usage?: Counts | undefined },
): object {
  const { finish, usage } = end;
  const candidate = { index: 0, content: { role: "model", parts }, ...(finish && { finishReason: STOP[finish] }) };
  return {
    candidates: [candidate],
    ...(usage && {
      usageMetadata: {
        promptTokenCount: usage.input,
        candidatesTokenCount: usage.output,
        totalTokenCount: usage.input + usage.output,
        cachedContentTokenCount: cachedOf(usage),
      },
    }),
    modelVersion: seen.model,
    responseId: "r-1",
  };
}

function wire(seen: SeenRequest): Wire {
  let counts: Counts | undefined;
  return {
    type: EVENT_STREAM,
    begin(usage) {
      counts = usage && { ...usage, output: 0 };
      return "";
    },
    piece: (text) => event(chunk(seen, [{ text }], { usage: counts })),
    tool: (call) => event(chunk(seen, [partOf(call)], { usage: counts })),
    end: (finish, usage) => event(chunk(seen, [{ text: "" }], { finish, usage })),
    error: (message) => event({ error: { code: 500, message, status: "INTERNAL" } }),
  };
}

function whole(seen: SeenRequest, { text, tools, finish, usage }: WholeReply): object {
  return chunk(seen, [...(text === "" ? [] : [{ text }]), ...tools.map(partOf)], { finish, usage });
}

function refusal(status: number, message: string): object {
  return { error: { code: status, message, status: status === 429 ? "RESOURCE_EXHAUSTED" : "INVALID_ARGUMENT" } };
}
