import type { Reach } from "../../domain/network.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import type { CallWatch } from "./call-watch.ts";
import { ANYWHERE } from "./reach.ts";
import { reachingFetch } from "./reaching-fetch.ts";

export interface WatchedFetch {
  readonly watch: CallWatch;
  readonly headers: Readonly<Record<string, string>>;
  /** Content types of a good reply. */
  readonly expects: RegExp;
  /** What is said when another type comes. */
  readonly hint: string;
  /** Longest line of a stream, in bytes. */
  readonly lineBytes: number;
  /** Looks at each complete line of a good reply before anyone else does; what it throws ends the call. */
  readonly checkLine?: (line: string) => void;
  /** How far the request may go. Default: anywhere. */
  readonly reach?: Reach;
  /** Last word on the request's JSON body. */
  readonly body?: (body: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
}

/** Where libraries put a key of their own finding; only those of the config are sent. */
const KEY_HEADERS = ["authorization", "x-api-key", "x-goog-api-key"];

/** A `fetch` for one call: headers on every request, no time-outs but the watch's, wrong content types and endless lines refused. */
export async function watchedFetch(options: WatchedFetch): Promise<typeof globalThis.fetch> {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    for (const name of KEY_HEADERS) headers.delete(name);
    for (const [name, value] of Object.entries(options.headers)) headers.set(name, value);
    const request = {
      method: init?.method ?? "GET",
      body: bodyOf(init?.body, options.body),
      headers: Object.fromEntries(headers),
      signal: options.watch.signal,
    };
    const response = await reachingFetch(String(input), request, options.reach ?? ANYWHERE);
    const type = response.headers.get("content-type") ?? "";
    if (response.ok && type !== "" && !options.expects.test(type)) {
      await response.body?.cancel();
      throw wrongType(type, options.hint);
    }
    const check = response.ok ? options : { ...options, checkLine: () => undefined };
    return new Response(guarded(response.body as ReadableStream<Uint8Array> | null, check), {
      status: response.status,
      statusText: response.statusText,
      headers: Object.fromEntries(response.headers),
    });
  };
}

function bodyOf(body: RequestInit["body"], change: WatchedFetch["body"]): string | null {
  if (typeof body !== "string") return null;
  if (change === undefined) return body;
  return JSON.stringify(change(JSON.parse(body) as Readonly<Record<string, unknown>>));
}

function guarded(body: ReadableStream<Uint8Array> | null, options: WatchedFetch): ReadableStream<Uint8Array> | null {
  let line = 0;
  const check = lineChecker(options.checkLine);
  const guard = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      options.watch.heard();
      const end = chunk.lastIndexOf(10);
      line = end < 0 ? line + chunk.length : chunk.length - end - 1;
      if (line > options.lineBytes) return options.watch.giveUp(replyTooLarge(options.lineBytes));
      check(chunk);
      controller.enqueue(chunk);
    },
  });
  return body === null ? null : body.pipeThrough(guard);
}

function lineChecker(checkLine: WatchedFetch["checkLine"]): (chunk: Uint8Array) => void {
  if (checkLine === undefined) return () => undefined;
  const decoder = new TextDecoder();
  let rest = "";
  return (chunk) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") checkLine(line);
  };
}

/** The reply is larger than `bytes`, and the connection was closed. */
export function replyTooLarge(bytes: number): StepFailure {
  return new StepFailure(`the reply is larger than ${Math.round(bytes / 1024)} KB and was cut off`, {
    code: "model-unusable",
    remedy: "retry",
    hint: "A model that repeats itself without end is the usual cause; if the reply is right, raise limits.replyKilobytes in millwright.yaml.",
  });
}

function wrongType(type: string, hint: string): StepFailure {
  return new StepFailure(`the server answered with \`${type.slice(0, 80)}\` where a model's reply was expected`, {
    code: "model-unusable",
    remedy: "ask",
    hint,
  });
}
