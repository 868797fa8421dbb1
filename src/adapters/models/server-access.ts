import { Server } from "../../domain/model-config.ts";
import { StepFailure } from "../../domain/step-failure.ts";

/** A model server as the config names it, with all that is needed to talk to it. */
export interface ServerAccess {
  readonly name: string;
  readonly kind: Server["kind"];
  /** Without a slash at the end. OpenAI-compatible: up to and with `/v1`; Ollama: without `/api`. */
  readonly url: string;
  /** Of the config, with the key. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Where Ollama listens when the config does not say otherwise. */
export const OLLAMA_DEFAULT: Server = Server.parse({ kind: "ollama", url: "http://127.0.0.1:11434" });

/**
 * How to talk to a configured server.
 * @throws StepFailure `environment` naming the variable when the key's variable is empty or not set.
 */
export function serverAccess(
  name: string,
  server: Pick<Server, "kind" | "url" | "key" | "headers">,
  env: Readonly<Record<string, string | undefined>>,
): ServerAccess {
  const url = server.kind === "ollama" ? ollamaUrl(server.url) : openAiUrl(server.url);
  if (server.key === undefined) return { name, kind: server.kind, url, headers: server.headers };
  const key = env[server.key]?.trim();
  if (key === undefined || key === "") throw keyMissing(name, server.key);
  return { name, kind: server.kind, url, headers: { authorization: `Bearer ${key}`, ...server.headers } };
}

function keyMissing(name: string, variable: string): StepFailure {
  return new StepFailure(`the key of server \`${name}\` is missing: the environment variable ${variable} is not set`, {
    code: "environment",
    remedy: "ask",
    hint: `Set ${variable} to the key and run again, or correct servers.${name}.key in millwright.yaml.`,
  });
}

function openAiUrl(url: string): string {
  const plain = url.replace(/\/+$/, "").replace(/\/chat\/completions$/, "");
  return new URL(plain).pathname === "/" ? `${plain}/v1` : plain;
}

function ollamaUrl(url: string): string {
  return url.replace(/\/+$/, "").replace(/\/(api|v1)$/, "");
}

/** What a person does when nothing answers there. */
export function startHint(access: ServerAccess): string {
  const correct = `correct servers.${access.name}.url in millwright.yaml`;
  if (access.kind === "ollama") return `Start it with \`ollama serve\`, or ${correct}.`;
  if (access.url.startsWith("https:")) return `Check the network, or ${correct}.`;
  const servers = "for example `llama-server`, `vllm serve` or LM Studio's local server";
  return `Start the server that should listen on ${access.url} (${servers}), or ${correct}.`;
}
