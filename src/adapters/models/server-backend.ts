import type { ModelRequest } from "../../domain/model-call.ts";
import type { Clock } from "../../engine/ports.ts";
import type { Backend } from "./backend.ts";
import { runHeaders } from "./run-headers.ts";
import { reachOfAccess, type ServerAccess } from "./server-access.ts";
import { serverCalls } from "./server-call.ts";
import { type StreamedCall, streamedReply } from "./streamed-reply.ts";
import { watchedFetch } from "./watched-fetch.ts";

/** One model behind one server. */
export interface ServerBackend {
  readonly access: ServerAccess;
  /** As the server calls it. */
  readonly model: string;
  readonly clock: Clock;
  /** Longest reply, thoughts included. */
  readonly replyKilobytes: number;
  /** Longest silence in the middle of a reply. Default: 60. */
  readonly silenceSeconds?: number;
  readonly onTokens?: (task: string, outputTokens: number) => void;
}

/** How a model is asked in one protocol: the parts of a call that are not the same for all. */
export type Asked = Pick<StreamedCall, "model" | "providerOptions" | "mark" | "mostOutputTokens" | "counts">;

/** One protocol. */
export interface Speech {
  /** The model, as this protocol reaches it through `fetch`. */
  open(fetch: typeof globalThis.fetch, request: ModelRequest): Promise<Asked>;
  /** What the address should be, for whoever finds a web page there. */
  readonly address: string;
}

/** A model behind a server that answers with a stream of events: time limits, retries, counts and failures are the same for all. */
export function serverBackend(options: ServerBackend, speech: Speech): Backend {
  const { access, model, clock, onTokens } = options;
  const replyBytes = options.replyKilobytes * 1024;
  const ask = serverCalls(
    { access, model, clock, silenceSeconds: options.silenceSeconds ?? 60 },
    async (request, form, watch) => {
      const fetch = await watchedFetch({
        watch,
        headers: { ...access.headers, ...runHeaders(request) },
        expects: /event-stream/,
        hint: `Is ${access.url} ${speech.address}? Correct servers.${access.name}.url in millwright.yaml.`,
        lineBytes: replyBytes + 65_536,
        reach: reachOfAccess(access, request),
      });
      const asked = await speech.open(fetch, request);
      return streamedReply({ ...asked, request, watch, replyBytes, form, ...(onTokens && { onTokens }) });
    },
  );
  return { ask };
}
