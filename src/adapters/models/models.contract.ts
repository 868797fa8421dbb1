import { afterEach, describe, expect, test } from "vitest";
import type { ModelServer } from "../../../test/kit/model-server.ts";
import type { SeenRequest, ServedReply } from "../../../test/kit/seen-request.ts";
import { ModelReply, type ModelRequest } from "../../domain/model-call.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import type { Clock } from "../../engine/ports.ts";
import type { Backend } from "./backend.ts";

/** A clock whose sleeps are over at once, and remembered. */
export function quickClock(): Clock & { readonly waits: readonly number[] } {
  const waits: number[] = [];
  return {
    waits,
    now: () => 1_790_000_000_000,
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
      await new Promise((resolve) => setTimeout(resolve, 5));
    },
  };
}

export function aRequest(change: Partial<ModelRequest> = {}): ModelRequest {
  const request: ModelRequest = {
    run: "r1",
    task: "T1",
    role: "developer",
    attempt: 1,
    model: "test-model",
    system: "You are the developer.",
    user: "Make `price` round to 2 decimals.\n",
    seconds: 20,
  };
  return { ...request, ...change };
}

/** The StepFailure that a call ends with. */
export async function failureFrom(call: Promise<unknown>): Promise<StepFailure> {
  const error = await call.then(
    () => new Error("the call succeeded"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof StepFailure)) throw error;
  return error;
}

export interface BackendUnderTest {
  readonly backend: Backend;
  close(): Promise<void>;
}

type Answer = (request: Pick<SeenRequest, "user">) => string | Promise<string>;

/** What every backend promises. `start` gives one whose model answers by `answer`. */
export function keepsTheBackendPromise(name: string, start: (answer: Answer) => Promise<BackendUnderTest>): void {
  describe(`${name} keeps the promise of every backend`, () => {
    let open: BackendUnderTest | undefined;
    afterEach(() => open?.close());
    const started = async (answer: Answer) => {
      open = await start(answer);
      return open.backend;
    };

    test.each([
      ["several lines, spaces at the end and no newline", "one\n\n  two  \nthree"],
      ["characters outside ASCII and beyond the basic plane", "größer → 価格 🪵\n"],
      ["a front matter of its own", "---\nplan: x\n---\n# Plan\n"],
      ["a fence with CRLF", "```ts\r\nconst a = 1;\r\n```\r\n"],
    ])("a reply arrives to the letter: %s", async (_what, text) => {
      const backend = await started(() => text);
      const reply = await backend.ask(aRequest());
      expect(reply.text).toBe(text);
      expect(ModelReply.parse(reply)).toEqual(reply);
      expect(reply.finish).toBe("stop");
      expect(reply.usage.output).toBeGreaterThan(0);
    });

    test("two requests at once get each its own reply", async () => {
      const backend = await started(({ user }) => `you said ${user.includes("first") ? "first" : "second"}`);
      const replies = await Promise.all([
        backend.ask(aRequest({ user: "first" })),
        backend.ask(aRequest({ user: "second", task: "T2" })),
      ]);
      expect(replies.map(({ text }) => text)).toEqual(["you said first", "you said second"]);
    });

    test("an abort ends the call at once, as cancelled", async () => {
      const backend = await started(() => new Promise(() => undefined));
      const abort = new AbortController();
      const call = failureFrom(backend.ask(aRequest(), abort.signal));
      setTimeout(() => abort.abort(), 80);
      const before = performance.now();
      expect(await call).toMatchObject({ code: "cancelled", remedy: "stop" });
      expect(performance.now() - before).toBeLessThan(5000);
    });

    test("a call that was aborted before it began asks nobody", async () => {
      const asked: string[] = [];
      const backend = await started(({ user }) => {
        asked.push(user);
        return "too late";
      });
      const failure = await failureFrom(backend.ask(aRequest(), AbortSignal.abort()));
      expect(failure.code).toBe("cancelled");
      expect(asked).toEqual([]);
    });
  });
}

export interface ServerBackendUnderTest {
  readonly backend: Backend;
  readonly server: ModelServer;
  readonly clock: ReturnType<typeof quickClock>;
}

export interface ServerStart {
  readonly answer?: (request: SeenRequest) => string | ServedReply | Promise<string | ServedReply>;
  readonly models?: readonly string[];
  readonly model?: string;
  readonly replyKilobytes?: number;
  readonly silenceSeconds?: number;
  readonly onTokens?: (task: string, tokens: number) => void;
}
