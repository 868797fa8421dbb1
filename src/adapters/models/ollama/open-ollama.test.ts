import { afterEach, describe, expect, test } from "vitest";
import { type OllamaServer, type OllamaServerOptions, startOllamaServer } from "../../../../test/kit/ollama-server.ts";
import type { Role } from "../../../domain/model-call.ts";
import { Server } from "../../../domain/model-config.ts";
import type { Clock } from "../../../engine/ports.ts";
import { aRequest, failureFrom, keepsTheBackendPromise, quickClock } from "../models.contract.ts";
import { serverAccess } from "../server-access.ts";
import { crowd } from "../turns.ts";
import { type OpenOllama, openOllama } from "./open-ollama.ts";

const GB = 1e9;
const MODELS = [
  { name: "maker:14b", bytes: 9 * GB },
  { name: "judge:8b", bytes: 5 * GB },
  { name: "tiny:latest", bytes: 1 * GB },
];

let servers: OllamaServer[] = [];
afterEach(async () => {
  for (const server of servers) await server.close();
  servers = [];
});

async function serve(options: Partial<OllamaServerOptions> = {}): Promise<OllamaServer> {
  const server = await startOllamaServer({ models: MODELS, gpuBytes: 12 * GB, ...options });
  servers.push(server);
  return server;
}

/** Short waits are over at once; a server never gets impatient. */
function patientClock(): Clock {
  const quick = quickClock();
  const untilAbort = (signal?: AbortSignal) =>
    new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve()));
  return {
    now: quick.now,
    sleep: (milliseconds, signal) => (milliseconds > 10_000 ? untilAbort(signal) : quick.sleep(milliseconds, signal)),
  };
}

interface Changes extends Partial<Omit<OpenOllama, "server">> {
  readonly server?: Partial<Server>;
}

/** A run that uses the server. */
function run(fake: OllamaServer, { server = {}, ...change }: Changes = {}) {
  const notices: string[] = [];
  const people = crowd();
  const config = Server.parse({ kind: "ollama", url: fake.url, ...server });
  const opened = openOllama({
    access: serverAccess("ollama", config, {}),
    server: config,
    clock: quickClock(),
    crowd: people,
    replyKilobytes: 64,
    onNotice: (message) => notices.push(message),
    hasGpu: async () => true,
    roomSeconds: 5,
    ...change,
  });
  const ask = async (model: string, role: Role = "developer", request: Parameters<typeof aRequest>[0] = {}) =>
    (await opened.backend(model).ask(aRequest({ role, model: `ollama/${model}`, ...request }))).text;
  return { opened, ask, notices, people };
}

keepsTheBackendPromise("a model of an Ollama in exclusive mode", async (answer) => {
  const fake = await startOllamaServer({ models: MODELS, answer });
  const { opened } = run(fake, { server: { mode: "exclusive" } });
  return { backend: opened.backend("maker:14b"), close: () => fake.close() };
});

