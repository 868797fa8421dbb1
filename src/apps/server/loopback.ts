import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server that only this machine reaches, and only who has the token. */
export interface Loopback {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  close(): Promise<void>;
}

export interface LoopbackOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly token: string;
  /** Answers a request that has the token and comes from no web page. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/**
 * Listens on 127.0.0.1. A request without the token, for another host (a name that somebody made lead here) or from a web page
 * is refused before anything is looked at.
 */
export async function listenLoopback({ port, token, answer }: LoopbackOptions): Promise<Loopback> {
  const server = createServer((request, response) => {
    const refused = refusalOf(request, token);
    if (refused !== undefined) return send(response, refused.status, { error: refused.error });
    answer(request, response).catch((error) => {
      if (!response.headersSent) send(response, 500, { error: error instanceof Error ? error.message : "failed" });
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Refused {
  readonly status: number;
  readonly error: string;
}

function refusalOf({ headers }: IncomingMessage, token: string): Refused | undefined {
  if (!/^(127[.]0[.]0[.]1|localhost)(:\d+)?$/.test(headers.host ?? ""))
    return { status: 403, error: "this server is for 127.0.0.1" };
  if (headers.origin !== undefined) return { status: 403, error: "no web page may ask here" };
  const [, given = ""] = /^Bearer (\S+)$/.exec(headers.authorization ?? "") ?? [];
  return isSame(given, token) ? undefined : { status: 401, error: "a bearer token is needed: .millwright/token" };
}

function isSame(given: string, token: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Answers with one JSON object. */
export function send(response: ServerResponse, status: number, body: object): void {
  const headers = {
    "content-type": "application/json",
    "cache-control": "no-store",
    ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
  };
  response.writeHead(status, headers).end(`${JSON.stringify(body)}\n`);
}
