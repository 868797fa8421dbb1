import { Server } from "../../../domain/model-config.ts";
import type { Backend } from "../backend.ts";
import { crowd } from "../turns.ts";
import { type OpenOllama, openOllama } from "./open-ollama.ts";

/** One model behind an Ollama server that nothing else of the run uses. */
export function ollama(options: Omit<OpenOllama, "server" | "crowd"> & { readonly model: string }): Backend {
  const server = Server.parse({ kind: "ollama", url: options.access.url });
  return openOllama({ ...options, server, crowd: crowd() }).backend(options.model);
}
