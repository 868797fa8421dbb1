import type { DraftLine, ModelDraft } from "../domain/config-draft.ts";
import { identityOf, mayBeOneModel } from "../domain/model-identity.ts";
import type { MemoryProposal } from "../domain/model-memory.ts";
import type { FoundModels, FoundServer } from "./find-models.ts";

/** A model that could be asked here. */
interface Candidate {
  readonly name: string;
  /** Cheaper models of the same house, the better first: one for the many small jobs, one that is neither it nor the strong one. */
  readonly cheaper: readonly string[];
  readonly why: string;
}

/** Strong models of agents and keys, as of November 2026; `millwright doctor` says when a name is gone. */
const AGENT_MODELS: Readonly<Record<string, readonly [strong: string, ...cheaper: string[]]>> = {
  "claude-code": ["claude-code/opus", "claude-code/sonnet", "claude-code/haiku"],
  codex: ["codex"],
  gemini: ["gemini"],
};
const KEY_MODELS: typeof AGENT_MODELS = {
  anthropic: ["anthropic/claude-opus-5-5", "anthropic/claude-sonnet-5-5", "anthropic/claude-haiku-5-5"],
  openai: ["openai/gpt-6-sol", "openai/gpt-6.1-terra", "openai/gpt-6-luna"],
  google: ["google/gemini-3.1-pro-preview", "google/gemini-3.8-flash", "google/gemini-3.1-flash-lite"],
  openrouter: [
    "openrouter/anthropic/claude-opus-5.5",
    "openrouter/openai/gpt-6.1-terra",
    "openrouter/google/gemini-3.8-flash",
  ],
};

/**
 * The best role map that the servers, agents and keys of a machine allow, with the reason for each line: strong models plan
 * and review, local ones write, and makers, reviewer and goal-checker are different models where there are enough.
 */
export function proposeModels(found: FoundModels, memory: MemoryProposal | undefined): ModelDraft {
  const strong = strongModels(found);
  const local = localModels(found, memory);
  const cheaper = strong.flatMap(cheaperOf);
  const maker = local[0] ?? cheaper[0] ?? strong[0];
  if (maker === undefined) return { models: [], independence: undefined, settings: [] };
  const all = [...strong, ...local, ...cheaper];
  const reviewer = pick(all, [maker]);
  const goalChecker = pick([...strong, ...cheaper, ...local], reviewer === undefined ? [maker] : [maker, reviewer]);
  const architect = strong[0] ?? maker;
  const models = [
    line("default", maker, `writes tests and code: ${maker.why}`),
    ...(architect === maker ? [] : [line("architect", architect, `plans, few questions: ${architect.why}`)]),
    ...(architect === maker ? [] : [line("orchestrator", architect, `asked when makers are stuck: ${architect.why}`)]),
    ...judgeLines("reviewer", reviewer, maker),
    ...judgeLines("checker", reviewer, maker),
    ...judgeLines("goal-checker", goalChecker ?? reviewer, maker),
  ];
  return { models, independence: independence(maker, reviewer, goalChecker), settings: settingsOf(memory, local) };
}

function strongModels({ agents, servers }: FoundModels): readonly Candidate[] {
  const byAgents = agents.flatMap(({ name, state, program, version }): readonly Candidate[] => {
    const [strong, ...cheaper] = AGENT_MODELS[name] ?? [];
    if (strong === undefined || state !== "installed") return [];
    const why = `${program}${version === undefined ? "" : ` ${version}`} is on the PATH`;
    return [{ name: strong, cheaper, why }];
  });
  const byKeys = servers.flatMap(({ name, key }): readonly Candidate[] => {
    const [strong, ...cheaper] = KEY_MODELS[name] ?? [];
    if (strong === undefined || key?.set !== true) return [];
    return [{ name: strong, cheaper, why: `${key.variable} is set` }];
  });
  return [...byAgents, ...byKeys];
}