describe("one model at a time (exclusive)", () => {
  test("every other model is unloaded before the next is loaded, and the loads are counted", async () => {
    const fake = await serve();
    const { opened, ask } = run(fake, { server: { mode: "exclusive" } });
    fake.elsewhere("tiny:latest");
    await ask("maker:14b");
    await ask("maker:14b");
    await ask("judge:8b", "reviewer");
    await ask("maker:14b");
    expect(fake.chats.map(({ beside }) => beside)).toEqual([["maker:14b"], ["maker:14b"], ["judge:8b"], ["maker:14b"]]);
    expect(fake.loads).toEqual(["maker:14b 8192", "judge:8b 8192", "maker:14b 8192"]);
    expect(opened.loads()).toEqual([
      { model: "maker:14b", loads: 2 },
      { model: "judge:8b", loads: 1 },
    ]);
    expect(opened.loadsMessage()).toBe("ollama loaded models 3 times (maker:14b 2, judge:8b 1)");
  });

  test("what stays in memory whatever is asked is named, after a while, and nothing is loaded beside it", async () => {
    const fake = await serve();
    const { ask } = run(fake, { server: { mode: "exclusive" } });
    fake.elsewhere("judge:8b");
    fake.keep("judge:8b");
    const failure = await failureFrom(ask("maker:14b"));
    expect(failure).toMatchObject({ code: "model-timeout", remedy: "retry" });
    expect(failure.message).toContain("/api/ps of `ollama` still lists `judge:8b`");
    expect(failure.hint).toContain("ollama stop");
    expect(fake.loads).toEqual([]);
    fake.release();
    expect(await ask("maker:14b")).toBe("fine");
  });

  test("a model of another run that answers just now is waited for", async () => {
    let finish = () => {};
    const slow = new Promise<string>((resolve) => {
      finish = () => resolve("done");
    });
    const fake = await serve({ answer: ({ task }) => (task === "other" ? slow : "fine") });
    const other = run(fake, { server: { mode: "exclusive" } });
    const mine = run(fake, { server: { mode: "exclusive" }, roomSeconds: 600 });
    const theirs = other.ask("judge:8b", "developer", { task: "other" });
    await expect.poll(() => fake.chats.length).toBe(1);
    const ours = mine.ask("maker:14b");
    setTimeout(finish, 100);
    expect(await Promise.all([theirs, ours])).toEqual(["done", "fine"]);
    expect(fake.chats[1]?.beside).toEqual(["maker:14b"]);
  });

  test("two runs that want the memory both give way at first, and stop with an explanation instead of swapping for ever", async () => {
    const fake = await serve();
    const mine = run(fake, { server: { mode: "exclusive" } });
    const theirs = run(fake, { server: { mode: "exclusive" } });
    const fight = async () => {
      for (let round = 0; round < 50; round += 1) {
        await theirs.ask("judge:8b");
        await mine.ask("maker:14b");
      }
    };
    const failure = await failureFrom(fight());
    expect(failure).toMatchObject({ code: "model-unreachable", remedy: "ask" });
    expect(failure.message).toMatch(/another program keeps loading `(maker:14b|judge:8b)`/);
    expect(failure.hint).toContain("a server of its own");
    expect(fake.loads.length).toBeLessThan(20);
    expect(mine.notices).toHaveLength(1);
    expect(mine.notices[0]).toContain("another program uses the Ollama server `ollama` too");
  });

  test("two runs with the same model share what is loaded, also with another context", async () => {
    const fake = await serve();
    const mine = run(fake, { server: { mode: "exclusive" } });
    const theirs = run(fake, { server: { mode: "exclusive" } });
    await theirs.ask("maker:14b", "developer", { user: "word ".repeat(6000) });
    await mine.ask("maker:14b");
    await theirs.ask("maker:14b");
    expect(fake.loads).toEqual(["maker:14b 16384"]);
  });

  test("a server that is down is named, with how to start it", async () => {
    const fake = await serve();
    const { ask } = run(fake, { server: { mode: "exclusive" } });
    await fake.close();
    const failure = await failureFrom(ask("maker:14b"));
    expect(failure).toMatchObject({ code: "model-unreachable", remedy: "ask" });
    expect(failure.hint).toContain("ollama serve");
  });

  test("a server that does not say what it has loaded is told apart from one that can be used", async () => {
    const fake = await serve({ version: "without-ps" });
    const failure = await failureFrom(run(fake, { server: { mode: "exclusive" } }).ask("maker:14b"));
    expect(failure).toMatchObject({ code: "model-rejected", remedy: "ask" });
    expect(failure.hint).toContain("update Ollama");
    expect(await run(fake).ask("maker:14b")).toBe("fine");
  });
});

describe("the order of requests in exclusive mode", () => {
  test("tasks side by side swap twice, not once a request", async () => {
    const fake = await serve();
    const { opened, ask, people } = run(fake, { server: { mode: "exclusive" }, clock: patientClock() });
    const tasks = ["T1", "T2", "T3", "T4", "T5", "T6"];
    let left = tasks.length;
    people.busy(left);
    const work = async (task: string) => {
      await ask("maker:14b", "tester", { task });
      await ask("maker:14b", "developer", { task });
      await ask("judge:8b", "reviewer", { task });
      left -= 1;
      people.busy(left);
    };
    await Promise.all(tasks.map(work));
    expect(opened.loads()).toEqual([
      { model: "judge:8b", loads: 1 },
      { model: "maker:14b", loads: 1 },
    ]);
  });
});

