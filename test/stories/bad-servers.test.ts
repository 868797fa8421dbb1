import { expect, test } from "vitest";
import { type ModelServer, startModelServer } from "../kit/model-server.ts";
import type { ServerFault } from "../kit/seen-request.ts";
import { facts, refusalText, sandboxed, silent, type Told, within } from "../kit/story.ts";
import { SUMS_CONFIG, subtracting, sums } from "../kit/sums.ts";
import { possessions, type Target } from "../kit/target.ts";

const script = subtracting();

interface Served {
  readonly server: ModelServer;
  readonly target: Target;
  run(): Promise<Told>;
  resume(): Promise<Told>;
  close(): Promise<void>;
}

/** A target whose models are all one loopback server. */
async function served({ model = "test-model", seconds = 60 } = {}): Promise<Served> {
  const server = await startModelServer({
    models: ["test-model"],
    answer: async ({ role, task, attempt }) => String(await script({ role, task, attempt } as never)),
  });
  const servers = `servers: { local: { kind: openai-compatible, url: "${server.openAiUrl}" } }\n`;
  const limits = `limits: { stepTries: 1, modelSeconds: ${seconds} }\n`;
  const config = SUMS_CONFIG.replace("default: mailbox", `default: local/${model}`) + servers + limits;
  const target = sums({ "millwright.yaml": config });
  const toEnd = (begin: Parameters<typeof within<Told>>[2]) => within(target, sandboxed(), begin);
  return {
    server,
    target,
    run: () =>
      toEnd(async (mill) => {
        const end = await mill.run({ input: "specs/subtract.md" }, silent());
        return { ...end, entries: await mill.entries(end.run) };
      }),
    resume: () =>
      toEnd(async (mill) => {
        const end = await mill.resume(undefined, {}, silent());
        return { ...end, entries: await mill.entries(end.run) };
      }),
    async close() {
      await server.close();
      target.remove();
    },
  };
}

test.each<[string, ServerFault, number, RegExp]>([
  ["answers 500 again and again", { kind: "status", status: 500 }, 60, /answered 500/],
  ["answers 429 for ever", { kind: "status", status: 429, retryAfter: "0" }, 60, /often|429|rate/i],
  ["hangs in the middle of its stream", { kind: "hang", afterCharacters: 20 }, 2, /within 2 s.*modelSeconds/],
  ["is slower than the limit", { kind: "slow", milliseconds: 20_000 }, 2, /within 2 s.*modelSeconds/],
  ["speaks no JSON", { kind: "invalid-json" }, 60, /local/],
])(
  "a model server that %s: stopped, with what to do; nothing is lost",
  async (_name, fault, ...[seconds, message]) => {
    const { server, target, run, close } = await served({ seconds });
    const before = possessions(target);
    server.fail(fault, 50);
    const told = await run();
    expect(told.outcome, refusalText(told)).toMatchObject({ kind: "stopped", reason: expect.stringMatching(message) });
    expect(facts(told, "step-failed").at(-1)?.hint).not.toBe("");
    expect(facts(told, "answered")).toEqual([]);
    expect(possessions(target)).toEqual(before);
    await close();
  },
  90_000,
);

test("one 500 and one 429 are passed over; every request says who asks", async () => {
  const { server, run, close } = await served();
  server.fail({ kind: "status", status: 500 });
  server.fail({ kind: "status", status: 429, retryAfter: "0" });
  const told = await run();
  expect(told.outcome.kind, refusalText(told)).toBe("done");
  expect(facts(told, "step-failed")).toEqual([]);
  expect(server.chats.at(-1)?.headers).toMatchObject({
    "x-millwright-run": told.run,
    "x-millwright-role": "goal-checker",
    "x-millwright-task": "goal",
    "x-millwright-attempt": "1",
  });
  await close();
}, 90_000);

test("down: it waits for a person, with the server's address; up again, resume goes on to the end", async () => {
  const { server, run, resume, close } = await served();
  await server.down();
  const told = await run();
  expect(told.outcome, refusalText(told)).toMatchObject({
    kind: "waiting",
    reason: expect.stringMatching(/not reachable at http:\/\/127\.0\.0\.1.*Start the server/),
  });
  await server.up();
  const end = await resume();
  expect(end.outcome.kind, refusalText(end)).toBe("done");
  expect(end.run).toBe(told.run);
  await close();
}, 90_000);

test("a model that the server does not have: a person's turn, with its name and those that there are", async () => {
  const { run, close } = await served({ model: "tset-model" });
  const told = await run();
  expect("reason" in told.outcome ? told.outcome.reason : "", refusalText(told)).toMatch(/tset-model.*test-model/);
  await close();
}, 90_000);
