import { StepFailure } from "../../../domain/step-failure.ts";
import { nearestFirst } from "../listed-models.ts";
import { type HubName, pickFiles, quantsIn } from "./hub-name.ts";

/** Where models are fetched from: an address that speaks the API of huggingface.co. */
export interface Hub {
  /** Without a slash at the end. */
  readonly url: string;
  readonly token: string | undefined;
}

/** A file of the hub. */
export interface HubFile {
  readonly url: string;
  /** File name, without folders. */
  readonly name: string;
  readonly bytes: number;
  /** Of the whole file, in hexadecimal; undefined when the hub does not say. */
  readonly sha256: string | undefined;
}

/** `HF_ENDPOINT` names a mirror, `HF_TOKEN` holds the key for models whose licence has to be accepted. */
export function hubOf(env: Readonly<Record<string, string | undefined>>): Hub {
  const url = (env.HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, "");
  return { url, token: env.HF_TOKEN || undefined };
}

export function hubHeaders(hub: Hub): Record<string, string> {
  return hub.token === undefined ? {} : { authorization: `Bearer ${hub.token}` };
}

/**
 * The files of a model in one quantisation: one, or its parts in order.
 * @throws StepFailure `environment` with the nearest names when there is no such model, and when it must not be read
 */
export async function resolveOnHub(hub: Hub, name: HubName, signal?: AbortSignal): Promise<readonly HubFile[]> {
  const repo = `${name.owner}/${name.repo}`;
  const answer = await read(hub, `/api/models/${repo}/tree/main?recursive=true`, signal);
  if (answer.status === 401 || answer.status === 403 || answer.status === 404)
    throw await noModel(hub, name, answer.status);
  if (answer.status !== 200) throw hubFailed(hub, `answered ${answer.status}`, "retry");
  const files = filesIn(answer.body);
  if (files === undefined) throw hubFailed(hub, `gave no list of files for ${repo}`, "ask");
  const picked = pickFiles(
    files.map(({ path }) => path),
    name.quant,
  );
  if (picked.length === 0) throw noQuant(name, files);
  return picked.map((path) => {
    const { size, lfs } = files.find((file) => file.path === path) ?? {};
    const url = `${hub.url}/${repo}/resolve/main/${path.split("/").map(encodeURIComponent).join("/")}`;
    const sha256 = /^[0-9a-f]{64}$/.test(lfs?.oid ?? "") ? lfs?.oid : undefined;
    return { url, name: path.split("/").at(-1) ?? path, bytes: lfs?.size ?? size ?? 0, sha256 };
  });
}

interface Listed {
  readonly path: string;
  readonly size?: number;
  readonly lfs?: { readonly oid?: string; readonly size?: number };
}

function filesIn(body: unknown): readonly Listed[] | undefined {
  if (!Array.isArray(body)) return undefined;
  return body.filter((entry): entry is Listed => typeof (entry as Listed | null)?.path === "string");
}

async function read(hub: Hub, path: string, outer?: AbortSignal) {
  const signals = [AbortSignal.timeout(20_000), ...(outer ? [outer] : [])];
  try {
    const response = await fetch(hub.url + path, { headers: hubHeaders(hub), signal: AbortSignal.any(signals) });
    const body: unknown = await response.json().catch(() => undefined);
    return { status: response.status, body };
  } catch (error) {
    const cause = (error as { cause?: { code?: unknown } }).cause?.code;
    throw hubFailed(hub, `is not reachable (${String(cause ?? (error as Error).message)})`, "retry");
  }
}

function hubFailed(hub: Hub, what: string, remedy: "retry" | "ask"): StepFailure {
  return new StepFailure(`${hub.url} ${what}`, {
    code: "environment",
    remedy,
    hint: "Check the network; HF_ENDPOINT names another hub. A GGUF file that you have can be used as `llama.cpp/<file>`.",
  });
}

/** The hub also answers 401 for a model that does not exist, so that nobody learns which ones are private. */
async function noModel(hub: Hub, { owner, repo }: HubName, status: number): Promise<StepFailure> {
  const search = `/api/models?search=${encodeURIComponent(repo)}&filter=gguf&limit=10`;
  const found = await read(hub, search).catch(() => undefined);
  const names = Array.isArray(found?.body) ? found.body.map((entry: { id?: unknown }) => String(entry?.id)) : [];
  const near = nearestFirst(names, `${owner}/${repo}`).slice(0, 5);
  const hint =
    near.length === 0 ? "Check the name at the hub." : `Near it are: ${near.map((id) => `hf:${id}`).join(", ")}.`;
  const gated = `If it exists, accept its licence at ${hub.url}/${owner}/${repo} and set HF_TOKEN.`;
  return new StepFailure(`${hub.url} gives no model ${owner}/${repo} (${status})`, {
    code: "environment",
    remedy: "ask",
    hint: status === 404 ? hint : `${gated} ${hint}`,
  });
}

function noQuant({ owner, repo, quant }: HubName, files: readonly Listed[]): StepFailure {
  const there = nearestFirst(quantsIn(files.map(({ path }) => path)), quant ?? "Q4_K_M");
  const what = there.length === 0 ? "it holds no GGUF file" : `it has ${there.join(", ")}`;
  return new StepFailure(`${owner}/${repo} has no ${quant ?? "Q4_K_M"}; ${what}`, {
    code: "environment",
    remedy: "ask",
    hint: there.length === 0 ? "Look for a GGUF version of it." : `Write one of these: hf:${owner}/${repo}:${there[0]}`,
  });
}
