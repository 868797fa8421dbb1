import { createHash } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What goes wrong when a file is asked for. */
export type HubFault =
  | { readonly kind: "cut-off"; readonly after: number }
  | { readonly kind: "silent"; readonly after: number }
  | { readonly kind: "status"; readonly status: number }
  /** The file comes from its beginning, whatever range was asked for. */
  | { readonly kind: "no-ranges" };

export interface ModelHubOptions {
  /** `owner/repo` and its files. */
  readonly models: Readonly<Record<string, Readonly<Record<string, Buffer>>>>;
  /** A checksum that the hub states instead of the right one. */
  readonly sha256?: string;
  /** Models whose licence has to be accepted: 401 without this token. */
  readonly gated?: { readonly models: readonly string[]; readonly token: string };
}

/** A loopback hub that speaks as much of huggingface.co's API as fetching a model needs. */
export interface ModelHub {
  readonly url: string;
  /** Requests as `GET /path bytes=…`. */
  readonly requests: readonly string[];
  /** The next requests for a file meet these, one each. */
  fail(...faults: readonly HubFault[]): void;
  close(): Promise<void>;
}

export async function startModelHub(options: ModelHubOptions): Promise<ModelHub> {
  const requests: string[] = [];
  const faults: HubFault[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://hub");
    const { range, authorization } = request.headers;
    requests.push(["GET", pathname, ...(range ? [range] : [])].join(" "));
    const { gated } = options;
    const locked = gated?.models.some((model) => pathname.includes(`/${model}/`));
    if (locked && authorization !== `Bearer ${gated?.token}`) json(response, 401, { error: "restricted" });
    else if (pathname === "/api/models")
      json(
        response,
        200,
        Object.keys(options.models).map((id) => ({ id })),
      );
    else answer(options, { pathname, range, response, faults });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fail: (...more) => void faults.push(...more),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

interface Asked {
  readonly pathname: string;
  readonly range: string | undefined;
  readonly response: ServerResponse;
  readonly faults: HubFault[];
}

function answer(options: ModelHubOptions, { pathname, range, response, faults }: Asked): void {
  const tree = /^\/api\/models\/([^/]+\/[^/]+)\/tree\/main$/.exec(pathname)?.[1];
  const files = options.models[tree ?? ""];
  if (files !== undefined) {
    json(response, 200, listing(files, options.sha256));
    return;
  }
  const [, repo = "", name = ""] = /^\/([^/]+\/[^/]+)\/resolve\/main\/(.+)$/.exec(pathname) ?? [];
  const bytes = options.models[repo]?.[decodeURIComponent(name)];
  if (bytes === undefined) json(response, 404, { error: "not found" });
  else give(bytes, range, response, faults.shift());
}

function listing(files: Readonly<Record<string, Buffer>>, stated: string | undefined) {
  return Object.entries(files).map(([path, bytes]) => {
    const oid = stated ?? createHash("sha256").update(bytes).digest("hex");
    return { type: "file", path, size: bytes.length, lfs: { oid, size: bytes.length } };
  });
}

function give(bytes: Buffer, range: string | undefined, response: ServerResponse, fault: HubFault | undefined): void {
  if (fault?.kind === "status") {
    json(response, fault.status, { error: "fault" });
    return;
  }
  const from = fault?.kind === "no-ranges" ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
  const rest = bytes.subarray(from);
  const partial = from > 0 ? { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
  response.writeHead(from > 0 ? 206 : 200, { "content-length": rest.length, ...partial });
  if (fault?.kind !== "cut-off" && fault?.kind !== "silent") {
    response.end(rest);
    return;
  }
  response.write(rest.subarray(0, fault.after), () => {
    if (fault.kind === "cut-off") response.socket?.end();
  });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
