import {
  cachedOf,
  EVENT_STREAM,
  event,
  listIn,
  objectOf,
  type Speech,
  textOf,
  type WholeReply,
  type Wire,
} from "./model-server-wire.ts";
import type { Counts, SeenRequest, ToolCall } from "./seen-request.ts";

/** OpenAI's chat completions: `POST /v1/chat/completions`. */
export const openAiSpeech: Speech = { read: readChat, wire, whole, refusal };

const STOP = { stop: "stop", length: "length", tools: "tool_calls" } as const;

/** A body with `messages`, as OpenAI's chat and Ollama have it. */
export function readChat(body: Readonly<Record<string, unknown>>) {
  const messages = listIn(body.messages);
  const said = (...roles: readonly unknown[]) =>
    messages.filter(({ role }) => roles.includes(role)).map(({ content }) => textOf(content));
  const format = body.response_format as { json_schema?: { schema?: unknown } } | undefined;
  return {
    system: said("system", "developer").join("\n"),
    user: said("user").join("\n"),
    tools: listIn(body.tools).map((tool) => String((tool.function as { name?: string } | undefined)?.name)),
    results: said("tool"),
    schema: format?.json_schema?.schema ?? body.format,
  };
}

function callOf({ name, input }: ToolCall, id: string) {
  return { id, type: "function", function: { name, arguments: JSON.stringify(objectOf(input)) } };
}

function wire(seen: SeenRequest): Wire {
  const base = { id: "chat-1", object: "chat.completion.chunk", created: 1, model: seen.model };
  let calls = 0;
  const choice = (delta: object, finish: string | null) => ({
    ...base,
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  return {
    type: EVENT_STREAM,
    begin: () => "",
    piece: (text) => event(choice({ role: "assistant", content: text }, null)),
    tool(call, id) {
      const delta = { tool_calls: [{ index: calls, ...callOf(call, id) }] };
      calls += 1;
      return event(choice(delta, null));
    },
    end: (finish, usage) => {
      const counts = usage === undefined ? "" : event({ ...base, choices: [], usage: openAiUsage(usage) });
      return `${event(choice({}, STOP[finish]))}${counts}data: [DONE]\n\n`;
    },
    error: (message) => event({ error: { message, code: 500 } }),
  };
}

function whole(seen: SeenRequest, { text, tools, finish, usage }: WholeReply): object {
  const calls = tools.length === 0 ? {} : { tool_calls: tools.map((call, at) => callOf(call, `call_${at}`)) };
  const message = { role: "assistant", content: text, ...calls };
  const choices = [{ index: 0, message, finish_reason: STOP[finish] }];
  const counts = usage === undefined ? {} : { usage: openAiUsage(usage) };
  return { id: "chat-1", object: "chat.completion", created: 1, model: seen.model, choices, ...counts };
}

function openAiUsage(usage: Counts): object {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: cachedOf(usage) },
  };
}

function refusal(_status: number, message: string): object {
  return { error: { message, type: "error" } };
}
