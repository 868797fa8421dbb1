import type { ServerResponse } from "node:http";
import { anthropicSpeech } from "./model-server-anthropic.ts";
import { googleSpeech } from "./model-server-google.ts";
import { ollamaSpeech } from "./model-server-ollama.ts";
import { openAiSpeech } from "./model-server-openai.ts";
import { responsesSpeech } from "./model-server-responses.ts";
import type { Speech, WholeReply, Wire } from "./model-server-wire.ts";
import type { Counts, Protocol, SeenRequest, ServedReply, ServerFault } from "./seen-request.ts";

/** How each protocol is read and written. */
export const SPEECHES: Readonly<Record<Protocol, Speech>> = {
  anthropic: anthropicSpeech,
  google: googleSpeech,
  ollama: ollamaSpeech,
  openai: openAiSpeech,
  responses: responsesSpeech,
  other: openAiSpeech,
};

interface To {
  readonly response: ServerResponse;
  readonly fault: ServerFault | undefined;
}

/** Writes a reply as the request's protocol does, streamed when it asked for that, with the fault on the way. */
export async function replyAs(seen: SeenRequest, said: string | ServedReply, { response, fault }: To): Promise<void> {
  const reply = wholeOf(seen, typeof said === "string" ? { text: said } : said, fault);
  const speech = SPEECHES[seen.protocol];
  if (!isStreamed(seen)) {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(speech.whole(seen, reply)));
    return;
  }
  const wire = speech.wire(seen);
  response.writeHead(200, { "content-type": wire.type });
  response.write(wire.begin(reply.usage));
  if (fault !== undefined && (await streamFault(wire, reply.text, { response, fault }))) return;
  for (const piece of piecesOf(reply.text)) response.write(wire.piece(piece));
  for (const [at, call] of reply.tools.entries()) response.write(wire.tool(call, `call_${seen.results.length}_${at}`));
  response.end(wire.end(reply.finish, reply.usage));
}

function wholeOf(seen: SeenRequest, said: ServedReply, fault: ServerFault | undefined): WholeReply {
  const { text = "", tools = [] } = said;
  const ended = tools.length > 0 ? "tools" : "stop";
  const usage = said.usage ?? countsOf(seen, text + tools.map((call) => JSON.stringify(call)).join(""));
  return {
    text,
    tools,
    finish: fault?.kind === "length" ? "length" : ended,
    usage: fault?.kind === "no-usage" ? undefined : usage,
  };
}

/** Ollama streams unless it is told not to; Google has an address for it. */
function isStreamed({ protocol, path, body }: SeenRequest): boolean {
  if (protocol === "google") return path.endsWith(":streamGenerateContent");
  return protocol === "ollama" ? body.stream !== false : body.stream === true;
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
  const next = () => (how === "pieces" ? wire.piece("again and again ".repeat(256)) : "x".repeat(65_536));
  while (!response.destroyed) {
    if (!response.write(next())) await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** The server's own count: a token is three characters here, so that it is never mistaken for an estimate. */
function countsOf(seen: SeenRequest, reply: string): Counts {
  return { input: countOf(seen.system + seen.user), output: countOf(reply) };
}

/** Tokens as the server counts them. */
export function countOf(text: string): number {
  return Math.ceil(text.length / 3);
}

/** Pieces like a model's, a few characters each; a long text still comes in at most some two thousand. */
function piecesOf(text: string): readonly string[] {
  const size = Math.max(16, Math.ceil(text.length / 2000));
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
}
