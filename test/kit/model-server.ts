import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { countOf, replyAs, SPEECHES } from "./model-server-replies.ts";
import type { Protocol, SeenRequest, ServedReply, ServerFault } from "./seen-request.ts";

export interface ModelServerOptions {
  /** A text, or a text and calls of tools. */
  readonly answer: (request: SeenRequest) => string | ServedReply | Promise<string | ServedReply>;
  /** What the server lists and accepts. Default: any name is accepted, `test-model` is listed. */
  readonly models?: readonly string[];
  /** Further paths and the JSON that they answer with, or a function of the request; they win over the server's own. */
  readonly paths?: Readonly<Record<string, unknown>>;
}

/**
 * A loopback server that speaks OpenAI's chat completions and responses and Anthropic's messages under `/v1`, Google's
 * API under `/v1beta` and Ollama's under `/api`.
 */
export interface ModelServer {
  /** `http://127.0.0.1:<port>`: the address of Ollama, and what `ANTHROPIC_BASE_URL` is for Claude Code. */
  readonly url: string;
  /** The same with `/v1`: the address for OpenAI's and Anthropic's clients. */
  readonly openAiUrl: string;
  /** The same with `/v1beta`: the address for Google's clients. */
  readonly googleUrl: string;
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
    googleUrl: `${url}/v1beta`,
    requests: state.requests,
    get chats() {
      return state.requests.filter(isChat);
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

const CHATS: readonly (readonly [path: RegExp, protocol: Protocol])[] = [
  [/^\/(v1\/)?chat\/completions$/, "openai"],
  [/^\/(v1\/)?responses$/, "responses"],
  [/^\/v1\/messages$/, "anthropic"],
  [/^\/v1beta\/models\/[^/]+:(stream)?[gG]enerateContent$/, "google"],
  [/^\/api\/chat$/, "ollama"],
];

function isChat({ method, path }: SeenRequest): boolean {
  return method === "POST" && CHATS.some(([chat]) => chat.test(path));
}

async function respond(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const seen = { ...(await read(request)), closedEarly: false };
  state.requests.push(seen);
  response.on("close", () => {
    seen.closedEarly = !response.writableFinished;
  });
  if (state.paths !== undefined && seen.path in state.paths) {
    const own = state.paths[seen.path];
    json(response, 200, typeof own === "function" ? await own(seen) : own);
  } else if (isChat(seen)) await chat(state, seen, response);
  else look(state.models ?? ["test-model"], seen, response);
}

/** What is no question to a model: lists, counts, signs of life. */
function look(models: readonly string[], seen: SeenRequest, response: ServerResponse): void {
  const listing = {
    "/v1/models": { data: models.map((id) => ({ id, object: "model", type: "model", display_name: id })) },
    "/v1beta/models": { models: models.map((name) => ({ name: `models/${name}` })) },
    "/api/tags": { models: models.map((name) => ({ name, model: name })) },
    "/api/ps": { models: [] },
    "/api/version": { version: "0.13.0" },
    "/v1/messages/count_tokens": { input_tokens: countOf(JSON.stringify(seen.body)) },
  }[seen.path];
  if (listing !== undefined) json(response, 200, listing);
  else if (seen.path.endsWith(":countTokens")) json(response, 200, { totalTokens: countOf(JSON.stringify(seen.body)) });
  else if (seen.method === "HEAD") json(response, 200, {});
  else json(response, 404, { error: { message: `no such path ${seen.path}` } });
}

async function chat(state: State, seen: SeenRequest, response: ServerResponse): Promise<void> {
  const fault = state.faults.shift();
  if (fault !== undefined && refuse(fault, seen, response)) return;
  if (state.models !== undefined && !state.models.includes(seen.model)) {
    refusal(seen, response, { status: 404, message: `model '${seen.model}' not found` });
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
    case "redirect":
      response.writeHead(307, { location: fault.to });
      response.end();
      return true;
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

interface RefusalText {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function refusal(seen: SeenRequest, response: ServerResponse, { status, message, headers }: RefusalText): void {
  json(response, status, SPEECHES[seen.protocol].refusal(status, message), headers);
}

function json(response: ServerResponse, status: number, body: unknown, headers?: RefusalText["headers"]): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

async function read(request: IncomingMessage): Promise<SeenRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString("utf8");
  const body = bodyOf(text);
  const [path = "/", query = ""] = (request.url ?? "/").split("?");
  const headers = request.headers as Record<string, string>;
  const protocol = CHATS.find(([chat]) => chat.test(path))?.[1] ?? "other";
  return {
    method: request.method ?? "GET",
    path,
    query,
    protocol,
    headers,
    task: headers["x-millwright-task"] ?? "",
    role: headers["x-millwright-role"] ?? "",
    attempt: Number(headers["x-millwright-attempt"] ?? 0),
    body,
    model: String(body.model ?? /models\/([^/:]+):/.exec(path)?.[1] ?? ""),
    ...SPEECHES[protocol].read(body),
    closedEarly: false,
  };
}

/** What is no JSON object is kept as text: some clients report their statistics in other forms. */
function bodyOf(text: string): Readonly<Record<string, unknown>> {
  if (text === "") return {};
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return { text };
  }
}
