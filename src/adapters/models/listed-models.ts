import { distance } from "fastest-levenshtein";
import type { ModelRequest } from "../../domain/model-call.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import { reachingFetch } from "./reaching-fetch.ts";
import { reachOfAccess, type ServerAccess } from "./server-access.ts";

const LISTS = {
  "openai-compatible": { path: "/models", names: (body: unknown) => namesIn(body, "data", "id") },
  openai: { path: "/models", names: (body: unknown) => namesIn(body, "data", "id") },
  anthropic: { path: "/models", names: (body: unknown) => namesIn(body, "data", "id") },
  google: {
    path: "/models",
    names: (body: unknown) => namesIn(body, "models", "name")?.map((name) => name.replace(/^models\//, "")),
  },
  ollama: { path: "/api/tags", names: (body: unknown) => namesIn(body, "models", "name") },
} as const;

/** What a server said when it was asked for its models. */
export type Listing =
  | { readonly kind: "models"; readonly names: readonly string[] }
  | { readonly kind: "refused"; readonly status: number }
  | { readonly kind: "unreadable"; readonly url: string }
  | { readonly kind: "unreachable"; readonly reason: string }
  /** The network rule of the config forbids to ask. */
  | { readonly kind: "forbidden"; readonly reason: string };

/** Asks a server for its models; never throws, and waits at most `seconds` (5). `asked`: the question for which it is done. */
export async function listModels(
  access: ServerAccess,
  headers: Readonly<Record<string, string>>,
  { seconds = 5, asked }: { readonly seconds?: number; readonly asked?: Pick<ModelRequest, "role" | "task"> } = {},
): Promise<Listing> {
  const list = LISTS[access.kind];
  const url = access.url + list.path;
  let response: Awaited<ReturnType<typeof reachingFetch>>;
  try {
    const signal = AbortSignal.timeout(seconds * 1000);
    const init = { headers: { ...access.headers, ...headers }, signal };
    response = await reachingFetch(url, init, reachOfAccess(access, asked));
  } catch (error) {
    if (error instanceof StepFailure && error.code === "network-refused")
      return { kind: "forbidden", reason: error.message };
    return { kind: "unreachable", reason: reasonOf(error, seconds) };
  }
  if (!response.ok) {
    await response.body?.cancel();
    return { kind: "refused", status: response.status };
  }
  const names = await response.json().then(list.names, () => undefined);
  return names === undefined ? { kind: "unreadable", url } : { kind: "models", names };
}

/** The names, those most like `wanted` first. */
export function nearestFirst(names: readonly string[], wanted: string): readonly string[] {
  const lower = wanted.toLowerCase();
  const far = new Map(names.map((name) => [name, distance(name.toLowerCase(), lower)]));
  return [...names].sort((a, b) => (far.get(a) ?? 0) - (far.get(b) ?? 0) || (a < b ? -1 : 1));
}

/** True when the server has the model; Ollama's `:latest` may be left out. */
export function isListed(names: readonly string[], model: string): boolean {
  const same = (name: string) => name.replace(/:latest$/, "");
  return names.some((name) => same(name) === same(model));
}

function namesIn(body: unknown, list: string, member: string): readonly string[] | undefined {
  const entries = (body as Readonly<Record<string, unknown>> | null)?.[list];
  if (!Array.isArray(entries)) return undefined;
  return entries.flatMap((entry: unknown) => {
    const name = (entry as Readonly<Record<string, unknown>> | null)?.[member];
    return typeof name === "string" ? [name] : [];
  });
}

function reasonOf(error: unknown, seconds: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof StepFailure) return error.message;
  if (error.name === "TimeoutError") return `no answer within ${seconds} s`;
  const cause = error.cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  if (code === "ECONNREFUSED") return "connection refused";
  return code ?? error.message;
}
