import { join } from "node:path";
import { z } from "zod";
import { ollamaEmbed } from "../adapters/models/ollama/embed.ts";
import { serverAccess } from "../adapters/models/server-access.ts";
import { type IndexStore, openIndexStore } from "../adapters/retrieval/local/index-store.ts";
import { KeptFile } from "../adapters/retrieval/local/tree-texts.ts";
import { type CodeSearch, type Embedding, fusedSearch, vectorIndex } from "../adapters/retrieval/local/vector-index.ts";
import type { WordIndex } from "../adapters/retrieval/local/word-index.ts";
import type { Config } from "../domain/config.ts";
import { backendOf } from "../domain/known-backends.ts";
import { placeOfModel, reachOf } from "../domain/network.ts";
import { InputError } from "../domain/step-failure.ts";
import { noteVectors } from "./index-notes.ts";
import { readVerdict } from "./index-verdict.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Folder of the project's index. */
export function indexDir(stateDir: string): string {
  return join(stateDir, "cache", "index");
}

/** What was found in files, by blob. */
export function openFileStore(stateDir: string): Promise<IndexStore<KeptFile>> {
  return openIndexStore(join(indexDir(stateDir), "files.jsonl"), KeptFile);
}

/** Vectors by the digest of model and text. */
export function openVectorStore(stateDir: string, model: string): Promise<IndexStore<string>> {
  const name = model.replace(/[^\w.-]+/g, "-");
  return openIndexStore(join(indexDir(stateDir), `vectors-${name}.jsonl`), z.string());
}

/**
 * The embedding model of the config. Its texts go no further than `network` lets the developer's questions go.
 * @throws InputError when the name leads to no Ollama server; StepFailure when its key is missing
 */
export function embeddingOf(config: Config, env: Environment): Embedding | undefined {
  const name = config.embeddings;
  if (name === undefined) return undefined;
  const to = backendOf(config, name);
  if (to.kind !== "server" || to.server.kind !== "ollama")
    throw new InputError([
      `embeddings: ${name} is no model of an Ollama server${to.kind === "nothing" ? `: ${to.problem}` : "."}`,
    ]);
  const asked = { role: "developer", task: "index" } as const;
  const reach = reachOf(config, asked);
  if (reach.kind !== "anywhere" && placeOfModel(config, name).kind === "cloud")
    throw new InputError([`embeddings: ${name} is refused by \`network: ${config.network}\`: it is a cloud model.`]);
  const access = { ...serverAccess(to.name, to.server, env), reach: () => reach };
  const { model } = to;
  const seconds = config.limits.modelSeconds;
  return { model: name, embed: (texts, as) => ollamaEmbed({ access, model, seconds }, texts, as) };
}

/**
 * The search that takes the words' place in retrieval: words and vectors together, where a model is configured and this
 * repository's own history has shown that it helps. What stands in its way is noted, and shown by `millwright memory`.
 */
export async function betterSearch(
  words: WordIndex,
  { stateDir, config }: { readonly stateDir: string; readonly config: Config },
): Promise<CodeSearch | undefined> {
  if (config.embeddings === undefined) return undefined;
  const verdict = await readVerdict(stateDir);
  if (verdict?.model !== config.embeddings || verdict.verdict.kind !== "better") return undefined;
  try {
    const embedding = embeddingOf(config, process.env);
    if (embedding === undefined) return undefined;
    const vectors = await vectorIndex(words.entries, embedding, await openVectorStore(stateDir, embedding.model));
    await noteVectors(stateDir, { used: true, why: "" });
    return steadfast(fusedSearch(words, vectors), words, stateDir);
  } catch (error) {
    await noteVectors(stateDir, { used: false, why: said(error) });
    return undefined;
  }
}

/** A search that goes on with the words when the model's server goes away, and notes it. */
function steadfast(search: CodeSearch, words: WordIndex, stateDir: string): CodeSearch {
  return {
    async search(text, most) {
      try {
        return await search.search(text, most);
      } catch (error) {
        await noteVectors(stateDir, { used: false, why: said(error) });
        return words.search(text, most);
      }
    },
  };
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
