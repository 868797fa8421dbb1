import { type AgentCli, type CliStart, KEY_VARIABLE, type SessionPlan } from "./agent-cli.ts";
import type { AgentEvent } from "./agent-event.ts";
import { countIn, type Json, listIn, objectIn, textIn } from "./json-value.ts";

/** pi, `pi -p --mode json`; a model is `provider/model`. */
export const PI: AgentCli = {
  program: "pi",
  install: "npm i -g @earendil-works/pi-coding-agent",
  minimum: "0.70.0",
  endpoint: undefined,
  start,
  read,
};

function start(plan: SessionPlan): CliStart {
  const [provider = "", ...name] = (plan.model ?? "").split("/");
  const model = name.join("/");
  const own = {
    baseUrl: plan.url,
    api: "openai-completions",
    apiKey: KEY_VARIABLE,
    models: [{ id: model }],
  };
  return {
    args: [
      ...["-p", "--mode", "json"],
      ...(plan.model === undefined ? [] : ["--provider", provider, "--model", model]),
      ...(plan.resume === undefined ? [] : ["--session", plan.resume]),
      ...tools(plan),
    ],
    env: { PI_OFFLINE: "1", PI_SKIP_VERSION_CHECK: "1" },
    files: {
      ".pi/agent/settings.json": JSON.stringify({ retry: { enabled: false }, quietStartup: true }),
      ...(plan.model === undefined
        ? {}
        : { ".pi/agent/models.json": JSON.stringify({ providers: { [provider]: own } }) }),
    },
  };
}

/** Without a sandbox it gets no shell. */
function tools(plan: SessionPlan): readonly string[] {
  if (plan.work === "answer") return ["--no-tools"];
  return plan.guarded ? [] : ["--tools", "read,write,edit"];
}

function read(line: Json): readonly AgentEvent[] {
  switch (line.type) {
    case "session":
      return [{ kind: "session", id: textIn(line.id) }];
    case "message_end":
      return message(objectIn(line.message));
    case "tool_execution_start": {
      const args = objectIn(line.args);
      return [{ kind: "doing", what: `${textIn(line.toolName)} ${textIn(args.path) || textIn(args.command)}`.trim() }];
    }
    default:
      return [];
  }
}

function message(said: Json): readonly AgentEvent[] {
  if (said.role !== "assistant") return [];
  const usage = objectIn(said.usage);
  const cached = countIn(usage.cacheRead);
  const text = listIn(said.content)
    .filter(({ type }) => type === "text")
    .map((part) => textIn(part.text))
    .join("");
  const events: readonly AgentEvent[] = [
    { kind: "model", name: textIn(said.model) },
    { kind: "said", text, how: "whole" },
    {
      kind: "usage",
      of: "request",
      tokens: {
        input: countIn(usage.input) + countIn(usage.cacheWrite) + cached,
        output: countIn(usage.output),
        cached,
      },
    },
  ];
  if (said.stopReason === "error" || said.stopReason === "aborted") {
    return [{ kind: "failed", why: textIn(said.errorMessage) || textIn(said.stopReason) }];
  }
  return said.stopReason === "toolUse" ? events : [...events, { kind: "done" }];
}
