import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { available } from "../../../../test/kit/available.ts";
import { endlessModel, randomModel, recitingModel, type TinyModel } from "../../../../test/kit/tiny-gguf.ts";
import { judgeSchema } from "../../../domain/judge-replies.ts";
import { aRequest, failureFrom, keepsTheBackendPromise } from "../models.contract.ts";
import { type EmbeddedModels, type LlamaCpp, llamaCpp } from "./llama-cpp.ts";
import { embeddedPlaces } from "./places.ts";

const FAULTY = join(import.meta.dirname, "../../../../test/kit/faulty-llama.mjs");

let root = "";
const opened: EmbeddedModels[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "llama-"));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((models) => models.close()));
  rmSync(root, { recursive: true, force: true });
});

function open(more: Partial<LlamaCpp> = {}): EmbeddedModels {
  const places = embeddedPlaces({ ...process.env, XDG_DATA_HOME: join(root, "share") });
  const models = llamaCpp({ root, places, replyKilobytes: 256, ...more });
  opened.push(models);
  return models;
}

function put(name: string, bytes: Buffer | string): string {
  writeFileSync(join(root, name), bytes);
  return name;
}

describe("before anything is loaded", () => {
  test("a file that is missing, and one of another kind, are said to be so", async () => {
    const models = open({ worker: FAULTY });
    const missing = await failureFrom(models.backend("no/such.gguf").ask(aRequest()));
    expect(missing).toMatchObject({ code: "environment", remedy: "ask" });
    expect(missing.message).toContain(join(root, "no/such.gguf"));
    const zip = await failureFrom(models.backend(put("zip.gguf", "PK\x03\x04 a zip")).ask(aRequest()));
    expect(zip.message).toContain("is no GGUF file");
    const empty = await failureFrom(models.backend(put("empty.gguf", "")).ask(aRequest()));
    expect(empty.message).toContain("is no GGUF file");
  });

  test("a model of the hub that has not been fetched says how to fetch it, and fetches nothing", async () => {
    const failure = await failureFrom(open().backend("hf:Qwen/Some-GGUF:Q4_K_M").ask(aRequest()));
    expect(failure.hint).toContain("millwright models fetch hf:Qwen/Some-GGUF:Q4_K_M");
  });

  test("without the engine, the command that installs it is told", async () => {
    const models = open({ places: { engine: join(root, "none"), models: root } });
    const failure = await failureFrom(models.backend(put("m.gguf", randomModel())).ask(aRequest()));
    expect(failure.message).toContain("is not installed");
    expect(failure.hint).toMatch(/npm install .*--omit=optional.* node-llama-cpp@3\.22\.1 @node-llama-cpp\//);
  });

  test("a model that does not fit into the memory is refused with both numbers", async () => {
    const models = open({ worker: FAULTY, memory: () => 100e6 });
    const failure = await failureFrom(models.backend(put("m.gguf", randomModel())).ask(aRequest()));
    expect(failure.code).toBe("environment");
    expect(failure.message).toMatch(/not enough memory .* needs 315 MB, and 100 MB can be had/);
  });
});

describe("a process that goes wrong", () => {
  const faulty = (more: Partial<LlamaCpp> = {}) => open({ worker: FAULTY, ...more }).backend(put("m.gguf", "GGUF"));

  test("a native crash is a failure of the call, and the next question starts another process", async () => {
    const backend = faulty();
    const first = await backend.ask(aRequest({ user: "who" }));
    const failure = await failureFrom(backend.ask(aRequest({ user: "crash" })));
    expect(failure).toMatchObject({ code: "model-unreachable", remedy: "retry" });
    expect(failure.message).toContain("SIGSEGV: llama.cpp: assertion failed");
    const second = await backend.ask(aRequest({ user: "who" }));
    expect(second.text).not.toBe(first.text);
  });

  test("a process that is deaf is killed when its time is up, and does not outlive the call for long", async () => {
    const backend = faulty();
    const { text } = await backend.ask(aRequest({ user: "who" }));
    expect(await failureFrom(backend.ask(aRequest({ user: "hang", seconds: 0.3 })))).toMatchObject({
      code: "model-timeout",
    });
    await wait(2500);
    expect(isAlive(Number(text))).toBe(false);
    expect((await backend.ask(aRequest({ user: "who" }))).text).not.toBe(text);
  });

  test("silence in the middle of a reply, a refusal, no memory and a flood each have their own words", async () => {
    const backend = faulty({ silenceSeconds: 0.2 });
    expect((await failureFrom(backend.ask(aRequest({ user: "stall" })))).message).toContain("sent nothing for 0.2 s");
    expect((await failureFrom(faulty().ask(aRequest({ user: "refuse" })))).code).toBe("model-unusable");
    expect((await failureFrom(faulty().ask(aRequest({ user: "starve" })))).message).toContain("not enough memory");
    expect((await failureFrom(faulty().ask(aRequest({ user: "flood" })))).message).toContain("larger than 256 KB");
  });

  test("the next attempt has another seed, the same attempt the same, and a judge's schema arrives", async () => {
    const backend = faulty();
    const said = async (attempt: number) =>
      JSON.parse((await backend.ask(aRequest({ attempt, schema: { type: "object" } }))).text);
    const [one, again, two] = [await said(1), await said(1), await said(2)];
    expect(again).toEqual(one);
    expect(two.seed).not.toBe(one.seed);
    expect(one).toMatchObject({ schema: { type: "object" }, temperature: 0.2 });
  });

  test("models that do not fit together take turns", async () => {
    const first = { pid: 0 };
    const models = open({ worker: FAULTY, memory: () => (isAlive(first.pid) ? 0 : 400e6) });
    const pidOf = async (name: string) =>
      Number((await models.backend(put(name, "GGUF")).ask(aRequest({ user: "who" }))).text);
    first.pid = await pidOf("a.gguf");
    await pidOf("b.gguf");
    expect(isAlive(first.pid)).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  if (pid === 0) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("the real engine", () => {
  beforeEach(({ skip }) => skip(!available.llama, "MILLWRIGHT_LLAMA names no folder with node-llama-cpp"));
  const engine = (bytes: Buffer, more: Partial<LlamaCpp> = {}) => open(more).backend(put("model.gguf", bytes));
  const small = (model: TinyModel = {}) => recitingModel("so be it", model);

  keepsTheBackendPromise("llama.cpp", async (answer) => {
    const models = open();
    let count = 0;
    return {
      close: () => models.close(),
      backend: {
        async ask(request, signal) {
          const text = signal?.aborted ? "" : await Promise.race([answer(request), wait(20, undefined)]);
          count += 1;
          const model = put(`${count}.gguf`, text === undefined ? endlessModel() : recitingModel(text || "none"));
          return models.backend(model).ask(request, signal);
        },
      },
    };
  });

  test("a random model held to a judge's schema answers an object of that form", async () => {
    const backend = engine(randomModel(3));
    const reply = await backend.ask(
      aRequest({ role: "goal-checker", schema: judgeSchema("goal-checker"), seconds: 100 }),
    );
    expect(reply.text).toMatch(/^\s*\{\s*"decision":\s*"(NOT )?MET",/);
  });

  test("a fresh model answers the same question alike, another attempt otherwise; tokens are counted", async () => {
    const backend = engine(randomModel(5));
    const first = await backend.ask(aRequest());
    const other = await backend.ask(aRequest({ attempt: 2 }));
    const again = await engine(randomModel(5)).ask(aRequest());
    expect(again.text).toBe(first.text);
    expect(other.text).not.toBe(first.text);
    expect(first.usage.counted).toBe(true);
    expect(first.usage.cached).toBeLessThan(first.usage.input * 0.1);
    expect(first.usage.input).toBeGreaterThan(50);
    expect(other.usage.cached).toBeGreaterThan(first.usage.input * 0.9);
  });

  test("a prompt that is longer than the model's context is refused, and one that nearly fills it is answered", async () => {
    const backend = engine(small({ context: 1024 }));
    const failure = await failureFrom(backend.ask(aRequest({ user: "x".repeat(3000) })));
    expect(failure.code).toBe("prompt-too-large");
    expect(failure.message).toMatch(/has 30\d\d tokens, and llama.cpp\/model.gguf takes 1024/);
    expect((await backend.ask(aRequest({ user: "x".repeat(600) }))).text).toBe("so be it");
    const endless = await engine(endlessModel({ context: 1024 })).ask(aRequest());
    expect(endless.finish).toBe("length");
  });

  test("a file that is cut off, and an architecture that nobody knows, are said to be so", async () => {
    const whole = randomModel();
    const cut = await failureFrom(engine(whole.subarray(0, whole.length - 50_000)).ask(aRequest()));
    expect(cut.message).toContain("is cut off or damaged");
    const head = await failureFrom(engine(whole.subarray(0, 3000)).ask(aRequest()));
    expect(head.message).toContain("is cut off or damaged");
    const strange = await failureFrom(engine(randomModel(1, { architecture: "nonesuch" })).ask(aRequest()));
    expect(strange.message).toContain("the architecture nonesuch");
  });

  test("tokens are told while it writes, and an abort frees the process for the next question", async () => {
    const told: number[] = [];
    const models = open({ onTokens: (_task, tokens) => told.push(tokens) });
    const endless = models.backend(put("endless.gguf", endlessModel()));
    const abort = new AbortController();
    const call = failureFrom(endless.ask(aRequest({ seconds: 60 }), abort.signal));
    await expect.poll(() => told.length, { timeout: 20_000 }).toBeGreaterThan(0);
    abort.abort();
    expect((await call).code).toBe("cancelled");
    expect((await failureFrom(endless.ask(aRequest({ seconds: 0.5 })))).code).toBe("model-timeout");
  });
});
