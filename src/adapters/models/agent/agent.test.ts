import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type AgentGround, agentGround, type GroundOptions } from "../../../../test/kit/agents.ts";
import { available } from "../../../../test/kit/available.ts";
import { type ModelServer, startModelServer } from "../../../../test/kit/model-server.ts";
import type { Agent } from "../../../domain/model-config.ts";
import { parseReply } from "../../../domain/reply-parse.ts";
import { aRequest, failureFrom, keepsTheBackendPromise } from "../models.contract.ts";

const STAND_IN = resolve("test/kit/stand-in-agent.mjs");
const NEW_FILE = { kind: "write", path: "src/new.js", content: "export const x = 1;\n" };

let ground: AgentGround | undefined;
let server: ModelServer | undefined;
afterEach(async () => {
  await ground?.close();
  await server?.close();
});

async function standIn(behaviour: string, more: Partial<Agent> = {}, options: GroundOptions = {}) {
  ground = await agentGround(options);
  const command = ["node", STAND_IN, behaviour];
  const backend = ground.backend({ kind: "claude-code", command, url: "http://127.0.0.1:9", ...more });
  const workspace = { repository: undefined, tree: ground.tree, scope: ["src/**"] };
  return { ground, backend, request: aRequest({ workspace, seconds: 60 }) };
}

async function edits(behaviour: string, more: Partial<Agent> = {}, options: GroundOptions = {}) {
  const { backend, request } = await standIn(behaviour, more, options);
  const parsed = parseReply((await backend.ask(request)).text);
  if (parsed.kind === "unusable") return parsed.problems;
  return parsed.proposal.kind === "edits" ? parsed.proposal.edits : parsed.proposal.reason;
}

async function failure(behaviour: string, more: Partial<Agent> = {}, options: GroundOptions = {}) {
  const { backend, request } = await standIn(behaviour, more, options);
  return failureFrom(backend.ask(request));
}

const SANDBOXES = available.bwrap ? (["bubblewrap", "none"] as const) : (["none"] as const);

