import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { type ModelServer, startModelServer } from "./model-server.ts";
import type { SeenRequest } from "./seen-request.ts";
import { SUMS_CONFIG, sums } from "./sums.ts";
import type { Target } from "./target.ts";

/** A target whose models are all one loopback server, which answers as a script does. */
export interface Served {
  readonly server: ModelServer;
  readonly target: Target;
  /** Who was asked, in order: `task role attempt`. */
  asked(): readonly string[];
  close(): Promise<void>;
}

export interface ServedOptions {
  readonly script: Script;
  readonly kind?: "openai-compatible" | "ollama";
  /** Lines of millwright.yaml beside the models. */
  readonly config?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Happens before a request is answered. */
  readonly before?: (request: SeenRequest) => void | Promise<void>;
}

export async function served({ script, kind = "openai-compatible", ...options }: ServedOptions): Promise<Served> {
  const server = await startModelServer({
    models: ["test-model"],
    answer: async (request) => {
      await options.before?.(request);
      const { role, task, attempt, user, system } = request;
      return String(await script({ role, task, attempt, user, system } as never));
    },
  });
  const url = kind === "ollama" ? server.url : server.openAiUrl;
  const config =
    (options.config ?? SUMS_CONFIG).replace("default: mailbox", "default: local/test-model") +
    `servers: { local: { kind: ${kind}, url: "${url}" } }\n`;
  const target = sums({ ...options.files, "millwright.yaml": config });
  return {
    server,
    target,
    asked: () => server.chats.map(({ task, role, attempt }) => `${task} ${role} ${attempt}`),
    async close() {
      await server.close();
      target.remove();
    },
  };
}
