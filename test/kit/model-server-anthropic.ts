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
import type { Counts, SeenRequest } from "./seen-request.ts";

/** Anthropic's messages: `POST /v1/messages`. */
export const anthropicSpeech: Speech = { read, wire, whole, refusal };

const STOP = { stop: "end_turn", length: "max_tokens", tools: "tool_use" } as const;

function read(body: Readonly<Record<string, unknown>>) {
  const users = listIn(body.messages).filter(({ role }) => role === "user");
  const parts = users.flatMap(({ content }) => listIn(content)).filter(({ type }) => type === "tool_result");
  const config = body.output_config as { format?: { schema?: unknown } } | undefined;
  const format = body.output_format as { schema?: unknown } | undefined;
  return {
    system: textOf(body.system),
    user: users.map(({ content }) => textOf(content)).join("\n"),
    tools: listIn(body.tools).map(({ name }) => String(name)),
    results: parts.map(({ content }) => textOf(content)),
    schema: config?.format?.schema ?? format?.schema,
  };
}

function message(seen: SeenRequest, usage: Counts | undefined) {
  return { id: "msg_1", type: "message", role: "assistant", model: seen.model, usage: counted(usage) };
}

/** The protocol has no reply without counts: a server that counts nothing writes zeros. */
function counted(usage: Counts | undefined): object {
  if (usage === undefined) return { input_tokens: 0, output_tokens: 0 };
  const cached = cachedOf(usage);
  const fresh = { input_tokens: usage.input - cached, output_tokens: usage.output };
  return { ...fresh, cache_read_input_tokens: cached, cache_creation_input_tokens: 0 };
}

function wire(seen: SeenRequest): Wire {
  let index = -1;
  let inText = false;
  const start = (block: object) => {
    index += 1;
    return event({ type: "content_block_start", index, content_block: block });
  };
  const delta = (value: object) => event({ type: "content_block_delta", index, delta: value });
  const close = () => {
    const open = inText;
    inText = false;
    return open ? event({ type: "content_block_stop", index }) : "";
  };
  return {
    type: EVENT_STREAM,
    begin: (usage) =>
      event({
        type: "message_start",
        message: { ...message(seen, usage && { ...usage, output: 1 }), content: [], stop_reason: null },
      }),
    piece(text) {
      const opening = inText ? "" : start({ type: "text", text: "" });
      inText = true;
      return opening + delta({ type: "text_delta", text });
    },
    tool(call, id) {
      const opening = close() + start({ type: "tool_use", id, name: call.name, input: {} });
      const filling = delta({ type: "input_json_delta", partial_json: JSON.stringify(objectOf(call.input)) });
      return opening + filling + event({ type: "content_block_stop", index });
    },
    end(finish, usage) {
      const ended = { stop_reason: STOP[finish], stop_sequence: null };
      const last = event({ type: "message_delta", delta: ended, usage: { output_tokens: usage?.output ?? 0 } });
      return close() + last + event({ type: "message_stop" });
    },
    error: (text) => event({ type: "error", error: { type: "api_error", message: text } }),
  };
}

function whole(seen: SeenRequest, { text, tools, finish, usage }: WholeReply): object {
  const content = [
    ...(text === "" ? [] : [{ type: "text", text }]),
    ...tools.map(({ name, input }, at) => ({ type: "tool_use", id: `toolu_${at}`, name, input: objectOf(input) })),
  ];
  return { ...message(seen, usage), content, stop_reason: STOP[finish satisfies Finish], stop_sequence: null };
}

function refusal(status: number, text: string): object {
  const kind = status >= 500 ? "api_error" : "invalid_request_error";
  return { type: "error", error: { type: status === 429 ? "rate_limit_error" : kind, message: text } };
}
