import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ModelServer, startModelServer } from "../../test/kit/model-server.ts";
import { aRequest, failureFrom, quickClock } from "../adapters/models/models.contract.ts";
import { Config } from "../domain/config.ts";
import { InputError } from "../domain/step-failure.ts";
import { networkProblems, refuseNetwork, withinReach } from "./network-guard.ts";
import { openModels } from "./open-models.ts";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "network-"));
});
const open: ModelServer[] = [];
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function started(answer = "here"): Promise<ModelServer> {
  const server = await startModelServer({ answer: () => answer });
  open.push(server);
  return server;
}

const ROLES = ["architect", "developer", "reviewer", "goal-checker"] as const;

describe("at the start", () => {
  test("every role's model that would leave the machine is named, the ladder and the cheaper ones too", async () => {
    const config = Config.parse({
      network: "local-only",
      models: {
        default: ["ollama/a:7b", "openai/x"],
        architect: "claude-code/opus",
        reviewer: "far/m",
        "goal-checker": "mailbox",
      },
      cheaper: { reviewer: "numbers/m" },
      servers: {
        far: { kind: "openai-compatible", url: "http://nowhere.invalid/v1" },
        numbers: { kind: "openai-compatible", url: "http://192.0.2.7/v1" },
      },
    });
    expect(await networkProblems(config, ROLES)).toEqual([
      expect.stringMatching(
        /^architect: claude-code\/opus is refused by `network: local-only`: the agent claude-code asks its vendor/,
      ),
      expect.stringMatching(/^developer: openai\/x is refused .*api\.openai\.com/),
      expect.stringMatching(
        /^reviewer: far\/m is refused .*nowhere\.invalid is no name of this machine and is not listed/,
      ),
      expect.stringMatching(/^reviewer: numbers\/m is refused .*192\.0\.2\.7 is not on this machine/),
    ]);
    await expect(refuseNetwork(config, ROLES)).rejects.toThrow(InputError);
    await expect(refuseNetwork({ ...config, network: "open" }, ROLES)).resolves.toBeUndefined();
  });

  test("this machine under any of its names, and hosts that a person listed, are fine", async () => {
    const server = (url: string) => ({ kind: "openai-compatible", url });
    const config = Config.parse({
      network: "local-only",
      localHosts: ["192.0.2.7", "gpu.lan"],
      models: { default: "a/m", architect: "b/m", reviewer: "c/m", "goal-checker": "pi/m" },
      servers: {
        a: server("http://localhost:1/v1"),
        b: server("http://gpu.lan:1/v1"),
        c: server("http://192.0.2.7/v1"),
      },
      agents: { pi: { kind: "pi", url: "http://[::1]:11434/v1" } },
    });
    expect(await networkProblems(config, ROLES)).toEqual([]);
  });

  test("local-execution lets the architect plan in a cloud, and nobody else", async () => {
    const config = Config.parse({ network: "local-execution", models: { default: "codex" } });
    const problems = await networkProblems(config, ROLES);
    expect(problems.map((problem) => problem.split(":")[0])).toEqual(["developer", "reviewer", "goal-checker"]);
  });
});

describe("at each request", () => {
  test("a plan may come from a cloud, a re-plan of a task may not", async () => {
    const config = Config.parse({ network: "local-execution", models: { default: "codex" } });
    const asked = (task: string) => withinReach(config, aRequest({ role: "architect", task, model: "codex" }));
    await expect(asked("plan")).resolves.toBeUndefined();
    const failure = await failureFrom(asked("T1"));
    expect(failure).toMatchObject({ code: "network-refused", remedy: "ask" });
    expect(failure.message).toContain("the architect's question to codex was not sent");
  });

  function models(url: string, config: object = {}) {
    return openModels({
      config: Config.parse({
        models: { default: "a/m" },
        servers: { a: { kind: "openai-compatible", url } },
        network: "local-only",
        ...config,
      }),
      run: "r1",
      mailboxDir: "",
      recordingDir: dir,
      env: {},
      clock: quickClock(),
    });
  }

  test("a local server answers; an address beyond the machine is not even tried", async () => {
    const server = await started();
    const reply = await models(server.openAiUrl).ask(aRequest({ model: "a/m" }));
    expect(reply.text).toBe("here");
    expect(
      (await models(server.openAiUrl.replace("127.0.0.1", "localhost")).ask(aRequest({ model: "a/m" }))).text,
    ).toBe("here");
    const failure = await failureFrom(models("http://192.0.2.7/v1").ask(aRequest({ model: "a/m" })));
    expect(failure).toMatchObject({ code: "network-refused", remedy: "ask" });
  });

  test("a local server that sends elsewhere is not followed", async () => {
    const [server, other] = [await started(), await started("elsewhere")];
    server.fail({ kind: "redirect", to: `${other.openAiUrl}/chat/completions` });
    const failure = await failureFrom(models(server.openAiUrl).ask(aRequest({ model: "a/m" })));
    expect(failure).toMatchObject({ code: "network-refused" });
    expect(other.requests).toEqual([]);
  });

  test("no proxy of the environment gets to see a request", async () => {
    const seen: string[] = [];
    const proxy = createServer((request, response) => {
      seen.push(request.url ?? "");
      response.end();
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const names = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "NODE_USE_ENV_PROXY"];
    const before = names.map((name) => process.env[name]);
    for (const name of names) process.env[name] = name === "NODE_USE_ENV_PROXY" ? "1" : address;
    const server = await started();
    const opened = models(server.openAiUrl);
    expect((await opened.ask(aRequest({ model: "a/m" }))).text).toBe("here");
    await opened.contextOf("a/m");
    for (const [at, name] of names.entries()) {
      if (before[at] === undefined) delete process.env[name];
      else process.env[name] = before[at];
    }
    expect(seen).toEqual([]);
    proxy.close();
  });
});
