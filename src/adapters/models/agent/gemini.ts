import type { AgentCli, CliStart, SessionPlan } from "./agent-cli.ts";
import type { AgentEvent } from "./agent-event.ts";
import { countIn, type Json, objectIn, textIn } from "./json-value.ts";

/** Gemini CLI, `gemini -p` with a stream of JSON lines. */
export const GEMINI: AgentCli = {
  program: "gemini",
  install: "npm i -g @google/gemini-cli",
  minimum: "0.50.0",
  endpoint: "https://generativelanguage.googleapis.com",
  start,
  read,
};

const SETTINGS = {
  security: { auth: { selectedType: "gemini-api-key" } },
  privacy: { usageStatisticsEnabled: false },
  telemetry: { enabled: false },
  general: { enableAutoUpdate: false, enableAutoUpdateNotification: false, maxAttempts: 1 },
};

function start(plan: SessionPlan): CliStart {
  return {
    args: [
      ...(plan.model === undefined ? [] : ["-m", plan.model]),
      ...(plan.resume === undefined ? [] : ["--resume", "latest"]),
      ...["--approval-mode", approvals(plan), "--skip-trust", "-o", "stream-json", "-p", ""],
    ],
    env: {
      GOOGLE_GEMINI_BASE_URL: plan.url,
      ...(plan.key === undefined ? {} : { GEMINI_API_KEY: plan.key }),
      GEMINI_TELEMETRY_ENABLED: "false",
    },
    files: plan.key === undefined ? {} : { ".gemini/settings.json": JSON.stringify(SETTINGS) },
  };
}

/** Without a sandbox it gets no shell: its edits stay in the folder, a shell's need not. */
function approvals(plan: SessionPlan): string {
  if (plan.work === "answer") return "default";
  return plan.guarded ? "yolo" : "auto_edit";
}

function read(line: Json): readonly AgentEvent[] {
  switch (line.type) {
    case "init":
      return [
        { kind: "session", id: textIn(line.session_id) },
        { kind: "model", name: textIn(line.model) },
      ];
    case "message":
      if (line.role !== "assistant") return [];
      return [{ kind: "said", text: textIn(line.content), how: line.delta === true ? "piece" : "whole" }];
    case "tool_use":
      return [
        { kind: "doing", what: `${textIn(line.tool_name)} ${textIn(objectIn(line.parameters).file_path)}`.trim() },
      ];
    case "error":
      return line.severity === "warning" ? [] : [{ kind: "failed", why: textIn(line.message) }];
    case "result":
      return result(line);
    default:
      return [];
  }
}

function result(line: Json): readonly AgentEvent[] {
  const stats = objectIn(line.stats);
  const tokens = {
    input: countIn(stats.input_tokens),
    output: countIn(stats.output_tokens),
    cached: countIn(stats.cached),
  };
  const counted: AgentEvent = { kind: "usage", of: "all", tokens };
  if (line.status === "success") return [counted, { kind: "done" }];
  return [counted, { kind: "failed", why: textIn(objectIn(line.error).message) || "an error without words" }];
}
