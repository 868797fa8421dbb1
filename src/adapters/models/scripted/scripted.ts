import type { ModelReply, ModelRequest } from "../../../domain/model-call.ts";
import { StepFailure } from "../../../domain/step-failure.ts";
import type { Clock } from "../../../engine/ports.ts";
import { type Backend, estimatedUsage } from "../backend.ts";
import { cancelled } from "../call-watch.ts";

/** What a script may let happen instead of a plain reply. */
export type Fault =
  | { readonly fault: "latency"; readonly seconds: number; readonly text: string }
  | { readonly fault: "timeout" }
  | { readonly fault: "rate-limited"; readonly retryAfter?: number }
  | { readonly fault: "unreachable" }
  | { readonly fault: "cut-off"; readonly text: string }
  | { readonly fault: "empty" };

/** Answers a request, from a rule instead of a model. */
export type Script = (request: ModelRequest) => string | Fault | Promise<string | Fault>;

/** A backend that does what a function says: for tests and benches. Latency passes on the given clock. */
export function scripted(script: Script, clock: Clock): Backend {
  return {
    async ask(request, signal) {
      if (signal?.aborted) throw cancelled();
      const said = await untilAborted(Promise.resolve(script(request)), signal);
      if (typeof said === "string") return replyOf(request, said, "stop");
      return afterFault(request, said, { clock, signal });
    },
  };
}

/** The script itself cannot be stopped; whoever asked need not wait for it. */
async function untilAborted<Said>(said: Promise<Said>, signal: AbortSignal | undefined): Promise<Said> {
  if (signal === undefined) return said;
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(cancelled());
    signal.addEventListener("abort", stop, { once: true });
  });
  return Promise.race([said, aborted]).finally(() => signal.removeEventListener("abort", stop));
}

interface Waits {
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

async function afterFault(request: ModelRequest, fault: Fault, waits: Waits): Promise<ModelReply> {
  switch (fault.fault) {
    case "latency":
      await sleep(waits, fault.seconds);
      return replyOf(request, fault.text, "stop");
    case "timeout":
      await sleep(waits, request.seconds);
      throw failure("model-timeout", "the scripted model did not finish its reply in time");
    case "rate-limited":
      throw failure("model-rate-limited", "the scripted model is asked too often", fault.retryAfter);
    case "unreachable":
      throw failure("model-unreachable", "the scripted model is not there");
    case "cut-off":
      return replyOf(request, fault.text, "length");
    case "empty":
      return replyOf(request, "", "stop");
  }
}

async function sleep(waits: Waits, seconds: number): Promise<void> {
  await waits.clock.sleep(seconds * 1000, waits.signal);
  if (waits.signal?.aborted) throw cancelled();
}

function replyOf(request: ModelRequest, text: string, finish: ModelReply["finish"]): ModelReply {
  return { text, model: request.model, usage: estimatedUsage(request, text), finish };
}

function failure(
  code: "model-timeout" | "model-rate-limited" | "model-unreachable",
  message: string,
  retryAfter?: number,
): StepFailure {
  const hint = "This fault was scripted.";
  return new StepFailure(message, { code, remedy: "retry", hint, ...(retryAfter === undefined ? {} : { retryAfter }) });
}
