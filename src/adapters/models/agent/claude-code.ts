import type { AgentCli, CliStart, SessionPlan } from "./agent-cli.ts";
import type { AgentEvent, Tokens } from "./agent-event.ts";
import { countIn, type Json, listIn, objectIn, textIn } from "./json-value.ts";

/** Claude Code, `claude -p` with a stream of JSON lines. */
export const CLAUDE_CODE: AgentCli = {
  program: "claude",
  install: "npm i -g @anthropic-ai/claude-code",
  minimum: "2.1.0",
  endpoint: "https://api.anthropic.com",
  start,
  read,
};

function start(plan: SessionPlan): CliStart {
  const tools = plan.work === "write" ? "Read,Edit,Write,Glob,Grep,Bash" : "";
  return {
    args: [
      ...["-p", "--output-format", "stream-json", "--verbose"],
      ...(plan.model === undefined ? [] : ["--model", plan.model]),
      ...(plan.resume === undefined ? [] : ["--resume", plan.resume]),
      ...["--tools", tools, "--strict-mcp-config", "--setting-sources", ""],
      ...(plan.work === "write" ? ["--permission-mode", "acceptEdits"] : []),
      ...(plan.work === "write" && plan.guarded ? ["--allowedTools", "Bash"] : []),
      // Bare leaves out what the brief holds already, and a login: only a key lets it in.
      ...(plan.key === undefined ? [] : ["--bare"]),
    ],
    env: {
      ANTHROPIC_BASE_URL: plan.url,
      ...(plan.key === undefined ? {} : { ANTHROPIC_API_KEY: plan.key }),
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      CLAUDE_CODE_MAX_RETRIES: "0",
      DISABLE_AUTOUPDATER: "1",
      DISABLE_TELEMETRY: "1",
      DISABLE_ERROR_REPORTING: "1",
      ...(plan.guarded ? { IS_SANDBOX: "1" } : {}),
    },
    files: {},
  };
}

function read(line: Json): readonly AgentEvent[] {
  if (line.type === "system" && line.subtype === "init") {
    return [
      { kind: "session", id: textIn(line.session_id) },
      { kind: "model", name: textIn(line.model) },
    ];
  }
  if (line.type === "system" && line.subtype === "api_retry") {
    return [{ kind: "doing", what: `asks its model again: ${textIn(line.error)}` }];
  }
  if (line.type === "assistant") return listIn(objectIn(line.message).content).flatMap(part);
  return line.type === "result" ? result(line) : [];
}

function part(content: Json): readonly AgentEvent[] {
  if (content.type === "text") return [{ kind: "said", text: textIn(content.text), how: "whole" }];
  if (content.type !== "tool_use") return [];
  const input = objectIn(content.input);
  const about = textIn(input.file_path) || textIn(input.command) || textIn(input.pattern);
  return [{ kind: "doing", what: `${textIn(content.name)} ${about}`.trim() }];
}

function result(line: Json): readonly AgentEvent[] {
  const text = textIn(line.result);
  const counted: AgentEvent = { kind: "usage", of: "all", tokens: tokensOf(objectIn(line.usage)) };
  if (line.is_error === true || line.subtype !== "success") {
    return [counted, { kind: "failed", why: text || textIn(line.subtype) || "an error without words" }];
  }
  return [counted, ...(text === "" ? [] : [{ kind: "said", text, how: "whole" } as const]), { kind: "done" }];
}

function tokensOf(usage: Json): Tokens {
  const cached = countIn(usage.cache_read_input_tokens);
  const fresh = countIn(usage.input_tokens) + countIn(usage.cache_creation_input_tokens);
  return { input: fresh + cached, output: countIn(usage.output_tokens), cached };
}
