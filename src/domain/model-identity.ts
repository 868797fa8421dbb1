import type { ModelIdentity } from "./model-call.ts";

/** Who made a model, by how its name begins. The first match counts. */
const VENDORS: readonly (readonly [vendor: string, prefix: RegExp])[] = [
  ["deepseek", /^deepseek/],
  ["anthropic", /^(claude|opus|sonnet|haiku)/],
  ["openai", /^(gpt|chatgpt|codex|davinci|o[1-9](?![0-9a-z]))/],
  ["google", /^(gemini|gemma|codegemma|palm|shieldgemma)/],
  ["alibaba", /^(qwen|qwq|codeqwen)/],
  ["meta", /^(llama|codellama|meta-llama)/],
  ["mistral", /^(mistral|codestral|devstral|mixtral|ministral|magistral|pixtral)/],
  ["xai", /^grok/],
  ["cohere", /^(command|aya|c4ai)/],
  ["microsoft", /^(phi|wizardlm|mai-)/],
  ["ibm", /^granite/],
  ["nvidia", /^nemotron/],
  ["zhipu", /^(glm|chatglm|codegeex)/],
  ["moonshot", /^(kimi|moonshot)/],
  ["minimax", /^minimax/],
  ["bigcode", /^(starcoder|santacoder)/],
  ["amazon", /^(nova|titan)/],
  ["01-ai", /^yi-/],
  ["allen-ai", /^(olmo|tulu)/],
];

/** Organisations in names like `meta-llama/…`, for models whose own name does not tell. */
const ORGANISATIONS: Readonly<Record<string, string>> = {
  anthropic: "anthropic",
  openai: "openai",
  google: "google",
  qwen: "alibaba",
  alibaba: "alibaba",
  "meta-llama": "meta",
  mistralai: "mistral",
  "deepseek-ai": "deepseek",
  deepseek: "deepseek",
  "x-ai": "xai",
  microsoft: "microsoft",
  nvidia: "nvidia",
  cohere: "cohere",
  "ibm-granite": "ibm",
  moonshotai: "moonshot",
  "z-ai": "zhipu",
  "zai-org": "zhipu",
  bigcode: "bigcode",
};

/** Parts of a name that say how a model is packed or served, not which model it is. */
const PACKING =
  /^(latest|instruct|it|chat|gguf|ggml|mlx|awq|gptq|exl2|free|nitro|floor|[48]bit|int[48]|i?q[2-8](_[0-9a-z]+)*|f(p)?(8|16|32)|bf16|20[0-9]{6})$/;

/** The backend and the model of a name in the config; a bare `mailbox` has no model. */
export function splitModelName(name: string): { readonly server: string; readonly model: string | undefined } {
  const slash = name.indexOf("/");
  if (slash < 0) return { server: name, model: undefined };
  return { server: name.slice(0, slash), model: name.slice(slash + 1) };
}

/** What agent programs call the newest model of a family; a version, where one follows, tells them apart. */
const FAMILIES: readonly (readonly [alias: RegExp, model: string])[] = [
  [/^(fable|mythos|opus|sonnet|haiku)(?=$|[-:@[])/, "claude-$1"],
];

/**
 * Which model it is, however it is reached: server, organisation, letter case, `:latest`, quantisation and date of the
 * snapshot are left out, and `aliases` are followed. All undeclared mailboxes are one model; so are all calls of an agent
 * program without a model.
 */
export function identityOf(name: string, aliases: Readonly<Record<string, string>> = {}): ModelIdentity {
  const { server, model } = splitModelName(followed(name, aliases));
  const path = (model ?? server).toLowerCase().split("/");
  const own = FAMILIES.reduce((text, [alias, full]) => text.replace(alias, full), path.at(-1) ?? "");
  return { name, identity: ordered(withoutPacking(own)), vendor: vendorOf(own, path.at(-2)) };
}

/** The name at the end of a chain of aliases; a circle ends where it began. */
function followed(name: string, aliases: Readonly<Record<string, string>>): string {
  const seen = new Set<string>();
  let at = name;
  for (let next = aliases[at]; next !== undefined && !seen.has(at); next = aliases[at]) {
    seen.add(at);
    at = next;
  }
  return at;
}

/** Anthropic wrote `claude-3-5-sonnet` before it wrote `claude-sonnet-4-5`, and OpenRouter writes `claude-3.5-sonnet` and `claude-sonnet-4.5`. */
function ordered(model: string): string {
  if (!model.startsWith("claude-")) return model;
  const plain = model.replace(/\[[^\]]*\]$/, "").replace(/(?<=\d)\.(?=\d)/g, "-");
  return plain.replace(/-0$/, "");
}

/** What a name without a version may be in truth. */
const OPEN_NAMES: readonly (readonly [name: RegExp, models: RegExp])[] = [
  [/^claude-code$/, /^claude/],
  [/^codex$/, /^(gpt|codex|o\d)/],
  [/^gemini$/, /^gemini/],
  [/^claude-(fable|mythos|opus|sonnet|haiku)$/, /^claude-/],
];

/** True when two models are one, or cannot be told apart because one of them is named without its version. */
export function mayBeOneModel(one: Pick<ModelIdentity, "identity">, other: Pick<ModelIdentity, "identity">): boolean {
  return (
    one.identity === other.identity || covers(one.identity, other.identity) || covers(other.identity, one.identity)
  );
}

function covers(open: string, model: string): boolean {
  return OPEN_NAMES.some(
    ([name, models]) =>
      name.test(open) && models.test(model) && (!/^claude-(?!code$)/.test(open) || model.startsWith(`${open}-`)),
  );
}

function withoutPacking(model: string): string {
  const undated = model.replace(/\.gguf$/, "").replace(/-20\d\d-\d\d-\d\d(?=$|[-:@])/, "");
  const parts = undated.split(/[-:@]/).filter((part) => part !== "");
  const kept = parts.filter((part) => !PACKING.test(part));
  return (kept.length > 0 ? kept : parts).join("-");
}

function vendorOf(model: string, organisation: string | undefined): string {
  const known = VENDORS.find(([, prefix]) => prefix.test(model));
  return known?.[0] ?? ORGANISATIONS[organisation ?? ""] ?? "unknown";
}
