import { type AgentCli, type CliStart, KEY_VARIABLE, type SessionPlan } from "./agent-cli.ts";
import type { AgentEvent } from "./agent-event.ts";
import { countIn, type Json, objectIn, textIn } from "./json-value.ts";

/** Codex, `codex exec --json`. */
export const CODEX: AgentCli = {
  program: "codex",
  install: "npm i -g @openai/codex",
  minimum: "0.150.0",
  endpoint: "https://api.openai.com/v1",
  start,
  read,
};

function start(plan: SessionPlan): CliStart {
  const provider = [
    'name="millwright"',
    `base_url=${JSON.stringify(plan.url)}`,
    'wire_api="responses"',
    ...(plan.key === undefined ? ["requires_openai_auth=true"] : [`env_key="${KEY_VARIABLE}"`]),
    "request_max_retries=0",
    "stream_max_retries=0",
  ];
  const settings = [
    'model_provider="millwright"',
    `model_providers.millwright={${provider.join(",")}}`,
    "analytics.enabled=false",
    "check_for_update_on_startup=false",
    "sandbox_workspace_write.exclude_slash_tmp=true",
    "sandbox_workspace_write.exclude_tmpdir_env_var=true",
    'web_search="disabled"',
  ];
  return {
    args: [
      ...["exec", ...(plan.resume === undefined ? [] : ["resume"]), "--json", "--skip-git-repo-check"],
      ...settings.flatMap((setting) => ["-c", setting]),
      ...(plan.model === undefined ? [] : ["-m", plan.model]),
      ...permissions(plan),
      ...(plan.resume === undefined ? [] : [plan.resume]),
      "-",
    ],
    env: { CODEX_HOME: `${plan.home}/.codex` },
    // Its home must be there.
    files: { ".codex/.millwright": "" },
  };
}

/** Inside the mill's sandbox its own cannot be built, and is not needed. */
function permissions(plan: SessionPlan): readonly string[] {
  if (plan.guarded) return ["--dangerously-bypass-approvals-and-sandbox"];
  return ["-c", `sandbox_mode="${plan.work === "write" ? "workspace-write" : "read-only"}"`];
}

function read(line: Json): readonly AgentEvent[] {
  const item = objectIn(line.item);
  switch (line.type) {
    case "thread.started":
      return [{ kind: "session", id: textIn(line.thread_id) }];
    case "item.started":
      return item.type === "command_execution" ? [{ kind: "doing", what: textIn(item.command) }] : [];
    case "item.completed":
      return completed(item);
    case "turn.completed":
      return [{ kind: "usage", of: "all", tokens: tokensOf(objectIn(line.usage)) }, { kind: "done" }];
    case "turn.failed":
      return [{ kind: "failed", why: textIn(objectIn(line.error).message) || "the turn failed" }];
    case "error":
      return [{ kind: "failed", why: textIn(line.message) }];
    default:
      return [];
  }
}

function completed(item: Json): readonly AgentEvent[] {
  if (item.type === "agent_message") return [{ kind: "said", text: textIn(item.text), how: "whole" }];
  return item.type === "file_change" ? [{ kind: "doing", what: "changes files" }] : [];
}

function tokensOf(usage: Json) {
  return {
    input: countIn(usage.input_tokens),
    output: countIn(usage.output_tokens),
    cached: countIn(usage.cached_input_tokens),
  };
}
