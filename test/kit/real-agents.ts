import type { Agent } from "../../src/domain/model-config.ts";
import type { ModelServer } from "./model-server.ts";
import type { ToolCall } from "./seen-request.ts";

/** How each real program writes a file with the tools that it offers a model. */
export interface RealAgent {
  readonly kind: Exclude<Agent["kind"], "acp">;
  readonly program: string;
  readonly model: string;
  readonly url: (server: ModelServer) => string;
  readonly write: (path: string, text: string) => ToolCall;
}

const shell = (path: string, text: string) => `mkdir -p $(dirname ${path}); cat > ${path} <<'END'\n${text}END\n`;

export const REAL_AGENTS: readonly RealAgent[] = [
  {
    kind: "claude-code",
    program: "claude",
    model: "opus",
    url: ({ url }) => url,
    write: (path, text) => ({ name: "Bash", input: { command: shell(path, text), description: "write" } }),
  },
  {
    kind: "codex",
    program: "codex",
    model: "gpt-5.1-codex",
    url: ({ openAiUrl }) => openAiUrl,
    write: (path, text) => ({ name: "exec_command", input: { cmd: shell(path, text) } }),
  },
  {
    kind: "pi",
    program: "pi",
    model: "local/test-model",
    url: ({ openAiUrl }) => openAiUrl,
    write: (path, text) => ({ name: "write", input: { path, content: text } }),
  },
  {
    kind: "opencode",
    program: "opencode",
    model: "local/test-model",
    url: ({ openAiUrl }) => openAiUrl,
    write: (path, text) => ({ name: "write", input: { filePath: `/target/${path}`, content: text } }),
  },
  {
    kind: "gemini",
    program: "gemini",
    model: "gemini-2.5-pro",
    url: ({ url }) => url,
    write: (path, text) => ({ name: "write_file", input: { file_path: `/target/${path}`, content: text } }),
  },
];
