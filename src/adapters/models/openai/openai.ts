import type { Backend } from "../backend.ts";
import { type ServerBackend, serverBackend } from "../server-backend.ts";

/** A model behind OpenAI's responses. Nothing is stored there, and a run's roles have each their own place in the prompt cache. */
export function openAi(options: ServerBackend): Backend {
  const { access, model } = options;
  return serverBackend(options, {
    address:
      "the address of OpenAI's API (it ends in /v1; a server that knows only chat completions is of kind openai-compatible)",
    async open(fetch, { run, role, schema }) {
      const { createOpenAI } = await import("@ai-sdk/openai");
      return {
        model: createOpenAI({ name: access.name, baseURL: access.url, apiKey: "in the headers", fetch }).responses(
          model,
        ),
        providerOptions: {
          openai: {
            store: false,
            strictJsonSchema: isStrict(schema),
            promptCacheKey: `${run.slice(-40)}-${role}`,
          },
        },
      };
    },
  });
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
}

/** True when OpenAI can hold a model to a schema: every object closed, and each of its members required. */
export function isStrict(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null) return true;
  if (Array.isArray(schema)) return schema.every(isStrict);
  const { properties, required = [], additionalProperties } = schema as ObjectSchema;
  const closed = properties === undefined || (additionalProperties === false && allIn(properties, required));
  return closed && Object.values(schema).every(isStrict);
}

function allIn(properties: Readonly<Record<string, unknown>>, required: readonly string[]): boolean {
  return Array.isArray(required) && Object.keys(properties).every((name) => required.includes(name));
}
