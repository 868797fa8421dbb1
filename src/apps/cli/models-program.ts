import type { Command } from "commander";
import type { Session } from "./session.ts";

type Work = (session: Session, words: readonly string[], options: object) => Promise<number>;
type Act = (work: Work) => (...all: readonly unknown[]) => Promise<void>;

/** The commands that look at models and fetch one. */
export function addModels(program: Command, act: Act): void {
  const models = program
    .command("models")
    .description("every model of the config: reachable, loaded, context, price; and what else could be asked here")
    .addHelpText("after", examples("models", "models --json | jq .models"))
    .action(act(async (session) => (await import("./commands/models.ts")).models(session)));
  models
    .command("fetch")
    .argument("[name]", "hf:owner/repo:quant; default: the best that fits into this machine's memory")
    .description("install llama.cpp and fetch a model that runs on this machine, without a server")
    .addHelpText("after", examples("models fetch", "models fetch hf:Qwen/Qwen2.5-Coder-7B-Instruct-GGUF:Q4_K_M"))
    .action(
      act(async (session, [name]) => (await import("./commands/offer.ts")).fetchModels(session, name || undefined)),
    );
}

function examples(...calls: readonly string[]): string {
  return `\nExamples:\n${calls.map((call) => `  $ millwright ${call}`).join("\n")}`;
}
