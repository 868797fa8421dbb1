import { StepFailure } from "../../domain/step-failure.ts";

/** Ends a call that takes too long or says nothing any more. */
export interface CallWatch {
  /** Aborted with a StepFailure as its reason. */
  readonly signal: AbortSignal;
  /** Something arrived on the wire. */
  heard(): void;
  /** The first piece of the reply arrived: from now on silence counts. */
  started(): void;
  /** Gives the call up for this reason; the first reason stays. */
  giveUp(reason: StepFailure): void;
  /** Stops all timers. */
  end(): void;
}

/** A stalled stream, told apart from a spent time limit: it is worth another try. */
export const STALLED = "the stream stalled";

export interface WatchLimits {
  /** Until the whole call is given up, the time before the first piece included. */
  readonly seconds: number;
  /** Longest silence once the reply has begun. */
  readonly silenceSeconds: number;
  /** Who is waited for, for messages. */
  readonly who: string;
}

/** Watches one call to a server; `outer` is the caller's own signal. */
export function watchCall(limits: WatchLimits, outer: AbortSignal | undefined): CallWatch {
  const controller = new AbortController();
  let begun = false;
  let silence: NodeJS.Timeout | undefined;
  const giveUp = (reason: StepFailure) => {
    if (!controller.signal.aborted) controller.abort(reason);
  };
  const cancel = () => giveUp(cancelled());
  const total = setTimeout(() => giveUp(tooLong(limits)), limits.seconds * 1000);
  const heard = () => {
    if (!begun) return;
    clearTimeout(silence);
    silence = setTimeout(() => giveUp(stalled(limits)), limits.silenceSeconds * 1000);
  };
  if (outer?.aborted) cancel();
  outer?.addEventListener("abort", cancel, { once: true });
  return {
    signal: controller.signal,
    heard,
    started() {
      if (begun) return;
      begun = true;
      heard();
    },
    giveUp,
    end() {
      clearTimeout(total);
      clearTimeout(silence);
      begun = false;
      outer?.removeEventListener("abort", cancel);
    },
  };
}

/** The caller gave the call up. */
export function cancelled(): StepFailure {
  return new StepFailure("the model call was cancelled", {
    code: "cancelled",
    remedy: "stop",
    hint: "Resume the run to ask again.",
  });
}

function tooLong(limits: WatchLimits): StepFailure {
  return new StepFailure(`${limits.who} did not finish its reply within ${round(limits.seconds)} s`, {
    code: "model-timeout",
    remedy: "retry",
    hint: "Raise limits.modelSeconds in millwright.yaml, or use a faster model.",
  });
}

function stalled(limits: WatchLimits): StepFailure {
  return new StepFailure(
    `${limits.who} sent nothing for ${round(limits.silenceSeconds)} s in the middle of its reply`,
    {
      code: "model-timeout",
      remedy: "retry",
      hint: "See the server's log; a server that is short of memory often stops like this.",
      cause: STALLED,
    },
  );
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
