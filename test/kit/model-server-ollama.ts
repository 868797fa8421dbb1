import { readChat } from "./model-server-openai.ts";
import { objectOf, type Speech, type WholeReply, type Wire } from "./model-server-wire.ts";
import type { Counts, SeenRequest, ToolCall } from "./seen-request.ts";

/** Ollama's own chat: `POST /api/chat`. */
export const ollamaSpeech: Speech = {
  read: readChat,
  wire,
  whole,
  refusal: (_status, message) => ({ error: message }),
};

const STOP = { stop: "stop", length: "length", tools: "stop" } as const;

function callOf({ name, input }: ToolCall) {
  return { function: { name, arguments: objectOf(input) } };
}

function countsOf(usage: Counts | undefined): object {
  return usage === undefined ? {} : { prompt_eval_count: usage.input, eval_count: usage.output };
}

function entry(seen: SeenRequest, value: object): object {
  return { model: seen.model, created_at: "2026-01-01T00:00:00Z", ...value };
}

function wire(seen: SeenRequest): Wire {
  const line = (value: object) => `${JSON.stringify(entry(seen, value))}\n`;
  return {
    type: "application/x-ndjson",
    begin: () => "",
    piece: (text) => line({ message: { role: "assistant", content: text }, done: false }),
    tool: (call) => line({ message: { role: "assistant", content: "", tool_calls: [callOf(call)] }, done: false }),
    end: (finish, usage) =>
      line({
        message: { role: "assistant", content: "" },
        done: true,
        done_reason: STOP[finish],
        ...countsOf(usage),
      }),
    error: (message) => `${JSON.stringify({ error: message })}\n`,
  };
}

function whole(seen: SeenRequest, { text, tools, finish, usage }: WholeReply): object {
  const calls = tools.length === 0 ? {} : { tool_calls: tools.map(callOf) };
  const message = { role: "assistant", content: text, ...calls };
  return entry(seen, { message, done: true, done_reason: STOP[finish], ...countsOf(usage) });
}
