import type { Config } from "./config.ts";
import { backendOf, modelIdentity } from "./known-backends.ts";
import type { Price } from "./model-config.ts";
import { hostOf, isListed, isLoopback, placeOfModel } from "./network.ts";

/** When the table was last compared with what the vendors publish. */
export const PRICES_AS_OF = "2026-11-21";

type Row = readonly [model: RegExp, input: number, output: number, cached: number];

/**
 * US dollars per million tokens of input, output and cached input, for prompts of ordinary length and without batch or
 * regional rates. Matched against a model's identity; the first row counts.
 */
const TABLE: readonly Row[] = [
  [/^claude-(fable|mythos)(-5-1|$)/, 10, 50, 0.25],
  [/^claude-(fable|mythos)-5/, 10, 50, 1],
  [/^claude-opus(-5-5|$)/, 4, 20, 0.2],
  [/^claude-opus-(5|4-[5-9])/, 5, 25, 0.5],
  [/^claude-(3-)?opus/, 15, 75, 1.5],
  [/^claude-sonnet(-5-5|$)/, 2, 10, 0.1],
  [/^claude-sonnet-5/, 2, 10, 0.2],
  [/^claude-(3-[57]-)?sonnet/, 3, 15, 0.3],
  [/^claude-haiku(-5-5|$)/, 0.1, 0.5, 0.01],
  [/^claude-3-5-haiku/, 0.8, 4, 0.08],
  [/^claude-3-haiku/, 0.25, 1.25, 0.03],
  [/^claude-haiku/, 1, 5, 0.1],
  [/^gpt-6-1-terra/, 1, 5, 0.05],
  [/^gpt-6-astra/, 10, 50, 1],
  [/^gpt-6-sol/, 2, 10, 0.2],
  [/^gpt-6-luna/, 0.1, 0.5, 0.01],
  [/^gpt-5-6-terra/, 2, 12, 0.2],
  [/^gpt-5-6-luna/, 0.2, 1.2, 0.02],
  [/^gpt-5-6/, 5, 30, 0.5],
  [/^gpt-5-[45]-pro/, 30, 180, 30],
  [/^gpt-5-5/, 5, 30, 0.5],
  [/^gpt-5-4-mini/, 0.75, 4.5, 0.075],
  [/^gpt-5-4-nano/, 0.2, 1.25, 0.02],
  [/^gpt-5-4/, 2.5, 15, 0.25],
  [/^gpt-5-[23]/, 1.75, 14, 0.175],
  [/^gpt-5(-1)?(-codex)?-mini/, 0.25, 2, 0.025],
  [/^gpt-5-nano/, 0.05, 0.4, 0.005],
  [/^gpt-5(-1)?(-codex|$)/, 1.25, 10, 0.125],
  [/^gpt-4-1-mini/, 0.4, 1.6, 0.1],
  [/^gpt-4-1-nano/, 0.1, 0.4, 0.025],
  [/^gpt-4-1/, 2, 8, 0.5],
  [/^gpt-4o-mini/, 0.15, 0.6, 0.075],
  [/^gpt-4o/, 2.5, 10, 1.25],
  [/^o[34]-mini/, 1.1, 4.4, 0.275],
  [/^o3/, 2, 8, 0.5],
  [/^gemini-3-8-flash/, 0.75, 3.75, 0.75],
  [/^gemini-3-5-flash-lite/, 0.3, 2.5, 0.3],
  [/^gemini-3-1-flash-lite/, 0.25, 1.5, 0.025],
  [/^gemini-3(-1)?-pro/, 2, 12, 0.2],
  [/^gemini-2-5-pro/, 1.25, 10, 0.125],
  [/^gemini-2-5-flash-lite/, 0.1, 0.4, 0.01],
  [/^gemini-2-5-flash/, 0.3, 2.5, 0.03],
];

const FREE: Price = { input: 0, output: 0, cached: 0 };

/** What a model costs, and who says so. */
export type PriceOf =
  | { readonly kind: "known"; readonly price: Price; readonly from: "config" | "local" | "table" }
  | { readonly kind: "unknown" };

type PriceConfig = Pick<Config, "prices" | "servers" | "agents" | "aliases" | "network" | "localHosts">;

/**
 * What a model costs per million tokens: as the config says; nothing on this machine or a listed host (electricity is not
 * counted); else as the table says, however the model is reached.
 */
export function priceOf(config: PriceConfig, name: string): PriceOf {
  const own = config.prices[name];
  if (own !== undefined) return { kind: "known", price: own, from: "config" };
  if (isFree(config, name)) return { kind: "known", price: FREE, from: "local" };
  const model = modelIdentity(config, name).identity.replaceAll(".", "-");
  const row = TABLE.find(([pattern]) => pattern.test(model));
  if (row === undefined) return { kind: "unknown" };
  const [, input, output, cached] = row;
  return { kind: "known", price: { input, output, cached }, from: "table" };
}

function isFree(config: PriceConfig, name: string): boolean {
  if (backendOf(config, name).kind === "nothing") return false;
  const place = placeOfModel(config, name);
  if (place.kind !== "address") return place.kind === "here";
  const host = hostOf(place.url);
  return host === "localhost" || isLoopback(host) || isListed(host, config.localHosts);
}

/** The prices of all the given models that have one, by name. */
export function pricesOf(config: PriceConfig, names: readonly string[]): Readonly<Record<string, Price>> {
  const known = names.flatMap((name) => {
    const found = priceOf(config, name);
    return found.kind === "known" ? [[name, found.price] as const] : [];
  });
  return { ...config.prices, ...Object.fromEntries(known) };
}
