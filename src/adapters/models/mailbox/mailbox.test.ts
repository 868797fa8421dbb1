import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Backend } from "../backend.ts";
import { aRequest, failureFrom, keepsTheBackendPromise, quickClock } from "../models.contract.ts";
import { requestDigest } from "../request-text.ts";
import { mailbox, type Waiting } from "./mailbox.ts";

let dir = "";
let waiting: Waiting[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "mailbox-"));
  waiting = [];
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function open(clock = quickClock()): Backend {
  return mailbox({ dir, model: "mailbox", clock, replyKilobytes: 64, onWaiting: (place) => waiting.push(place) });
}

/** Asks, and puts `text` where the mailbox says as soon as it says so. */
async function answered(text: string, request = aRequest()) {
  const call = open().ask(request);
  await expect.poll(() => waiting.length).toBeGreaterThan(0);
  await writeFile(waiting.at(-1)!.reply, text);
  return call;
}

keepsTheBackendPromise("mailbox", async (answer) => {
  const own = await mkdtemp(join(tmpdir(), "mailbox-"));
  const backend = mailbox({
    dir: own,
    model: "mailbox",
    clock: quickClock(),
    replyKilobytes: 64,
    onWaiting: async ({ request, reply }) => {
      const user = await readFile(request, "utf8");
      await writeFile(reply, await answer({ user }));
    },
  });
  return { backend, close: () => rm(own, { recursive: true, force: true }) };
});

describe("a request in the mailbox", () => {
  test("holds all that is asked, to the letter, and says where the reply goes", async () => {
    const request = aRequest({ user: "---\nRound `price`\r\n\tto 2 decimals.\n", schema: { type: "object" } });
    await answered("done", request);
    expect(await readdir(dir)).toEqual(["01-T1-developer-1.reply.md", "01-T1-developer-1.request.md"]);
    const letter = await readFile(waiting[0]!.request, "utf8");
    expect(letter).toContain(
      `run: r1\ntask: T1\nrole: developer\nattempt: 1\nmodel: test-model\nreply: 01-T1-developer-1.reply.md\ndigest: ${requestDigest(request)}\n---\n`,
    );
    expect(letter).toContain(`# System\n\n${request.system}\n\n# User\n\n${request.user}`);
    expect(letter).toContain('{"type":"object"}');
  });

  test("is numbered in the order of asking, also when a task's name is no file name", async () => {
    await answered("one");
    waiting = [];
    await answered("two", aRequest({ task: "../other/plan", role: "reviewer" }));
    expect((await readdir(dir)).filter((name) => name.includes("request"))).toEqual([
      "01-T1-developer-1.request.md",
      "02-%2e%2e%2fother%2fplan-reviewer-1.request.md",
    ]);
  });

  test("waits for people without a time limit", async () => {
    const reply = await answered("at last", aRequest({ seconds: 0.001 }));
    expect(reply).toMatchObject({ text: "at last", model: "mailbox", usage: { counted: false }, finish: "stop" });
  });
});

describe("a reply in the mailbox", () => {
  test("may say who answers; that line is no part of it", async () => {
    const reply = await answered("---\nmodel: claude-x\n---\n\nThe reply.\n");
    expect(reply).toMatchObject({ model: "claude-x", text: "The reply.\n" });
  });

  test("keeps a front matter that is its own, like a plan's", async () => {
    const plan = "---\nmodel: a plan may have this\ntasks: []\n---\n# Plan\n";
    expect((await answered(plan)).text).toBe(plan);
  });

  test("is not taken while it is empty or still being written", async () => {
    const call = open({ ...quickClock(), sleep: () => new Promise((resolve) => setTimeout(resolve, 100)) }).ask(
      aRequest(),
    );
    await expect.poll(() => waiting.length).toBe(1);
    const path = waiting[0]!.reply;
    let text = "";
    for (const piece of ["", " \n", "first half, ", "second ", "half, ", "end"]) {
      text += piece;
      await writeFile(path, text);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect((await call).text).toBe(text);
  });

  test("from an editor that writes a byte order mark is read without it", async () => {
    expect((await answered("\uFEFF---\nmodel: m\n---\nhello")).text).toBe("hello");
  });

  test("larger than the limit is refused with what to do", async () => {
    const failure = await failureFrom(answered("x".repeat(70_000)));
    expect(failure).toMatchObject({ code: "model-unusable", remedy: "ask" });
    expect(failure.message).toContain("64 KB");
  });
});

describe("after a crash", () => {
  test("the same request is found again, its number kept, and a reply that came meanwhile is taken", async () => {
    const abort = new AbortController();
    const first = failureFrom(open().ask(aRequest(), abort.signal));
    await expect.poll(() => waiting.length).toBe(1);
    abort.abort();
    await first;
    await writeFile(waiting[0]!.reply, "came meanwhile");
    expect((await open().ask(aRequest())).text).toBe("came meanwhile");
    expect(await readdir(dir)).toHaveLength(2);
  });

  test("a request that asks something else moves the old pair aside and loses nothing", async () => {
    await answered("old reply");
    const changed = aRequest({ user: "Something else." });
    waiting = [];
    const call = open().ask(changed);
    await expect.poll(() => waiting.length).toBe(1);
    expect(basename(waiting[0]!.request)).toBe("02-T1-developer-1.request.md");
    await writeFile(waiting[0]!.reply, "new reply");
    expect((await call).text).toBe("new reply");
    expect(await readdir(join(dir, "superseded"))).toEqual([
      "01-T1-developer-1.reply.md",
      "01-T1-developer-1.request.md",
    ]);
    expect(await readFile(join(dir, "superseded", "01-T1-developer-1.reply.md"), "utf8")).toBe("old reply");
  });

  test("another run that asks the same does not get this run's answer", async () => {
    await answered("for r1");
    waiting = [];
    expect((await answered("for r2", aRequest({ run: "r2" }))).text).toBe("for r2");
    expect(await readdir(join(dir, "superseded"))).toHaveLength(2);
  });

  test("a changed time limit is not another request", async () => {
    await answered("the reply");
    expect((await open().ask(aRequest({ seconds: 5 }))).text).toBe("the reply");
  });
});

test("a mailbox that cannot be a folder is named", async () => {
  const file = join(dir, "file");
  await writeFile(file, "");
  const backend = mailbox({ dir: join(file, "inside"), model: "m", clock: quickClock(), replyKilobytes: 64 });
  const failure = await failureFrom(backend.ask(aRequest()));
  expect(failure).toMatchObject({ code: "environment", remedy: "ask" });
  expect(failure.message).toContain(file);
});