describe("all models warm (together)", () => {
  test("nothing is unloaded, and models stay for a day", async () => {
    const fake = await serve({ gpuBytes: 20 * GB });
    const { ask } = run(fake, { server: { mode: "together" } });
    for (const model of ["maker:14b", "judge:8b", "maker:14b", "judge:8b"]) await ask(model);
    expect(fake.loads).toHaveLength(2);
    expect(fake.loaded().toSorted()).toEqual(["judge:8b", "maker:14b"]);
    expect(fake.chats.map(({ body }) => body.keep_alive)).toEqual(["24h", "24h", "24h", "24h"]);
  });

  test("a role can keep its model for another time, also not at all", async () => {
    const fake = await serve({ gpuBytes: 20 * GB });
    const { ask } = run(fake, { server: { mode: "together", keepAlive: { reviewer: 0, tester: "90s" } } });
    await ask("maker:14b", "tester");
    await ask("judge:8b", "reviewer");
    expect(fake.chats.map(({ body }) => body.keep_alive)).toEqual(["90s", 0]);
    expect(fake.loaded()).toEqual(["maker:14b"]);
    expect(await ask("judge:8b", "reviewer")).toBe("fine");
  });
});

describe("a model split between CPU and GPU", () => {
  test("all are unloaded, it is loaded once more, and when that helps nobody is bothered", async () => {
    const fake = await serve();
    const { ask, notices } = run(fake);
    fake.elsewhere("tiny:latest");
    fake.split("maker:14b", 1);
    await ask("maker:14b");
    expect(fake.loads).toEqual(["maker:14b 8192", "maker:14b 8192"]);
    expect(fake.loaded()).toEqual(["maker:14b"]);
    expect(notices).toEqual([]);
  });

  test("when nothing helps, the numbers are told once, and the run goes on", async () => {
    const fake = await serve({ gpuBytes: 6 * GB });
    const { ask, notices } = run(fake, { server: { mode: "exclusive" } });
    for (const model of ["maker:14b", "judge:8b", "maker:14b"]) await ask(model);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain(
      "`maker:14b` is split between CPU and GPU on `ollama`: 6.0 of 9.0 GB (66 %) in GPU memory, with a context of 8192 tokens; tried: unloading all and loading it once more. It may answer ten times slower",
    );
    expect(fake.loads).toHaveLength(4);
  });

  test("strict: the run stops with the numbers, and the model is not asked", async () => {
    const fake = await serve({ gpuBytes: 6 * GB });
    const { ask } = run(fake, { server: { residency: "strict" } });
    for (let time = 0; time < 2; time += 1) {
      const failure = await failureFrom(ask("maker:14b"));
      expect(failure).toMatchObject({ code: "model-split", remedy: "ask" });
      expect(failure.message).toContain("6.0 of 9.0 GB (66 %)");
    }
    expect(fake.chats).toEqual([]);
    expect(fake.loads).toHaveLength(2);
  });

  test("a restart command is run, and the server waited for", async () => {
    const fake = await serve();
    const restart = `"${process.execPath}" -e "fetch('${fake.url}/restart')"`;
    const { ask, notices } = run(fake, { server: { restart } });
    fake.split("maker:14b", 9);
    expect(await ask("maker:14b")).toBe("fine");
    expect(fake.loads).toHaveLength(3);
    expect(notices).toEqual([]);
  });

  test("a restart command that fails is told with what it said", async () => {
    const fake = await serve({ gpuBytes: 6 * GB });
    const { ask, notices } = run(fake, { server: { restart: "echo no rights >&2; exit 3" } });
    expect(await ask("maker:14b")).toBe("fine");
    expect(notices[0]).toContain("`restart: echo no rights >&2; exit 3` ended with 3: no rights");
  });

  test("a machine without a GPU has nothing to split: said once", async () => {
    const fake = await serve({ gpuBytes: 0 });
    const { ask, notices } = run(fake, { hasGpu: async () => false, server: { residency: "strict" } });
    await ask("maker:14b");
    await ask("maker:14b");
    expect(notices).toEqual(["the Ollama server `ollama` has no GPU: `maker:14b` runs on the CPU (9.0 GB)"]);
    expect(fake.loads).toHaveLength(1);
  });

  test("a model on the CPU although there is a GPU is a split", async () => {
    const fake = await serve({ gpuBytes: 0 });
    const failure = await failureFrom(run(fake, { server: { residency: "strict" } }).ask("maker:14b"));
    expect(failure.message).toContain("`maker:14b` runs on the CPU although there is a GPU on `ollama`: 0.0 of 9.0 GB");
  });
});

