import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startModelServer } from "../../test/kit/model-server.ts";
import { aRequest, failureFrom, quickClock } from "../adapters/models/models.contract.ts";
import { scripted } from "../adapters/models/scripted/scripted.ts";
import { Config } from "../domain/config.ts";
import { InputError } from "../domain/step-failure.ts";
import type { ModelWorld } from "./model-world.ts";
import { openModels } from "./open-models.ts";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "models-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function open(config: object, options: Partial<ModelWorld> = {}) {
  return openModels({
    config: Config.parse(config),
    run: "r1",
    mailboxDir: join(dir, "mailbox"),
    recordingDir: join(dir, "recording"),
    env: {},
    clock: quickClock(),
    ...options,
  });
}

describe("a model per role", () => {
  test("each role is asked where the config says, the rest at the default, and every reply is recorded", async () => {
    const server = await startModelServer({ answer: ({ model, role }) => `${model} as ${role}` });
    const models = open(
      {
        models: { default: "mailbox", architect: "local/big", developer: "ollama/small:7b", tester: "script" },
        servers: {
          local: { kind: "openai-compatible", url: server.openAiUrl },
          ollama: { kind: "ollama", url: server.url },
        },
      },
      {
        backends: { script: scripted(() => "by script", quickClock()) },
        onWaiting: (message, { reply }) => {
          expect(message).toMatch(/waits for the reviewer's reply \(T1, 1\): answer .*01-T1-reviewer-1.request.md/);
          void writeFile(reply, "by hand");
        },
      },
    );
    const ask = async (role: "architect" | "developer" | "tester" | "reviewer") => {
      const model = models.identify(role).name;
      return (await models.ask(aRequest({ role, model }))).text;
    };
    expect(await ask("architect")).toBe("big as architect");
    expect(await ask("developer")).toBe("small:7b as developer");
    expect(await ask("tester")).toBe("by script");
    expect(await ask("reviewer")).toBe("by hand");
    expect(server.chats.map(({ protocol }) => protocol)).toEqual(["openai", "ollama"]);
    expect((await readdir(join(dir, "recording"))).filter((name) => name.endsWith(".reply.md"))).toHaveLength(4);
    expect(await readFile(join(dir, "recording", "recording.md"), "utf8")).toContain(
      "answeredBy: local/big (architect), mailbox (orchestrator, documenter, reviewer, checker, goal-checker), script (tester), ollama/small:7b (developer)",
    );
    await server.close();

    const offline = open(
      {},
      { replay: { dir: join(dir, "recording"), strict: true }, recordingDir: join(dir, "again") },
    );
    const again = await offline.ask(aRequest({ role: "architect", model: "local/big", run: "r2" }));
    expect(again.text).toBe("big as architect");
    expect(offline.identify("architect")).toMatchObject({ identity: "recorded" });
    const failure = await failureFrom(offline.ask(aRequest({ role: "checker" })));
    expect(failure.code).toBe("recording-missing");
  });

  test("a list of models is a role's ladder, the first asked first", () => {
    const models = open({ models: { default: "mailbox", developer: ["ollama/small:7b", "mailbox/strong"] } });
    expect(models.identify("developer").name).toBe("ollama/small:7b");
    expect(models.ladder("developer").map(({ name }) => name)).toEqual(["ollama/small:7b", "mailbox/strong"]);
    expect(models.ladder("tester").map(({ name }) => name)).toEqual(["mailbox"]);
  });

  test("one model behind two servers has one identity", () => {
    const models = open({
      models: { developer: "ollama/qwen2.5-coder:14b", reviewer: "lmstudio/qwen2.5-coder-14b", checker: "mailbox" },
      servers: { lmstudio: { kind: "openai-compatible", url: "http://127.0.0.1:1234/v1" } },
    });
    expect(models.identify("developer").identity).toBe(models.identify("reviewer").identity);
    expect(models.identify("checker").identity).toBe("mailbox");
  });

  test("names that lead nowhere are all told at once, with the nearest that do", () => {
    const problems = () => open({ models: { default: "olama/x", reviewer: "nope", checker: "ollama" } });
    expect(problems).toThrow(InputError);
    expect(problems).toThrow(
      /models\.default: there is no server olama\. Did you mean ollama\?\nmodels\.reviewer: there is no server nope.*mailbox.*anthropic.*claude-code.*\nmodels\.checker: name the model too/,
    );
  });

  test("a role without a model is told what to write", async () => {
    const models = open({});
    expect(() => models.identify("tester")).toThrow(
      /no model is configured for tester: write `models: \{ default: mailbox \}`/,
    );
  });

  test("missing keys are told before anything is asked, all at once, by their variables' names", () => {
    const servers = { cloud: { kind: "openai-compatible", url: "http://127.0.0.1:9/v1", key: "DUMMY_KEY" } };
    const models = { default: "cloud/m", tester: "google/gemini-2.5-pro", reviewer: "anthropic/claude-opus-5" };
    const env = { GOOGLE_GENERATIVE_AI_API_KEY: "dummy" };
    expect(() => open({ models, servers }, { env })).toThrow(
      /^models\.default: cloud\/m needs a key: set the environment variable DUMMY_KEY\.\nmodels\.reviewer: .*ANTHROPIC_API_KEY\.$/,
    );
  });

  test("a known server is asked as any other when its address is overridden", async () => {
    const server = await startModelServer({ answer: ({ protocol }) => `by ${protocol}` });
    const names = ["anthropic", "openai", "google", "openrouter", "lmstudio", "vllm", "llama-server"] as const;
    const kinds = { anthropic: "anthropic", openai: "openai", google: "google" } as Readonly<Record<string, string>>;
    const servers = Object.fromEntries(
      names.map((name) => [name, { kind: kinds[name] ?? "openai-compatible", url: server.url }]),
    );
    const models = open({ models: { default: "mailbox" }, servers });
    const replies = names.map(async (name) => (await models.ask(aRequest({ model: `${name}/m` }))).text);
    expect(await Promise.all(replies)).toEqual([
      "by anthropic",
      "by responses",
      "by google",
      ...Array.from({ length: 4 }, () => "by openai"),
    ]);
    await server.close();
  });
});
