import { type AgentCli, type CliStart, KEY_VARIABLE, type SessionPlan } from "./agent-cli.ts";
import type { AgentEvent } from "./agent-event.ts";
import { countIn, type Json, objectIn, textIn } from "./json-value.ts";

/** OpenCode, `opencode run --format json`; a model is `provider/model`. */
export const OPENCODE: AgentCli = {
  program: "opencode",
  install: "npm i -g opencode-ai",
  minimum: "1.10.0",
  endpoint: undefined,
  start,
  read,
};

function start(plan: SessionPlan): CliStart {
  const [provider = "", ...name] = (plan.model ?? "").split("/");
  const model = name.join("/");
  const own = {
    npm: "@ai-sdk/openai-compatible",
    options: { baseURL: plan.url, ...(plan.key === undefined ? {} : { apiKey: `{env:${KEY_VARIABLE}}` }) },
    models: { [model]: {} },
  };
  return {
    args: [
      ...["run", "--format", "json", "--pure", "--title", "millwright"],
      ...(plan.model === undefined ? [] : ["-m", plan.model]),
      ...(plan.resume === undefined ? [] : ["-s", plan.resume]),
      ...(plan.work === "write" && plan.guarded ? ["--auto"] : []),
    ],
    env: {
      OPENCODE_CONFIG_CONTENT: JSON.stringify({
        autoupdate: false,
        share: "disabled",
        snapshot: false,
        permission: permissions(plan),
        ...(plan.model === undefined ? {} : { provider: { [provider]: own } }),
      }),
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
    },
    files: {},
  };
}

function permissions(plan: SessionPlan): Readonly<Record<string, string>> {
  const shell = plan.work === "write" && plan.guarded ? "allow" : "deny";
  const edit = plan.work === "write" ? "allow" : "deny";
  return { edit, bash: shell, webfetch: "deny", external_directory: "deny" };
}

function read(line: Json): readonly AgentEvent[] {
  const part = objectIn(line.part);
  const session: readonly AgentEvent[] =
    line.type === "step_start" ? [{ kind: "session", id: textIn(line.sessionID) }] : [];
  switch (line.type) {
    case "text":
      return [{ kind: "said", text: textIn(part.text), how: "whole" }];
    case "tool_use":
      return [{ kind: "doing", what: `${textIn(part.tool)} ${textIn(objectIn(part.state).title)}`.trim() }];
    case "step_finish":
      return finished(part);
    case "error":
      return [{ kind: "failed", why: errorIn(objectIn(line.error)) }];
    default:
      return session;
  }
}

function finished(part: Json): readonly AgentEvent[] {
  const tokens = objectIn(part.tokens);
  const cached = countIn(objectIn(tokens.cache).read);
  const fresh = countIn(tokens.input) + countIn(objectIn(tokens.cache).write);
  const usage: AgentEvent = {
    kind: "usage",
    of: "request",
    tokens: { input: fresh + cached, output: countIn(tokens.output) + countIn(tokens.reasoning), cached },
  };
  return part.reason === "tool-calls" ? [usage] : [usage, { kind: "done" }];
}

function errorIn(error: Json): string {
  return (
    textIn(objectIn(error.data).message) || textIn(error.message) || textIn(error.name) || "an error without words"
  );
}
