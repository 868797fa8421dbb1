import {
  cachedOf,
  EVENT_STREAM,
  event,
  listIn,
  type Speech,
  textOf,
  type WholeReply,
  type Wire,
} from "./model-server-wire.ts";
import type { Counts, SeenRequest, ToolCall } from "./seen-request.ts";

/** OpenAI's responses: `POST /v1/responses`. */
export const responsesSpeech: Speech = { read, wire, whole, refusal };

function read(body: Readonly<Record<string, unknown>>) {
  const items = typeof body.input === "string" ? [{ role: "user", content: body.input }] : listIn(body.input);
  const said = (...roles: readonly unknown[]) =>
    items.filter(({ role }) => roles.includes(role)).map(({ content }) => textOf(content));
  const outputs = items.filter(({ type }) => String(type).endsWith("_call_output"));
  const format = (body.text as { format?: { schema?: unknown } } | undefined)?.format;
  return {
    system: [String(body.instructions ?? ""), ...said("system", "developer")].filter((text) => text !== "").join("\n"),
    user: said("user").join("\n"),
    tools: listIn(body.tools).map(({ name, type }) => String(name ?? type)),
    results: outputs.map(({ output }) => (typeof output === "string" ? output : textOf(output))),
    schema: format?.schema,
  };
}

/** What the protocol repeats of the request in its first and its last event. */
function response(seen: SeenRequest, status: string) {
  return { id: "resp_1", object: "response", created_at: 1, status, model: seen.model, error: null };
}

function usageOf(usage: Counts | undefined): object {
  if (usage === undefined) return {};
  const { input, output } = usage;
  return {
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: cachedOf(usage) },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input + output,
    },
  };
}

function messageItem(text: string, at: number) {
  const content = [{ type: "output_text", text, annotations: [] }];
  return { id: `msg_${at}`, type: "message", status: "completed", role: "assistant", content };
}

function callItem({ name, input }: ToolCall, id: string) {
  if (typeof input === "string")
    return { id: `ctc_${id}`, type: "custom_tool_call", status: "completed", call_id: id, name, input };
  const args = JSON.stringify(input);
  return { id: `fc_${id}`, type: "function_call", status: "completed", call_id: id, name, arguments: args };
}

function wire(seen: SeenRequest): Wire {
  const output: object[] = [];
  let number = 0;
  let said: string | undefined;
  const say = (value: object) => {
    number += 1;
    return event({ ...value, sequence_number: number });
  };
  const at = () => ({ output_index: output.length });
  const close = () => {
    if (said === undefined) return "";
    const item = messageItem(said, output.length);
    const place = { ...at(), item_id: item.id, content_index: 0 };
    const text = say({ type: "response.output_text.done", ...place, text: said });
    const part = say({ type: "response.content_part.done", ...place, part: item.content[0] });
    const done = say({ type: "response.output_item.done", ...at(), item });
    output.push(item);
    said = undefined;
    return text + part + done;
  };
  const open = () => {
    said = "";
    const item = { ...messageItem("", output.length), status: "in_progress", content: [] };
    const place = { ...at(), item_id: item.id, content_index: 0 };
    const part = { type: "output_text", text: "", annotations: [] };
    return (
      say({ type: "response.output_item.added", ...at(), item }) +
      say({ type: "response.content_part.added", ...place, part })
    );
  };
  return {
    type: EVENT_STREAM,
    begin: () => say({ type: "response.created", response: { ...response(seen, "in_progress"), output: [] } }),
    piece(text) {
      const opening = said === undefined ? open() : "";
      said = (said ?? "") + text;
      const place = { ...at(), item_id: `msg_${output.length}`, content_index: 0 };
      return opening + say({ type: "response.output_text.delta", ...place, delta: text, logprobs: [] });
    },
    tool(call, id) {
      const closing = close();
      const item = callItem(call, id);
      const empty = { ...item, status: "in_progress", ...("arguments" in item ? { arguments: "" } : { input: "" }) };
      const added = say({ type: "response.output_item.added", ...at(), item: empty });
      const filled =
        "arguments" in item
          ? say({ type: "response.function_call_arguments.done", ...at(), item_id: item.id, arguments: item.arguments })
          : say({ type: "response.custom_tool_call_input.done", ...at(), item_id: item.id, input: item.input });
      const done = say({ type: "response.output_item.done", ...at(), item });
      output.push(item);
      return closing + added + filled + done;
    },
    end(finish, usage) {
      const closing = close();
      const cut = finish === "length";
      const status = cut ? "incomplete" : "completed";
      const details = { incomplete_details: cut ? { reason: "max_output_tokens" } : null };
      const ended = { ...response(seen, status), ...details, output, ...usageOf(usage) };
      return closing + say({ type: `response.${status}`, response: ended });
    },
    error: (message) => say({ type: "error", code: "server_error", message, param: null }),
  };
}

function whole(seen: SeenRequest, { text, tools, finish, usage }: WholeReply): object {
  const output = [
    ...(text === "" ? [] : [messageItem(text, 0)]),
    ...tools.map((call, index) => callItem(call, `call_${index}`)),
  ];
  const details = { incomplete_details: finish === "length" ? { reason: "max_output_tokens" } : null };
  return { ...response(seen, finish === "length" ? "incomplete" : "completed"), ...details, output, ...usageOf(usage) };
}

function refusal(status: number, message: string): object {
  return { error: { message, type: status === 429 ? "rate_limit_exceeded" : "invalid_request_error", code: null } };
}