describe("the context of a question", () => {
  test("it grows in steps and never shrinks, so that a model is loaded anew a few times at most", async () => {
    const fake = await serve();
    const { ask } = run(fake);
    for (const words of [100, 5000, 200, 6000, 10])
      await ask("maker:14b", "developer", { user: "word ".repeat(words) });
    expect(fake.loads).toEqual(["maker:14b 8192", "maker:14b 16384"]);
  });

  test.each(["new", "without-context"] as const)(
    "a server that is %s about contexts loads a model once",
    async (version) => {
      const fake = await serve({ version });
      const { ask } = run(fake, { server: { mode: "exclusive" } });
      await ask("tiny");
      await ask("tiny");
      expect(fake.loads).toEqual(["tiny:latest 8192"]);
    },
  );

  test("it is never above the model's own, nor above what the config says", async () => {
    const fake = await serve({ models: [{ name: "short:1b", bytes: GB, context: 6000 }, ...MODELS] });
    const { opened, ask } = run(fake, { contexts: { "ollama/maker:14b": 5000 } });
    await ask("short:1b");
    await ask("maker:14b");
    expect(fake.loads).toEqual(["short:1b 4096", "maker:14b 4096"]);
    expect([await opened.contextOf("short:1b"), await opened.contextOf("maker:14b")]).toEqual([6000, 5000]);
  });

  test("a prompt that cannot fit is refused before anything is loaded", async () => {
    const fake = await serve({ models: [{ name: "short:1b", bytes: GB, context: 4096 }] });
    const failure = await failureFrom(run(fake).ask("short:1b", "developer", { user: "word ".repeat(5000) }));
    expect(failure).toMatchObject({ code: "prompt-too-large", remedy: "ask" });
    expect(failure.message).toContain("does not fit into the 4096 of `short:1b`");
    expect(fake.loads).toEqual([]);
  });

  test("a server that gives less context than it is asked for is found out before it is asked", async () => {
    const fake = await serve({ capContext: 2048 });
    const failure = await failureFrom(run(fake).ask("maker:14b", "developer", { user: "word ".repeat(5000) }));
    expect(failure.message).toContain("gives `maker:14b` a context of 2048 tokens, whatever it is asked for");
    expect(fake.chats).toEqual([]);
    const { ask } = run(fake);
    expect(await ask("maker:14b")).toBe("fine");
    const later = await failureFrom(ask("maker:14b", "developer", { user: "word ".repeat(3000) }));
    expect(later.message).toContain("a context of 2048 tokens");
  });

  test("a server that cuts a prompt without a word is found out by its counts", async () => {
    const fake = await serve({ capContext: 2048, version: "without-context" });
    const failure = await failureFrom(run(fake).ask("maker:14b", "developer", { user: "word ".repeat(5000) }));
    expect(failure).toMatchObject({ code: "prompt-too-large" });
    expect(failure.message).toMatch(/read 1024 tokens of a prompt that has 50\d\d at the very least/);
  });
});

test("a load that takes too long ends with the time limit, and an abort ends it at once", async () => {
  const fake = await serve({ loadMilliseconds: 3000 });
  const { opened, ask } = run(fake);
  const failure = await failureFrom(ask("maker:14b", "developer", { seconds: 0.2 }));
  expect(failure).toMatchObject({ code: "model-timeout", remedy: "retry" });
  expect(failure.message).toContain("`ollama/maker:14b` was not loaded within 0.2 s");
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 50);
  const before = performance.now();
  const cancelled = await failureFrom(opened.backend("maker:14b").ask(aRequest(), abort.signal));
  expect(cancelled.code).toBe("cancelled");
  expect(performance.now() - before).toBeLessThan(2000);
});
