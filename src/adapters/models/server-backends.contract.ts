import { afterEach, describe, expect, test } from "vitest";
import { type ModelServer, startModelServer } from "../../../test/kit/model-server.ts";
import { aRequest, failureFrom, type ServerBackendUnderTest, type ServerStart } from "./models.contract.ts";

const SCHEMA = {
  type: "object",
  properties: { met: { type: "boolean" } },
  required: ["met"],
  additionalProperties: false,
};
const LONG = "The quick brown fox jumps over the lazy dog. ".repeat(8);

/** What every backend that talks to a server promises when the network, the server or the model misbehaves. */
export function meetsServerFaults(
  name: string,
  start: (options: ServerStart) => Promise<ServerBackendUnderTest>,
): void {
  describe(`${name} in bad weather`, () => {
    let server: ModelServer | undefined;
    afterEach(async () => {
      await server?.close();
      server = undefined;
    });
    const started = async (options: ServerStart = {}) => {
      const open = await start({ answer: () => LONG, ...options });
      server = open.server;
      return open;
    };

    test("counts are the server's, and every request says which run, task, role and attempt it is for", async () => {
      const { backend, server } = await started();
      const reply = await backend.ask(aRequest({ task: "T7", attempt: 3 }));
      expect(reply.usage).toMatchObject({ counted: true, output: Math.ceil(LONG.length / 3) });
      expect(reply.model).toBe("test-model");
      expect(server.chats[0]).toMatchObject({
        system: "You are the developer.",
        user: "Make `price` round to 2 decimals.\n",
      });
      expect(server.chats[0]?.headers).toMatchObject({
        "x-millwright-run": "r1",
        "x-millwright-task": "T7",
        "x-millwright-role": "developer",
        "x-millwright-attempt": "3",
      });
    });

    test("the longest answer that a budget reserves is told to the server", async () => {
      const { backend, server } = await started();
      await backend.ask(aRequest({ answerTokens: 777 }));
      const limit = /"(max_tokens|max_output_tokens|max_completion_tokens|maxOutputTokens|num_predict)":777\b/;
      expect(JSON.stringify(server.chats[0]?.body)).toMatch(limit);
    });

    test("a run or a task with line breaks or other scripts in its name adds no header of its own", async () => {
      const { backend, server } = await started();
      await backend.ask(aRequest({ run: "lauf-ä\r\nx-evil: 1", task: "価格" }));
      const headers = server.chats[0]?.headers ?? {};
      expect(headers["x-millwright-run"]).toBe("lauf-???x-evil: 1");
      expect(headers["x-millwright-task"]).toBe("??");
      expect(headers["x-evil"]).toBeUndefined();
    });

    test("without counts from the server the usage is an estimate, and says so", async () => {
      const { backend, server } = await started();
      server.fail({ kind: "no-usage" });
      const { usage } = await backend.ask(aRequest());
      expect(usage).toMatchObject({ counted: false, output: Math.ceil(LONG.length / 4) });
    });

    test("a reply that hit the model's length limit is passed on as such", async () => {
      const { backend, server } = await started();
      server.fail({ kind: "length" });
      expect((await backend.ask(aRequest())).finish).toBe("length");
    });

    test("tokens are shown while they come", async () => {
      const shown: number[] = [];
      const { backend } = await started({ onTokens: (_task, tokens) => shown.push(tokens) });
      await backend.ask(aRequest());
      expect(shown.length).toBeGreaterThan(5);
      expect(shown.at(-1)).toBe(Math.ceil(LONG.length / 4));
      expect([...shown].sort((a, b) => a - b)).toEqual(shown);
    });

    test("thoughts at the head of a reply are no part of it; the same tags further down are", async () => {
      const { backend } = await started({ answer: () => "<think>\nhm\n</think>\n\nUse `<think>x</think>`." });
      expect((await backend.ask(aRequest())).text).toBe("Use `<think>x</think>`.");
    });

    test("a judge's schema goes to the server; free text asks for none", async () => {
      const { backend, server } = await started({ answer: () => '{"met":true}' });
      expect((await backend.ask(aRequest({ schema: SCHEMA }))).text).toBe('{"met":true}');
      await backend.ask(aRequest());
      const { properties, required } = SCHEMA;
      expect(server.chats[0]?.schema).toMatchObject({ properties, required });
      expect(server.chats[1]?.schema).toBeUndefined();
    });

    test("a server that knows no schemas is asked in plain text, now and from now on", async () => {
      const { backend, server } = await started({ answer: () => '{"met":true}' });
      server.fail({ kind: "refuse-schema" });
      expect((await backend.ask(aRequest({ schema: SCHEMA }))).text).toBe('{"met":true}');
      await backend.ask(aRequest({ schema: SCHEMA }));
      expect(server.chats.map(({ schema }) => schema !== undefined)).toEqual([true, false, false]);
    });

    test("a server that is down is named, with how to start it, and not asked again and again", async () => {
      const { backend, server, clock } = await started();
      await server.down();
      const failure = await failureFrom(backend.ask(aRequest()));
      expect(failure).toMatchObject({ code: "model-unreachable", remedy: "ask" });
      expect(failure.message).toContain(server.url);
      expect(failure.hint).toMatch(/^Start /);
      expect(clock.waits).toEqual([]);
      await server.up();
    });

    test("a server that was there and went away is given two more chances", async () => {
      const { backend, server, clock } = await started();
      await backend.ask(aRequest());
      await server.down();
      expect(await failureFrom(backend.ask(aRequest()))).toMatchObject({ code: "model-unreachable", remedy: "retry" });
      expect(clock.waits).toEqual([1000, 2000]);
      await server.up();
      expect((await backend.ask(aRequest())).text).toBe(LONG);
    });

    test("429 is waited out as long as the server says", async () => {
      const { backend, server, clock } = await started();
      server.fail({ kind: "status", status: 429, message: "slow down", retryAfter: "7" }, 2);
      expect((await backend.ask(aRequest())).text).toBe(LONG);
      expect(clock.waits).toEqual([7000, 7000]);
    });

    test("429 with a wait longer than the call is passed on with that wait", async () => {
      const { backend, server, clock } = await started();
      server.fail({ kind: "status", status: 429, message: "quota spent", retryAfter: "3600" });
      const failure = await failureFrom(backend.ask(aRequest()));
      expect(failure).toMatchObject({ code: "model-rate-limited", remedy: "retry", retryAfter: 3600 });
      expect(failure.message).toContain("quota spent");
      expect(clock.waits).toEqual([]);
    });

    test("500 twice is survived, three times is a failure with the server's words", async () => {
      const { backend, server } = await started();
      server.fail({ kind: "status", status: 500, message: "out of memory" }, 2);
      expect((await backend.ask(aRequest())).text).toBe(LONG);
      server.fail({ kind: "status", status: 500, message: "out of memory" }, 3);
      const failure = await failureFrom(backend.ask(aRequest()));
      expect(failure).toMatchObject({ code: "model-unreachable", remedy: "retry" });
      expect(failure.message).toContain("500: out of memory");
      expect(server.chats).toHaveLength(6);
    });

    test.each([[400], [401], [403], [422]])("%i is not tried again", async (status) => {
      const { backend, server } = await started();
      server.fail({ kind: "status", status, message: "no such luck\u001b[31m" });
      const failure = await failureFrom(backend.ask(aRequest()));
      expect(failure).toMatchObject({ code: "model-rejected", remedy: "ask" });
      expect(failure.message).toContain(`${status}: no such luck`);
      expect(failure.message).not.toContain("\u001b");
      expect(server.chats).toHaveLength(1);
    });

    test("a wrong model name is answered with the names that are there, nearest first", async () => {
      const { backend, server } = await started({
        model: "qwen2.5-coder:41b",
        models: ["llama3.3:70b", "qwen2.5-coder:14b", "qwen2.5:14b"],
      });
      const failure = await failureFrom(backend.ask(aRequest()));
      expect(failure).toMatchObject({ code: "model-rejected", remedy: "ask" });
      expect(failure.message).toContain(
        "no model `qwen2.5-coder:41b`; it has qwen2.5-coder:14b, qwen2.5:14b, llama3.3:70b",
      );
      expect(server.requests.every(({ headers }) => headers["x-millwright-run"] === "r1")).toBe(true);
    });

    test("an abort closes the connection: the server stops working for nobody", async () => {
      const { backend, server } = await started();
      server.fail({ kind: "hang", afterCharacters: 10 });
      const abort = new AbortController();
      const call = failureFrom(backend.ask(aRequest(), abort.signal));
      await expect.poll(() => server.chats.length).toBe(1);
      abort.abort();
      expect((await call).code).toBe("cancelled");
      await expect.poll(() => server.chats[0]?.closedEarly).toBe(true);
    });

    test.each([[0], [10]])(
      "a stream that hangs after %i characters ends with the time limit, and its connection with it",
      async (afterCharacters) => {
        const { backend, server } = await started();
        server.fail({ kind: "hang", afterCharacters });
        const failure = await failureFrom(backend.ask(aRequest({ seconds: 0.4 })));
        expect(failure).toMatchObject({ code: "model-timeout", remedy: "retry" });
        expect(failure.message).toContain("within 0.4 s");
        await expect.poll(() => server.chats[0]?.closedEarly).toBe(true);
        expect(server.chats).toHaveLength(1);
      },
    );

    test("a stream that stalls in the middle is noticed long before the time limit, and asked again", async () => {
      const { backend, server, clock } = await started({ silenceSeconds: 1 });
      server.fail({ kind: "hang", afterCharacters: 10 });
      expect((await backend.ask(aRequest({ seconds: 600 }))).text).toBe(LONG);
      expect(server.chats[0]?.closedEarly).toBe(true);
      expect(clock.waits).toEqual([1000]);
    });

    test("a model that thinks long before its first word is not called stalled", async () => {
      const { backend, server } = await started({ silenceSeconds: 1 });
      server.fail({ kind: "thinks", milliseconds: 1500 });
      expect((await backend.ask(aRequest())).text).toBe(LONG);
      expect(server.chats).toHaveLength(1);
    });

    test.each([["end" as const], ["destroy" as const]])(
      "half a reply (%s) is never taken for a whole one",
      async (then) => {
        const { backend, server } = await started();
        server.fail({ kind: "half", then });
        expect((await backend.ask(aRequest())).text).toBe(LONG);
        server.fail({ kind: "half", then }, 3);
        const failure = await failureFrom(backend.ask(aRequest()));
        expect(failure.code).toMatch(/^model-un(usable|reachable)$/);
        expect(failure.message).toMatch(/half-way|broke the connection/);
        expect(server.chats).toHaveLength(5);
      },
    );

    test("a connection broken before any answer is tried again", async () => {
      const { backend, server } = await started();
      server.fail({ kind: "destroy" }, 2);
      expect((await backend.ask(aRequest())).text).toBe(LONG);
    });

    test("invalid JSON in the stream is a clear failure", async () => {
      const { backend, server } = await started();
      server.fail({ kind: "invalid-json" });
      const failure = await failureFrom(backend.ask(aRequest()));
      expect(failure.code).toBe("model-unusable");
      expect(failure.message).toContain("cannot be read as a model's reply");
    });

    test("an error in the middle of a stream is a failure with the server's words", async () => {
      const { backend, server } = await started();
      server.fail({ kind: "error-in-stream", message: "CUDA out of memory" }, 3);
      const failure = await failureFrom(backend.ask(aRequest()));
      expect(failure.code).toBe("model-unreachable");
      expect(failure.message).toContain("CUDA out of memory");
    });

    test("a web page where the API should be is named as what it is", async () => {
      const { backend, server } = await started();
      server.fail({ kind: "content-type", type: "text/html" });
      const failure = await failureFrom(backend.ask(aRequest()));
      expect(failure).toMatchObject({ code: "model-unusable", remedy: "ask" });
      expect(failure.message).toContain("text/html");
      expect(failure.hint).toContain(server.url);
    });

    test("a 10 MB reply is stopped at the limit", async () => {
      const { backend, server } = await started({ answer: () => "x".repeat(10_000_000), replyKilobytes: 64 });
      const failure = await failureFrom(backend.ask(aRequest()));
      expect(failure.code).toBe("model-unusable");
      expect(failure.message).toContain("larger than 64 KB");
      expect(server.chats).toHaveLength(1);
    });

    test.each([["pieces" as const], ["one-line" as const]])(
      "a reply without end (%s) is stopped at the limit, and the connection closed",
      async (how) => {
        const { backend, server } = await started({ replyKilobytes: 64 });
        server.fail({ kind: "endless", in: how });
        expect((await failureFrom(backend.ask(aRequest()))).code).toBe("model-unusable");
        await expect.poll(() => server.chats[0]?.closedEarly).toBe(true);
      },
    );

    test("a redirect within the server is followed, one to another server is not: the key and the code stay here", async () => {
      const { backend, server } = await started();
      const other = await startModelServer({ answer: () => "hello, code" });
      await backend.ask(aRequest());
      const { path = "", query = "" } = server.chats[0] ?? {};
      server.fail({ kind: "redirect", to: `${server.url}${path}?${query}` });
      expect((await backend.ask(aRequest())).text).toBe(LONG);
      server.fail({ kind: "redirect", to: `${other.url}${path}` });
      const failure = await failureFrom(backend.ask(aRequest()));
      expect(failure).toMatchObject({ code: "model-rejected", remedy: "ask" });
      expect(failure.message).toContain(`redirects to ${other.url}`);
      expect(other.requests).toEqual([]);
      await other.close();
    });

    test("a prompt that the server cut is noticed by its own counts; an honest count of the same prompt is not", async () => {
      const user = "export const price = (amount) => round(amount);\n".repeat(400);
      let input = 900;
      const { backend } = await started({ answer: () => ({ text: LONG, usage: { input, output: 60, cached: 0 } }) });
      const failure = await failureFrom(backend.ask(aRequest({ user })));
      expect(failure.code).toMatch(/^(model-unusable|prompt-too-large)$/);
      expect(failure.message).toMatch(/900 tokens/);
      input = 4800;
      expect((await backend.ask(aRequest({ user }))).usage.input).toBe(4800);
    });

    test("an empty reply is a reply: what to do about it is not the backend's to decide", async () => {
      const { backend } = await started({ answer: () => "" });
      expect((await backend.ask(aRequest())).text).toBe("");
    });
  });
}
