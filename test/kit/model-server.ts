import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { replyAs } from "./model-server-replies.ts";
import type { SeenRequest, ServerFault } from "./seen-request.ts";

export interface ModelServerOptions {
  readonly answer: (request: SeenRequest) => string | Promise<string>;
  /** What the server lists and accepts. Default: any name is accepted, `test-model` is listed. */
  readonly models?: readonly string[];
}

/** A loopback server that speaks OpenAI's chat completions under `/v1` and Ollama's API under `/api`. */
export interface ModelServer {
  /** `http://127.0.0.1:<port>`: Ollama's address. */
  readonly url: string;
  /** The same with `/v1`: the address for OpenAI-compatible clients. */
  readonly openAiUrl: string;
  /** All requests, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** Only those that asked a model. */
  readonly chats: readonly SeenRequest[];
  /** The next `times` chat requests meet this fault (`refuse-schema`: those that bring a schema). Faults queue up. */
  fail(fault: ServerFault, times?: number): void;
  /** Stops listening, and breaks every connection. */
  down(): Promise<void>;
  /** Listens again, on the same port. */
  up(): Promise<void>;
  close(): Promise<void>;
}

interface State extends ModelServerOptions {
  readonly requests: SeenRequest[];
  readonly faults: ServerFault[];
}

const CHATS = ["/v1/chat/completions", "/api/chat"];

export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const state: State = { ...options, requests: [], faults: [] };
  const server = createServer((request, response) => {
    void respond(state, request, response).catch(() => response.destroy());
  });
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    openAiUrl: `${url}/v1`,
    requests: state.requests,
    get chats() {
      return state.requests.filter(({ path }) => CHATS.includes(path));
    },
    fail(fault, times = 1) {
      for (let time = 0; time < times; time += 1) state.faults.push(fault);
    },
    down: () => close(server),
    up: () => listen(server, port),
    close: () => close(server),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function respond(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const seen = { ...(await read(request)), closedEarly: false };
  state.requests.push(seen);
  response.on("close", () => {
    seen.closedEarly = !response.writableFinished;
  });
  if (CHATS.includes(seen.path)) await chat(state, seen, response);
  else list(state.models ?? ["test-model"], seen, response);
}

function list(models: readonly string[], seen: SeenRequest, response: ServerResponse): void {
  const listing = {
    "/v1/models": { data: models.map((id) => ({ id, object: "model" })) },
    "/api/tags": { models: models.map((name) => ({ name, model: name })) },
    "/api/ps": { models: [] },
  }[seen.path];
  if (listing !== undefined) json(response, 200, listing);
  else json(response, 404, { error: { message: `no such path ${seen.path}` } });
}

async function chat(state: State, seen: SeenRequest, response: ServerResponse): Promise<void> {
  const fault = state.faults.shift();
  if (fault !== undefined && refuse(fault, seen, response)) return;
  if (state.models !== undefined && !state.models.includes(seen.model)) {
    unknownModel(seen, response);
    return;
  }
  if (fault?.kind === "slow") await new Promise((resolve) => setTimeout(resolve, fault.milliseconds));
  await replyAs(seen, await state.answer(seen), { response, fault });
}

/** Faults that need no reply; true when one of them answered. */
function refuse(fault: ServerFault, seen: SeenRequest, response: ServerResponse): boolean {
  switch (fault.kind) {
    case "status": {
      const headers = fault.retryAfter === undefined ? {} : { "retry-after": fault.retryAfter };
      refusal(seen, response, { status: fault.status, message: fault.message ?? "something went wrong", headers });
      return true;
    }
    case "refuse-schema":
      if (seen.schema === undefined) return false;
      refusal(seen, response, { status: 400, message: "response_format is not supported" });
      return true;
    case "content-type":
      response.writeHead(200, { "content-type": fault.type });
      response.end("<html>Welcome</html>");
      return true;
    case "destroy":
      (response.socket as Socket).destroy();
      return true;
    default:
      return false;
  }
}

function unknownModel(seen: SeenRequest, response: ServerResponse): void {
  refusal(seen, response, { status: 404, message: `model '${seen.model}' not found` });
}

interface RefusalText {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function refusal(seen: SeenRequest, response: ServerResponse, { status, message, headers }: RefusalText): void {
  const error = seen.protocol === "ollama" ? message : { message, type: "error" };
  json(response, status, { error }, headers);
}

function json(response: ServerResponse, status: number, body: unknown, headers?: RefusalText["headers"]): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

async function read(request: IncomingMessage): Promise<SeenRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString("utf8");
  const body = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  const headers = request.headers as Record<string, string>;
  return {
    method: request.method ?? "GET",
    path,
    protocol: protocolOf(path),
    headers,
    task: headers["x-millwright-task"] ?? "",
    role: headers["x-millwright-role"] ?? "",
    attempt: Number(headers["x-millwright-attempt"] ?? 0),
    body,
    model: String(body.model ?? ""),
    system: said(body, "system"),
    user: said(body, "user"),
    schema: schemaOf(body),
    closedEarly: false,
  };
}

function protocolOf(path: string): SeenRequest["protocol"] {
  if (path.startsWith("/v1/")) return "openai";
  return path.startsWith("/api/") ? "ollama" : "other";
}

/** All messages of a speaker, as text. */
function said(body: Readonly<Record<string, unknown>>, speaker: string): string {
  const messages = (body.messages ?? []) as readonly { role: string; content: unknown }[];
  const own = messages.filter(({ role }) => role === speaker);
  return own.map(({ content }) => textOf(content)).join("\n");
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return Array.isArray(content) ? content.map((part: { text?: string }) => part.text ?? "").join("") : "";
}

function schemaOf(body: Readonly<Record<string, unknown>>): unknown {
  const format = body.response_format as { json_schema?: { schema?: unknown } } | undefined;
  return format?.json_schema?.schema ?? body.format;
}
