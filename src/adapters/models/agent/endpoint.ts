import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { request as httpsRequest } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { EndpointRefusal } from "./agent-failure.ts";

/** The one way out of an agent's sandbox: it leads to one host and port, whatever is asked. */
export interface Endpoint {
  /** Where it listens: the socket's path, or a port on loopback. */
  readonly port: number;
  /** Milliseconds (performance.now) when something last went through. */
  readonly lastUsed: () => number;
  /** The endpoint's last answer when it was a refusal; undefined after an answer that was none. */
  readonly refusal: () => EndpointRefusal | undefined;
  /** Refusals in a row. */
  readonly refusals: () => number;
  close(): Promise<void>;
}

interface State {
  lastUsed: number;
  refusal: EndpointRefusal | undefined;
  refusals: number;
}

const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authorization",
  "transfer-encoding",
  "upgrade",
];

/** Forwards HTTP to the host of `url`; listens on a Unix socket, or on a free port of loopback. */
export async function openEndpoint(url: string, at: { socket: string } | "loopback"): Promise<Endpoint> {
  const target = new URL(url);
  const state: State = { lastUsed: performance.now(), refusal: undefined, refusals: 0 };
  const server = createServer((request, response) => forward(request, response, target, state));
  server.on("upgrade", (_request: IncomingMessage, socket: Socket) =>
    socket.end("HTTP/1.1 426 Upgrade Required\r\n\r\n"),
  );
  server.on("connect", (_request: IncomingMessage, socket: Socket) => socket.end("HTTP/1.1 403 Forbidden\r\n\r\n"));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    if (at === "loopback") server.listen(0, "127.0.0.1", resolve);
    else server.listen(at.socket, resolve);
  });
  return {
    port: at === "loopback" ? (server.address() as AddressInfo).port : 0,
    lastUsed: () => state.lastUsed,
    refusal: () => state.refusal,
    refusals: () => state.refusals,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function forward(request: IncomingMessage, response: ServerResponse, target: URL, state: State): void {
  state.lastUsed = performance.now();
  const send = target.protocol === "https:" ? httpsRequest : httpRequest;
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
  const asks = request.method === "POST";
  const upstream = send(
    {
      protocol: target.protocol,
      hostname: target.hostname.replace(/^\[|\]$/g, ""),
      port: target.port || (target.protocol === "https:" ? 443 : 80),
      method: request.method,
      path: pathOf(request.url ?? "/"),
      headers: { ...headers, host: target.host },
    },
    (answer) => {
      const status = answer.statusCode ?? 502;
      if (asks) note(answer, status, state);
      response.writeHead(status, answer.headers);
      answer.on("data", () => {
        state.lastUsed = performance.now();
      });
      answer.on("error", () => response.destroy());
      answer.pipe(response);
    },
  );
  upstream.on("error", (error: NodeJS.ErrnoException) => {
    if (asks) refused(state, { status: 0, said: error.code ?? error.message, retryAfter: undefined });
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end("the model endpoint is not there");
  });
  response.on("close", () => upstream.destroy());
  request.pipe(upstream);
}

/** An absolute address, as proxies get it, is cut to its path: no other host can be asked. */
function pathOf(url: string): string {
  if (url.startsWith("/")) return url;
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function note(answer: IncomingMessage, status: number, state: State): void {
  if (status < 400) {
    state.refusal = undefined;
    state.refusals = 0;
    return;
  }
  const wait = Number(answer.headers["retry-after"] ?? Number.NaN);
  const refusal = { status, said: "", retryAfter: Number.isNaN(wait) ? undefined : wait };
  refused(state, refusal);
  let text = "";
  answer.on("data", (piece: Buffer) => {
    if (text.length > 2000) return;
    text += piece.toString("utf8");
    state.refusal = { ...refusal, said: text.slice(0, 2000) };
  });
}

function refused(state: State, refusal: EndpointRefusal): void {
  state.refusal = refusal;
  state.refusals += 1;
}
