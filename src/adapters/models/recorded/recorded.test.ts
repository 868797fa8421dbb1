import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { InputError } from "../../../domain/step-failure.ts";
import { aRequest, failureFrom, keepsTheBackendPromise, quickClock } from "../models.contract.ts";
import { scripted } from "../scripted/scripted.ts";
import { recorded } from "./recorded.ts";
import { readRecordingHeader } from "./recording.ts";
import { recordingOf } from "./recording-of.ts";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "recording-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const header = { title: "r1", answeredBy: "scripted", independence: "none", note: "a test" } as const;

function recorder(answer: (user: string) => string) {
  const clock = quickClock();
  return recordingOf(
    scripted(({ user }) => answer(user), clock),
    { dir, clock, header },
  );
}

keepsTheBackendPromise("recorded", async (answer) => {
  const own = await mkdtemp(join(tmpdir(), "recording-"));
  const clock = quickClock();
  const live = recordingOf(scripted(answer, clock), { dir: own, clock, header });
  const replay = recorded({ dir: own, drift: "refuse" });
  const backend = {
    ask: async (...call: Parameters<typeof live.ask>) => {
      const said = await live.ask(...call);
      const again = await replay.ask(...call);
      expect(again).toEqual(said);
      return again;
    },
  };
  return { backend, close: () => rm(own, { recursive: true, force: true }) };
});

describe("a recording", () => {
  test("is files that people can read, with the digest of each request", async () => {
    await recorder(() => "the reply").ask(aRequest());
    expect(await readdir(dir)).toEqual(["T1.developer.1.reply.md", "T1.developer.1.request.md", "recording.md"]);
    expect(await readFile(join(dir, "T1.developer.1.reply.md"), "utf8")).toMatch(
      /^---\nrequest: [0-9a-f]{64}\nmodel: test-model\nusage:\n(.*\n){4}finish: stop\nrecorded: .*\n---\nthe reply$/,
    );
    expect(await readFile(join(dir, "T1.developer.1.request.md"), "utf8")).toContain(
      "Make `price` round to 2 decimals.",
    );
    expect(await readRecordingHeader(dir)).toEqual({ ...header, date: "2026-09-21" });
  });

  test("a memory address in a failing test's message is no drift; anything else is", async () => {
    const asked = (place: string, sum: number) => aRequest({ user: `<Client object at ${place}> said ${sum}` });
    await recorder(() => "the reply").ask(asked("0x7f3a1c2b4d50", 1));
    const replay = recorded({ dir, drift: "refuse" });
    expect(await replay.ask(asked("0x7f9e00aa1230", 1))).toMatchObject({ text: "the reply" });
    expect(await failureFrom(replay.ask(asked("0x7f9e00aa1230", 2)))).toMatchObject({ code: "recording-drifted" });
  });

  test("replays in another run with other time limits, without a drift", async () => {
    await recorder(() => "the reply").ask(aRequest());
    const reply = await recorded({ dir, drift: "refuse" }).ask(aRequest({ run: "r2", seconds: 1 }));
    expect(reply).toMatchObject({ text: "the reply", model: "test-model" });
    expect(reply.drifted).toBeUndefined();
  });

  test("keeps apart roles, tasks and attempts", async () => {
    const live = recorder((user) => user);
    const requests = [
      aRequest({ user: "a" }),
      aRequest({ user: "b", attempt: 2 }),
      aRequest({ user: "c", role: "tester" }),
      aRequest({ user: "d", task: "T2" }),
      aRequest({ user: "e", task: "T2.developer" }),
    ];
    for (const request of requests) await live.ask(request);
    const replay = recorded({ dir, drift: "refuse" });
    for (const request of requests) expect((await replay.ask(request)).text).toBe(request.user);
  });

  test("never loses the reply to another request of the same name", async () => {
    const live = recorder((user) => `to ${user}`);
    await live.ask(aRequest({ user: "one" }));
    await live.ask(aRequest({ user: "two" }));
    expect(await readdir(join(dir, "superseded"))).toEqual(["1-T1.developer.1.reply.md"]);
    expect((await recorded({ dir, drift: "refuse" }).ask(aRequest({ user: "two" }))).text).toBe("to two");
  });

  test("of a call that failed holds nothing", async () => {
    const clock = quickClock();
    const live = recordingOf(
      scripted(() => ({ fault: "unreachable" }), clock),
      { dir, clock, header },
    );
    await failureFrom(live.ask(aRequest()));
    expect(await readdir(dir)).toEqual([]);
  });
});

describe("a replay", () => {
  test("without the reply says which file is missing", async () => {
    await recorder(() => "x").ask(aRequest());
    const failure = await failureFrom(recorded({ dir, drift: "report" }).ask(aRequest({ attempt: 2 })));
    expect(failure).toMatchObject({ code: "recording-missing", remedy: "ask" });
    expect(failure.message).toContain("T1.developer.2.reply.md");
  });

  test("without the folder says so", async () => {
    const gone = join(dir, "gone");
    const failure = await failureFrom(recorded({ dir: gone, drift: "report" }).ask(aRequest()));
    expect(failure.code).toBe("recording-missing");
    expect(failure.message).toContain(gone);
  });

  test("of a drifted request uses the reply and marks it, or refuses and shows the first line that differs", async () => {
    await recorder(() => "the reply").ask(aRequest());
    const drifted = aRequest({ user: "Make `price` round to 3 decimals.\n" });
    expect(await recorded({ dir, drift: "report" }).ask(drifted)).toMatchObject({ text: "the reply", drifted: true });
    const failure = await failureFrom(recorded({ dir, drift: "refuse" }).ask(drifted));
    expect(failure).toMatchObject({ code: "recording-drifted", remedy: "ask" });
    expect(failure.message).toMatch(
      /line \d+ was "Make `price` round to 2 decimals\." and is "Make `price` round to 3 decimals\."/,
    );
  });

  test("sees another model or another schema as a drift", async () => {
    await recorder(() => "the reply").ask(aRequest());
    const replay = recorded({ dir, drift: "refuse" });
    expect((await failureFrom(replay.ask(aRequest({ model: "other" })))).message).toContain('is "model: other"');
    expect((await failureFrom(replay.ask(aRequest({ schema: { type: "object" } })))).code).toBe("recording-drifted");
  });

  test("of a file that is no recorded reply names the file and what is wrong with it", async () => {
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, "T1.developer.1.reply.md"), "---\nmodel: m\n---\nhello");
    const problem = await recorded({ dir, drift: "report" })
      .ask(aRequest())
      .catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(InputError);
    expect((problem as InputError).message).toContain("T1.developer.1.reply.md: request:");
  });
});
