import { OTHER_KEYS } from "../../domain/known-backends.ts";
import type { ModelRequest } from "../../domain/model-call.ts";
import type { Server } from "../../domain/model-config.ts";
import type { Reach } from "../../domain/network.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import { ANYWHERE } from "./reach.ts";

/** A model server as the config names it, with all that is needed to talk to it. */
export interface ServerAccess {
  readonly name: string;
  readonly kind: Server["kind"];
  /** Without a slash at the end. Ollama: without `/api`; Google: up to and with `/v1beta`; others: up to and with `/v1`. */
  readonly url: string;
  /** Of the config, with the key. */
  readonly headers: Readonly<Record<string, string>>;
  /** How far a question may go; absent: anywhere. */
  readonly reach?: (asked: Pick<ModelRequest, "role" | "task">) => Reach;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** How far a question may go; without a question: as far as any question of a task may. */
export function reachOfAccess(access: ServerAccess, asked?: Pick<ModelRequest, "role" | "task">): Reach {
  return access.reach?.(asked ?? { role: "developer", task: "" }) ?? ANYWHERE;
}

/**
 * How to talk to a configured server.
 * @throws StepFailure `environment` naming the variable when the key's variable is empty or not set.
 */
export function serverAccess(
  name: string,
  server: Pick<Server, "kind" | "url" | "key" | "headers">,
  env: Environment,
): ServerAccess {
  const { kind } = server;
  const url = addressOf(kind, server.url);
  const version = kind === "anthropic" ? { "anthropic-version": "2023-06-01" } : {};
  const headers = { ...version, ...server.headers };
  if (server.key === undefined) return { name, kind, url, headers };
  const key = keyIn(env, server.key);
  if (key === undefined) throw keyMissing(name, server.key);
  return { name, kind, url, headers: { ...keyHeader(kind, key), ...headers } };
}

/** The key that a variable, or one that may stand in its place, holds. */
export function keyIn(env: Environment, variable: string): string | undefined {
  const names = [variable, ...(OTHER_KEYS[variable] ?? [])];
  return names.map((name) => env[name]?.trim()).find((key) => key !== undefined && key !== "");
}

function keyHeader(kind: Server["kind"], key: string): Readonly<Record<string, string>> {
  if (kind === "anthropic") return { "x-api-key": key };
  return kind === "google" ? { "x-goog-api-key": key } : { authorization: `Bearer ${key}` };
}

function keyMissing(name: string, variable: string): StepFailure {
  const names = [variable, ...(OTHER_KEYS[variable] ?? [])].join(" or ");
  return new StepFailure(`the key of server \`${name}\` is missing: the environment variable ${names} is not set`, {
    code: "environment",
    remedy: "ask",
    hint: `Set ${variable} to the key and run again, or correct servers.${name}.key in millwright.yaml.`,
  });
}

const ENDS: Readonly<Record<Server["kind"], { readonly drop: RegExp; readonly add: string }>> = {
  ollama: { drop: /\/(api|v1)$/, add: "" },
  google: { drop: /\/models(\/.*)?$/, add: "/v1beta" },
  anthropic: { drop: /\/messages$/, add: "/v1" },
  openai: { drop: /\/(responses|chat\/completions)$/, add: "/v1" },
  "openai-compatible": { drop: /\/chat\/completions$/, add: "/v1" },
};

function addressOf(kind: Server["kind"], url: string): string {
  const { drop, add } = ENDS[kind];
  const plain = url.replace(/\/+$/, "").replace(drop, "");
  return new URL(plain).pathname === "/" ? plain + add : plain;
}

/** What a person does when nothing answers there. */
export function startHint(access: ServerAccess): string {
  const correct = `correct servers.${access.name}.url in millwright.yaml`;
  if (access.kind === "ollama") return `Start it with \`ollama serve\`, or ${correct}.`;
  if (access.url.startsWith("https:")) return `Check the network, or ${correct}.`;
  const servers = "for example `llama-server`, `vllm serve` or LM Studio's local server";
  return `Start the server that should listen on ${access.url} (${servers}), or ${correct}.`;
}