describe.each(SANDBOXES)("an agent program under %s", { timeout: 40_000 }, (sandbox) => {
  const options: GroundOptions = sandbox === "none" ? { sandbox } : {};

  test("its change is the reply, its words are the notes, its events the usage", async () => {
    const { backend, request } = await standIn("well", {}, options);
    const reply = await backend.ask(request);
    expect(reply).toMatchObject({ model: "stand-in", usage: { input: 15, output: 3, cached: 5, counted: true } });
    expect(reply.text).toBe("### FILE src/new.js\n```\nexport const x = 1;\n```\n\n### NOTES\n> Made x.\n");
  });

  test("it does not see what the gates are made of, and its reply says nothing of that", async () => {
    const files = {
      "millwright.yaml": "workflow: score\n",
      ".agents/roles/reviewer.md": "Be kind.\n",
      "checks/own.yaml": "gates: []\n",
      "workflows/red-green.yaml": "gates: []\n",
      "roles/reviewer.md": "Be kind.\n",
      "roles/admin.js": "1;\n",
      "src/a.js": "1;\n",
    };
    const seen = await edits("list", {}, { ...options, files });
    const content = '[".gitignore","roles/admin.js","src/a.js"]\n';
    expect(seen).toEqual([{ kind: "write", path: "src/new.js", content }]);
  });

  test("banners around its events do no harm", async () => {
    expect(await edits("banner", {}, options)).toEqual([NEW_FILE]);
  });

  test("success is read from events and the diff: an exit code of 1 is none of our business", async () => {
    expect(await edits("succeeds-with-one", {}, options)).toEqual([NEW_FILE]);
  });

  test("a failure that ends with 0 is a failure", async () => {
    expect(await failure("fails-with-zero", {}, options)).toMatchObject({
      code: "model-unusable",
      message: "claude-code/ gave up: the model is overloaded",
    });
  });

  test("a broken session goes on once, in the same copy", async () => {
    expect(await edits("crash-once", {}, options)).toMatchObject([
      { path: "src/new.js", content: expect.stringMatching(/You were interrupted\. Go on/) },
    ]);
  });

  test("one that breaks again is a failure, whatever it has changed", async () => {
    const broken = await failure("crash", {}, options);
    expect(broken).toMatchObject({ code: "model-unusable", remedy: "retry" });
    expect(broken.message).toMatch(/broke off in the middle of its work/);
  });

  test("no progress ends it, TERM ignored or not", async () => {
    const silent = await failure("hang", { silenceSeconds: 5 }, options);
    expect(silent).toMatchObject({ code: "model-timeout", message: expect.stringMatching(/no progress for 5 s/) });
  });

  test("a changed file is progress", async () => {
    expect(await edits("busy", { silenceSeconds: 5 }, options)).toMatchObject([{ path: "src/new.js" }]);
  });

  test("a process that it leaves behind is killed", async () => {
    const [edit] = await edits("daemon", {}, options);
    const pid = /left = (\d+)/.exec(JSON.stringify(edit))?.[1];
    expect(pid).toBeDefined();
    if (sandbox === "none") await expect.poll(() => isAlive(Number(pid)), { timeout: 5000 }).toBe(false);
  });

  test("one that never stops talking is ended at its time limit", async () => {
    const { backend, request } = await standIn("endless", {}, options);
    const ended = await failureFrom(backend.ask({ ...request, seconds: 4 }));
    expect(ended).toMatchObject({ code: "model-timeout", message: expect.stringMatching(/within 4 s/) });
  });

  test("nothing of a session stays: copy, home and sockets are gone", async () => {
    const { backend, request, ground } = await standIn("well", {}, options);
    await backend.ask(request);
    expect(existsSync(join(ground.world.dir, "T1-developer"))).toBe(false);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`mw-agent-${process.pid}-`))).toEqual([]);
  });

  test("what a killed mill left, with a copy of a person's login in it, is cleared by the next", async () => {
    const gone = spawnSync("true").pid;
    const left = join(tmpdir(), `mw-agent-${gone}-x`);
    mkdirSync(left);
    const { backend, request } = await standIn("well", {}, options);
    await backend.ask(request);
    expect(existsSync(left)).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

describe("what an agent says instead of changing files", { timeout: 40_000 }, () => {
  test("an honest no stands alone, whatever it has tried", async () => {
    expect(await edits("impossible")).toBe("the spec names no rate");
  });

  test("blocks in its message are a reply like any model's", async () => {
    expect(await edits("blocks")).toMatchObject([{ path: "src/new.js", content: "export const x = 2;\n" }]);
  });

  test.each(["only-words", "nothing-but-success"])("%s: an empty proposal that says so", async (behaviour) => {
    expect(await edits(behaviour)).toEqual([expect.stringMatching(/ended without a change of any file/)]);
  });

  test("what no reply can carry comes back as the reason, and leftovers of tools are left out", async () => {
    expect(await edits("odd")).toEqual([
      "src/link.js is a symbolic link now: links cannot be proposed. Leave it as it was.",
      "src/picture.js is binary now: only text can be proposed. Leave it as it was.",
    ]);
  });

  test("caches and ignored files are no part of it", async () => {
    expect(await edits("litter", {}, { files: { ".gitignore": "node_modules\nbuilt/\n", "src/a.js": "a\n" } })).toEqual(
      [NEW_FILE],
    );
  });

  test("files outside of its scope are proposed, for the door to refuse", async () => {
    expect(await edits("wide")).toMatchObject([{ path: "package.json" }, { path: "src/new.js" }]);
  });
});

describe("agents that cannot be used", { timeout: 40_000 }, () => {
  test("not installed: named, with what installs it", async () => {
    ground = await agentGround({ env: { PATH: "/usr/bin:/bin" } });
    const backend = ground.backend({ kind: "codex", url: "http://127.0.0.1:9" }, "gpt-5");
    expect(await failureFrom(backend.ask(aRequest()))).toMatchObject({
      code: "environment",
      remedy: "ask",
      message: "codex/gpt-5: `codex` is not installed",
      hint: "Install it: npm i -g @openai/codex",
    });
  });

  test("too old: both versions are named", async () => {
    ground = await agentGround();
    const folder = join(ground.world.dir, "old");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "version": "1.0.5" }');
    writeFileSync(join(folder, "claude"), "#!/bin/sh\n", { mode: 0o755 });
    const backend = ground.backend({
      kind: "claude-code",
      command: [join(folder, "claude")],
      url: "http://127.0.0.1:9",
    });
    const old = await failureFrom(backend.ask(aRequest()));
    expect(old.message).toMatch(/claude 1\.0\.5 is too old; 2\.1\.0 or newer is needed/);
  });

  test("its key is not set; its endpoint is not known", async () => {
    ground = await agentGround();
    const command = ["node", STAND_IN, "well"];
    const keyless = ground.backend({ kind: "claude-code", command, key: "NO_SUCH_KEY" });
    expect((await failureFrom(keyless.ask(aRequest()))).message).toMatch(/the variable NO_SUCH_KEY is not set/);
    const lost = ground.backend({ kind: "pi", command }, "x/y");
    expect((await failureFrom(lost.ask(aRequest()))).hint).toMatch(/agents: \{ pi: \{ url: … \} \}/);
  });

  test.each([
    ["login", "model-rejected", /asks for a login: Invalid API key/],
    ["only-a-banner", "model-unusable", /told nothing of what it does, only "Welcome to Stand-in 3000!/],
    ["nothing", "model-unusable", /ended without a word: it ended with 0/],
  ])("%s", async (behaviour, code, message) => {
    expect(await failure(behaviour)).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test("without a sandbox, a write into the repository itself is noticed and the answer not taken", async () => {
    const { backend, request, ground } = await standIn("outside", { env: ["STAND_IN_OUTSIDE"] }, { sandbox: "none" });
    Object.assign(ground.world.env, { STAND_IN_OUTSIDE: join(ground.target.dir, "src/add.js") });
    const noticed = await failureFrom(backend.ask(request));
    expect(noticed).toMatchObject({ code: "model-unusable", remedy: "ask" });
    expect(noticed.message).toMatch(/files of the repository itself changed: src\/add\.js/);
  });
});

describe.runIf(available.bwrap)("in its sandbox", { timeout: 40_000 }, () => {
  test("nothing outside of the copy can be written", async () => {
    const { backend, request, ground } = await standIn("outside", { env: ["STAND_IN_OUTSIDE"] });
    const path = join(ground.target.dir, "src/add.js");
    Object.assign(ground.world.env, { STAND_IN_OUTSIDE: path });
    const before = readFileSync(path, "utf8");
    const { text } = await backend.ask(request);
    expect(text).not.toContain("written");
    expect(readFileSync(path, "utf8")).toBe(before);
  });

  test("only its model's host and port can be reached", async () => {
    const other = await startModelServer({ answer: () => "never" });
    server = await startModelServer({ answer: () => "hello" });
    const { backend, request, ground } = await standIn("network", { url: server.url, env: ["STAND_IN_OTHER"] });
    Object.assign(ground.world.env, { STAND_IN_OTHER: other.openAiUrl });
    const { text } = await backend.ask(request);
    await other.close();
    expect(other.requests).toEqual([]);
    expect(text).toMatch(/v1 ECONNREFUSED/);
    expect(text).toMatch(/4141\/v1\/messages 200/);
    expect(server.chats.length).toBe(1);
  });

  test("its home is a copy of its own folder, and its environment what the config names", async () => {
    const { ground } = await standIn("well");
    const home = join(ground.world.dir, "settings");
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "settings.txt"), "mine");
    const env = { STAND_IN_NAMED: "1", STAND_IN_SECRET: "2" };
    Object.assign(ground.world.env, env);
    const command = ["node", STAND_IN, "surroundings", `owner=${homedir()}`];
    const agent = { kind: "claude-code" as const, command, url: "http://127.0.0.1:9", home, env: ["STAND_IN_NAMED"] };
    const seen = JSON.parse((await ground.backend({ ...agent, key: "AGENT_KEY" }).ask(aRequest())).text);
    expect(seen).toMatchObject({ cwd: "/target", home: "/home/agent", settings: true, ownersFiles: 0 });
    expect(seen.env).toContain("STAND_IN_NAMED");
    expect(seen.env).toContain("ANTHROPIC_API_KEY");
    expect(seen.env).not.toContain("STAND_IN_SECRET");
    expect(seen.args.join(" ")).not.toContain("dummy");
  });
});

keepsTheBackendPromise("an agent", async (answer) => {
  const model = await startModelServer({ answer: ({ user }) => answer({ user }) });
  const place = await agentGround();
  const command = ["node", resolve("test/kit/asking-agent.mjs")];
  return {
    backend: place.backend({ kind: "claude-code", command, url: model.url }),
    close: async () => {
      await place.close();
      await model.close();
    },
  };
});
