import type { ServerResponse } from "node:http";
import type { SeenRequest, ServerFault } from "./seen-request.ts";

interface To {
  readonly response: ServerResponse;
  readonly fault: ServerFault | undefined;
}

/** How a protocol writes a piece of a reply, its end, and an error in between. */
interface Wire {
  readonly type: string;
  piece(text: string): string;
  end(finish: "stop" | "length", usage: Counts | undefined): string;
  error(message: string): string;
}

interface Counts {
  readonly input: number;
  readonly output: number;
}

/** Writes a reply as the request's protocol does, streamed when it asked for that, with the fault on the way. */
export async function replyAs(seen: SeenRequest, text: string, { response, fault }: To): Promise<void> {
  const usage =
    fault?.kind === "no-usage" ? undefined : { input: countOf(seen.system + seen.user), output: countOf(text) };
  if (seen.body.stream !== true && seen.protocol === "openai") {
    wholeOpenAi(seen, text, { response, usage });
    return;
  }
  const wire = seen.protocol === "ollama" ? ollamaWire(seen) : openAiWire(seen);
  response.writeHead(200, { "content-type": wire.type });
  if (fault !== undefined && (await streamFault(wire, text, { response, fault }))) return;
  for (const piece of piecesOf(text)) response.write(wire.piece(piece));
  response.end(wire.end(fault?.kind === "length" ? "length" : "stop", usage));
}

/** True when the fault ended the reply, or left it hanging. */
async function streamFault(wire: Wire, text: string, { response, fault }: Required<To>): Promise<boolean> {
  switch (fault?.kind) {
    case "thinks":
      response.write(wire.piece(""));
      await new Promise((resolve) => setTimeout(resolve, fault.milliseconds));
      return false;
    case "hang":
      if (fault.afterCharacters > 0) response.write(wire.piece(text.slice(0, fault.afterCharacters)));
      else response.flushHeaders();
      return true;
    case "half":
      response.write(wire.piece(text.slice(0, Math.ceil(text.length / 2))));
      if (fault.then === "end") response.end();
      else setTimeout(() => response.destroy(), 20);
      return true;
    case "invalid-json":
      response.write(wire.piece(text.slice(0, 3)));
      response.end(wire.piece("x").replace("{", "{{"));
      return true;
    case "error-in-stream":
      response.write(wire.piece(text.slice(0, 3)));
      response.end(wire.error(fault.message));
      return true;
    case "endless":
      await endless(wire, response, fault.in);
      return true;
    default:
      return false;
  }
}

async function endless(wire: Wire, response: ServerResponse, how: "pieces" | "one-line"): Promise<void> {
  const chunk = how === "pieces" ? wire.piece("again and again ".repeat(256)) : "x".repeat(65_536);
  while (!response.destroyed) {
    if (!response.write(chunk)) await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

function openAiWire(seen: SeenRequest): Wire {
  const base = { id: "chat-1", object: "chat.completion.chunk", created: 1, model: seen.model };
  const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
  const choice = (delta: object, finish: string | null) => ({
    ...base,
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  return {
    type: "text/event-stream; charset=utf-8",
    piece: (text) => event(choice({ role: "assistant", content: text }, null)),
    end: (finish, usage) => {
      const counts = usage === undefined ? "" : event({ ...base, choices: [], usage: openAiUsage(usage) });
      return `${event(choice({}, finish))}${counts}data: [DONE]\n\n`;
    },
    error: (message) => event({ error: { message, code: 500 } }),
  };
}

function ollamaWire(seen: SeenRequest): Wire {
  const line = (value: object) =>
    `${JSON.stringify({ model: seen.model, created_at: "2026-01-01T00:00:00Z", ...value })}\n`;
  return {
    type: "application/x-ndjson",
    piece: (text) => line({ message: { role: "assistant", content: text }, done: false }),
    end: (finish, usage) => {
      const counts = usage === undefined ? {} : { prompt_eval_count: usage.input, eval_count: usage.output };
      return line({ message: { role: "assistant", content: "" }, done: true, done_reason: finish, ...counts });
    },
    error: (message) => `${JSON.stringify({ error: message })}\n`,
  };
}

function wholeOpenAi(
  seen: SeenRequest,
  text: string,
  to: { response: ServerResponse; usage: Counts | undefined },
): void {
  const choices = [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }];
  const usage = to.usage === undefined ? {} : { usage: openAiUsage(to.usage) };
  to.response.writeHead(200, { "content-type": "application/json" });
  to.response.end(
    JSON.stringify({ id: "chat-1", object: "chat.completion", created: 1, model: seen.model, choices, ...usage }),
  );
}

function openAiUsage({ input, output }: Counts): object {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: Math.floor(input / 2) },
  };
}

/** The server's own count: a token is three characters here, so that it is never mistaken for an estimate. */
function countOf(text: string): number {
  return Math.ceil(text.length / 3);
}

/** Pieces like a model's, a few characters each; a long text still comes in at most some two thousand. */
function piecesOf(text: string): readonly string[] {
  const size = Math.max(16, Math.ceil(text.length / 2000));
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
}
