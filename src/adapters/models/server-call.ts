import type { ModelReply, ModelRequest } from "../../domain/model-call.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import { truncationSeen } from "../../domain/truncation.ts";
import type { Clock } from "../../engine/ports.ts";
import { type CallFailure, failureOf } from "./call-failure.ts";
import { type CallWatch, cancelled, watchCall } from "./call-watch.ts";
import { isListed, listModels, nearestFirst } from "./listed-models.ts";
import { runHeaders } from "./run-headers.ts";
import type { ServerAccess } from "./server-access.ts";

/** Tries after the first, on transient errors only. */
const RETRIES = 2;
/** A wait that the server asks for is kept inside the call up to this; a longer one is left to whoever called. */
const LONGEST_WAIT_SECONDS = 60;

export interface ServerCalls {
  readonly access: ServerAccess;
  readonly model: string;
  readonly clock: Clock;
  /** Longest silence in the middle of a reply. */
  readonly silenceSeconds: number;
}

/** One try; `form` says whether the server is asked to keep to the request's schema. */
export type Try = (request: ModelRequest, form: "schema" | "text", watch: CallWatch) => Promise<ModelReply>;

/** Remembered between the calls to one model. */
interface Memory {
  seen: "seen" | "never-seen";
  schemas: "kept" | "refused";
}

/** Asks a server, with time limits, retries and failures that say what to do. */
export function serverCalls(options: ServerCalls, attempt: Try) {
  const memory: Memory = { seen: "never-seen", schemas: "kept" };
  return async (request: ModelRequest, signal?: AbortSignal): Promise<ModelReply> => {
    const until = performance.now() + request.seconds * 1000;
    for (let retries = 0; ; retries += 1) {
      const outcome = await tryOnce({ options, memory, attempt, until }, request, signal);
      if (outcome.kind === "reply") return outcome.reply;
      const wait = waitBefore(retries, outcome.failed, until);
      if (wait === undefined) throw await explained(outcome.failed, options, request);
      await pause(options.clock, wait, signal);
    }
  };
}

interface Calling {
  readonly options: ServerCalls;
  readonly memory: Memory;
  readonly attempt: Try;
  readonly until: number;
}

type TryOutcome =
  | { readonly kind: "reply"; readonly reply: ModelReply }
  | { readonly kind: "failed"; readonly failed: CallFailure };

async function tryOnce(calling: Calling, request: ModelRequest, signal: AbortSignal | undefined): Promise<TryOutcome> {
  const { memory } = calling;
  const form = request.schema !== undefined && memory.schemas === "kept" ? "schema" : "text";
  const first = await watched(calling, request, { form, signal });
  if (first.kind === "reply" || form === "text" || first.failed.status !== 400) return first;
  const plain = await watched(calling, request, { form: "text", signal });
  if (plain.kind === "reply") memory.schemas = "refused";
  return plain;
}

async function watched(
  calling: Calling,
  request: ModelRequest,
  how: { readonly form: "schema" | "text"; readonly signal: AbortSignal | undefined },
): Promise<TryOutcome> {
  const { access, model, silenceSeconds } = calling.options;
  const seconds = Math.max(0.001, (calling.until - performance.now()) / 1000);
  const watch = watchCall({ seconds, silenceSeconds, who: `model \`${access.name}/${model}\`` }, how.signal);
  try {
    watch.signal.throwIfAborted();
    const reply = await calling.attempt(request, how.form, watch);
    refuseTruncation(calling.options, request, reply);
    calling.memory.seen = "seen";
    return { kind: "reply", reply };
  } catch (error) {
    const reason: unknown = watch.signal.aborted ? watch.signal.reason : error;
    const failed = failureOf(reason, access, calling.memory.seen);
    if (failed.transient || failed.status !== undefined) calling.memory.seen = "seen";
    return { kind: "failed", failed };
  } finally {
    watch.end();
  }
}

/**
 * A server that cut the prompt without a word has answered another question. (Ollama is asked in a way of its own, where it
 * is seen from more than the counts.)
 */
function refuseTruncation({ access, model }: ServerCalls, request: ModelRequest, reply: ModelReply): void {
  const seen = access.kind === "ollama" ? undefined : truncationSeen(request, reply.usage);
  if (seen === undefined) return;
  throw new StepFailure(`server \`${access.name}\` did not read the whole prompt: ${seen}`, {
    code: "model-unusable",
    remedy: "ask",
    hint: `Load ${model} with a longer context there, or write under \`contexts\` in millwright.yaml how many tokens it takes, so that briefs are cut to that.`,
  });
}

/** Seconds until the next try, or undefined when there is none. */
function waitBefore(retries: number, failed: CallFailure, until: number): number | undefined {
  if (!failed.transient || retries >= RETRIES) return undefined;
  const wait = failed.failure.retryAfter ?? 2 ** retries;
  const left = (until - performance.now()) / 1000;
  return wait <= LONGEST_WAIT_SECONDS && wait < left ? wait : undefined;
}

async function pause(clock: Clock, seconds: number, signal: AbortSignal | undefined): Promise<void> {
  await clock.sleep(seconds * 1000, signal);
  if (signal?.aborted) throw cancelled();
}

/** A refusal that may come from a wrong model name is answered with the names that the server has. */
async function explained(failed: CallFailure, options: ServerCalls, request: ModelRequest): Promise<StepFailure> {
  const { failure, status } = failed;
  const nameMayBeWrong = status === 404 || (status === 400 && /model/i.test(failure.message));
  if (!nameMayBeWrong) return failure;
  const listing = await listModels(options.access, runHeaders(request), { asked: request });
  if (listing.kind !== "models" || isListed(listing.names, options.model)) return failure;
  return unknownModel(options, listing.names);
}

function unknownModel({ access, model }: ServerCalls, names: readonly string[]): StepFailure {
  const near = nearestFirst(names, model);
  const shown = near.slice(0, 12).join(", ") + (near.length > 12 ? `, and ${near.length - 12} more` : "");
  const pull = access.kind === "ollama" ? `Run \`ollama pull ${model}\`, or write one` : "Write one";
  return new StepFailure(
    `server \`${access.name}\` has no model \`${model}\`; it has ${names.length === 0 ? "none" : shown}`,
    {
      code: "model-rejected",
      remedy: "ask",
      hint: `${pull} of the server's models in millwright.yaml, as ${access.name}/<model>.`,
    },
  );
}
