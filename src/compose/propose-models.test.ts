import { expect, test } from "vitest";
import { redGreen } from "../../test/kit/gate-states.ts";
import { Config } from "../domain/config.ts";
import { configText } from "../domain/config-draft.ts";
import { readConfig } from "../domain/config-text.ts";
import { castOf, independenceProblems } from "../domain/independence.ts";
import { agentsOf, modelIdentity, serversOf } from "../domain/known-backends.ts";
import type { MemoryProposal } from "../domain/model-memory.ts";
import type { FoundModels } from "./find-models.ts";
import { proposeModels } from "./propose-models.ts";

function found({
  agents = [] as string[],
  keys = [] as string[],
  served = {} as Record<string, string[]>,
}): FoundModels {
  const config = Config.parse({});
  return {
    agents: Object.entries(agentsOf(config)).map(([name, agent]) => ({
      name,
      agent,
      program: name,
      state: agents.includes(name) ? "installed" : "missing",
      version: "1.2.3",
      install: "",
    })),
    servers: Object.entries(serversOf(config)).map(([name, server]) => ({
      name,
      server,
      local: server.url.startsWith("http://127."),
      listing: served[name] === undefined ? undefined : { kind: "models", names: served[name] },
      residency: undefined,
      key: server.key === undefined ? undefined : { variable: server.key, set: keys.includes(name) },
    })),
  };
}

/** The map, and what the rules of the config say of it. */
function proposed(what: FoundModels, memory?: MemoryProposal) {
  const draft = proposeModels(what, memory);
  const config = readConfig(configText({ ...draft, suites: [], dependencies: undefined, submodules: false }));
  const identify = (role: string) =>
    modelIdentity(config, String(config.models[role as "tester"] ?? config.models.default));
  const problems = independenceProblems(config.independence, castOf(redGreen), identify);
  return { draft, config, problems };
}

const MEMORY: MemoryProposal = {
  mode: "exclusive",
  maker: "qwen3-coder:30b",
  judge: "devstral:24b",
  modelSeconds: 1800,
  parallel: 4,
  reasons: [
    { line: "models.default: qwen3-coder:30b", why: "it fits" },
    { line: "models.reviewer: devstral:24b", why: "another one" },
    { line: "mode: exclusive", why: "both do not fit" },
    { line: "limits.modelSeconds: 1800", why: "swaps take time" },
    { line: "parallel: 4", why: "tasks share a swap" },
  ],
};

test.each<[string, FoundModels, MemoryProposal | undefined, object, string]>([
  ["one agent", found({ agents: ["codex"] }), undefined, { default: "codex" }, "none"],
  [
    "an agent with three models",
    found({ agents: ["claude-code"] }),
    undefined,
    { default: "claude-code/sonnet", reviewer: "claude-code/opus", "goal-checker": "claude-code/haiku" },
    "model",
  ],
  [
    "a local Ollama and nothing else",
    found({}),
    MEMORY,
    { default: "ollama/qwen3-coder:30b", reviewer: "ollama/devstral:24b", "goal-checker": "ollama/devstral:24b" },
    "none",
  ],
  [
    "a local Ollama, an agent and a key: three vendors",
    found({ agents: ["claude-code"], keys: ["openai"] }),
    { ...MEMORY, mode: "as-is" },
    { default: "ollama/qwen3-coder:30b", architect: "claude-code/opus", reviewer: "claude-code/opus" },
    "vendor",
  ],
  [
    "keys of two vendors",
    found({ keys: ["anthropic", "google"] }),
    undefined,
    { default: "anthropic/claude-sonnet-5-5", architect: "anthropic/claude-opus-5-5" },
    "model",
  ],
  [
    "LM Studio with an embedding model first",
    found({ served: { lmstudio: ["text-embedding-nomic", "qwen3-8b", "gemma-3-12b", "phi-4"] } }),
    undefined,
    { default: "lmstudio/qwen3-8b", reviewer: "lmstudio/gemma-3-12b" },
    "vendor",
  ],
])("%s: a map that the config's own rules accept", (...[, what, memory, models, independence]) => {
  const { config, problems, draft } = proposed(what, memory);
  expect(config.models).toMatchObject(models);
  expect(config.independence).toBe(independence);
  expect(problems).toEqual([]);
  expect(draft.models.every(({ why }) => why.length > 10)).toBe(true);
});

test("where nothing is found no model is named, so that a run still offers one of its own", () => {
  const draft = proposeModels(found({}), undefined);
  const text = configText({ ...draft, suites: [], dependencies: undefined, submodules: false });
  expect(readConfig(text).models).toEqual({});
  expect(text).toMatch(/^# models:\n# {3}default: /m);
});

test("each line says why, and the memory's proposal is written down with it", () => {
  const { draft, config } = proposed(found({ keys: ["anthropic"] }), MEMORY);
  const text = configText({ ...draft, suites: [], dependencies: undefined, submodules: false });
  expect(text).toContain("  default: ollama/qwen3-coder:30b # writes tests and code: it fits\n");
  expect(text).toMatch(/architect: anthropic\/claude-opus-5-5 # plans, few questions: ANTHROPIC_API_KEY is set/);
  expect(text).toMatch(/mode: exclusive } # both do not fit/);
  expect(text).toMatch(/modelSeconds: 1800 # swaps take time/);
  expect(config.servers.ollama?.mode).toBe("exclusive");
  expect(config.limits.modelSeconds).toBe(1800);
  expect(text).toContain("\nparallel: 4 # tasks share a swap\n");
  expect(config.parallel).toBe(4);
});
