import type { Agent } from "../../../domain/model-config.ts";
import type { AgentCli } from "./agent-cli.ts";
import { CLAUDE_CODE } from "./claude-code.ts";
import { CODEX } from "./codex.ts";
import { GEMINI } from "./gemini.ts";
import { OPENCODE } from "./opencode.ts";
import { PI } from "./pi.ts";

/** The programs that are known here by their own output. */
export const AGENT_CLIS: Readonly<Record<Exclude<Agent["kind"], "acp">, AgentCli>> = {
  "claude-code": CLAUDE_CODE,
  codex: CODEX,
  opencode: OPENCODE,
  gemini: GEMINI,
  pi: PI,
};