function localModels({ servers }: FoundModels, memory: MemoryProposal | undefined): readonly Candidate[] {
  const ollama = memory === undefined ? [] : [memory.maker, ...(memory.judge === undefined ? [] : [memory.judge])];
  const byOllama = ollama.map((model): Candidate => {
    const why = memory?.reasons.find((reason) => reason.line.endsWith(`: ${model}`))?.why ?? "a local Ollama has it";
    return { name: `ollama/${model}`, cheaper: [], why };
  });
  return [...byOllama, ...servers.filter(({ server, local }) => local && server.kind !== "ollama").flatMap(served)];
}

const NO_WRITER = /embed|minilm|(^|[/-])bge|(^|[/-])e5-|rerank|whisper|clip/i;

function served({ name, server, listing }: FoundServer): readonly Candidate[] {
  const models = listing?.kind === "models" ? listing.names.filter((model) => !NO_WRITER.test(model)) : [];
  return models.slice(0, 3).map((model) => {
    return { name: `${name}/${model}`, cheaper: [], why: `the server at ${server.url} has it` };
  });
}

function cheaperOf(candidate: Candidate): readonly Candidate[] {
  return candidate.cheaper.map((name) => ({ ...candidate, name, cheaper: [] }));
}

/** A model that is none of the given ones; of another vendor, when there is one. */
function pick(all: readonly Candidate[], taken: readonly Candidate[]): Candidate | undefined {
  const others = all.filter(({ name }) => !taken.some((one) => mayBeOneModel(identityOf(one.name), identityOf(name))));
  const vendors = taken.map(({ name }) => identityOf(name).vendor);
  return others.find(({ name }) => !vendors.includes(identityOf(name).vendor)) ?? others[0];
}

function line(key: string, { name }: Candidate, why: string): DraftLine {
  return { key, value: name, why };
}

function judgeLines(role: string, judge: Candidate | undefined, maker: Candidate): readonly DraftLine[] {
  return judge === undefined ? [] : [line(role, judge, `another model than ${maker.name}: ${judge.why}`)];
}

function independence(
  maker: Candidate,
  reviewer: Candidate | undefined,
  goalChecker: Candidate | undefined,
): DraftLine {
  const key = "independence";
  if (reviewer === undefined)
    return { key, value: "none", why: "only one model was found: maker, reviewer and goal-checker are one" };
  if (goalChecker === undefined)
    return { key, value: "none", why: "only two models were found: reviewer and goal-checker are one" };
  const vendors = new Set([maker, reviewer, goalChecker].map(({ name }) => identityOf(name).vendor));
  return vendors.size === 3 && !vendors.has("unknown")
    ? { key, value: "vendor", why: "maker, reviewer and goal-checker come from three vendors" }
    : { key, value: "model", why: "maker, reviewer and goal-checker are three models" };
}

function settingsOf(memory: MemoryProposal | undefined, local: readonly Candidate[]): ModelDraft["settings"] {
  if (memory === undefined || !local.some(({ name }) => name.startsWith("ollama/"))) return [];
  const why = (begins: string) => memory.reasons.find((reason) => reason.line.startsWith(begins))?.why ?? "";
  const server = `{ kind: ollama, url: "http://127.0.0.1:11434", mode: ${memory.mode} }`;
  const servers = { section: "servers", lines: [{ key: "ollama", value: server, why: why("mode:") }] };
  const { modelSeconds, parallel } = memory;
  const seconds = { key: "modelSeconds", value: String(modelSeconds), why: why("limits.modelSeconds:") };
  const atOnce = { key: "parallel", value: String(parallel), why: why("parallel:") };
  return [
    ...(memory.mode === "as-is" ? [] : [servers]),
    ...(modelSeconds === undefined ? [] : [{ section: "limits", lines: [seconds] }]),
    ...(parallel === undefined ? [] : [{ section: undefined, lines: [atOnce] }]),
  ];
}
