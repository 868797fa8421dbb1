import { z } from "zod";
import { StepFailure } from "../../../domain/step-failure.ts";
import { ANYWHERE } from "../reach.ts";
import { reachingFetch } from "../reaching-fetch.ts";
import { reachOfAccess, type ServerAccess } from "../server-access.ts";

/** Whether a text is looked for, or looked through. */
export type EmbeddedAs = "query" | "document";

const Answer = z.object({ embeddings: z.array(z.array(z.number()).min(1)) });
/** Texts in one request. */
const BATCH = 16;

/** What some models were taught to read before a text. */
const PREFIXES: readonly (readonly [RegExp, Readonly<Record<EmbeddedAs, string>>])[] = [
  [/^nomic-embed/, { query: "search_query: ", document: "search_document: " }],
  [
    /^(?:mxbai-embed|snowflake-arctic-embed)/,
    { query: "Represent this sentence for searching relevant passages: ", document: "" },
  ],
];

/**
 * Texts as vectors, by a model of an Ollama server, in batches.
 * @throws StepFailure `model-unreachable` or `model-rejected`
 */
export async function ollamaEmbed(
  { access, model, seconds }: { readonly access: ServerAccess; readonly model: string; readonly seconds: number },
  texts: readonly string[],
  as: EmbeddedAs,
): Promise<readonly Float32Array[]> {
  const prefix = PREFIXES.find(([name]) => name.test(model))?.[1][as] ?? "";
  const found: Float32Array[] = [];
  for (let from = 0; from < texts.length; from += BATCH) {
    const input = texts.slice(from, from + BATCH).map((text) => prefix + text);
    const { embeddings } = await post(access, { model, input, truncate: true }, seconds);
    if (embeddings.length !== input.length)
      throw rejected(access, `${embeddings.length} vectors for ${input.length} texts`);
    found.push(...embeddings.map((numbers) => Float32Array.from(numbers)));
  }
  return found;
}

async function post(access: ServerAccess, body: object, seconds: number): Promise<z.infer<typeof Answer>> {
  const init = {
    method: "POST",
    headers: { "content-type": "application/json", ...access.headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(seconds * 1000),
  };
  const reach = access.reach === undefined ? ANYWHERE : reachOfAccess(access);
  let text: string;
  let ok: boolean;
  try {
    const response = await reachingFetch(`${access.url}/api/embed`, init, reach);
    ok = response.ok;
    text = await response.text();
  } catch (cause) {
    if (cause instanceof StepFailure) throw cause;
    throw new StepFailure(`${access.url} does not answer /api/embed.`, {
      code: "model-unreachable",
      remedy: "retry",
      hint: "Start Ollama, or take `embeddings` out of millwright.yaml.",
      cause,
    });
  }
  const read = ok ? Answer.safeParse(parsed(text)).data : undefined;
  if (read === undefined) throw rejected(access, text.slice(0, 300));
  return read;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function rejected(access: ServerAccess, said: string): StepFailure {
  return new StepFailure(`${access.url}/api/embed answers: ${said}`, {
    code: "model-rejected",
    remedy: "ask",
    hint: "Pull an embedding model there (`ollama pull nomic-embed-text`), or take `embeddings` out of millwright.yaml.",
  });
}
