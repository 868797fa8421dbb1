import type { AgentEvent } from "../agent-event.ts";
import { countIn, type Json, objectIn, textIn } from "../json-value.ts";

/** What a `session/update` means. */
export function eventsOfUpdate(update: unknown): readonly AgentEvent[] {
  const seen = objectIn(update);
  switch (seen.sessionUpdate) {
    case "agent_message_chunk":
      return [{ kind: "said", text: textIn(objectIn(seen.content).text), how: "piece" }];
    case "tool_call":
      return [{ kind: "doing", what: textIn(seen.title) || textIn(seen.kind) || "uses a tool" }];
    default:
      return [];
  }
}

/** What the answer to a prompt means: how the turn ended, and its usage where the agent tells it. */
export function eventsOfResult(result: unknown): readonly AgentEvent[] {
  const seen = objectIn(result);
  const usage = usageIn(seen);
  switch (seen.stopReason) {
    case "end_turn":
    case "max_tokens":
    case "max_turn_requests":
      return [...usage, { kind: "done" }];
    case "refusal":
      return [...usage, { kind: "failed", why: "its model refused to answer" }];
    default:
      return [...usage, { kind: "failed", why: `it ended with ${textIn(seen.stopReason) || "no reason"}` }];
  }
}

/** Agents tell their usage in places of their own. */
function usageIn(result: Json): readonly AgentEvent[] {
  const meta = objectIn(result._meta);
  const quota = objectIn(objectIn(meta.quota).token_count);
  const told = [objectIn(result.usage), objectIn(meta.usage), quota].find((one) => Object.keys(one).length > 0);
  if (told === undefined) return [];
  const cached = countIn(told.cachedReadTokens ?? told.cached_tokens);
  const fresh = countIn(told.inputTokens ?? told.input_tokens) + countIn(told.cachedWriteTokens);
  const output = countIn(told.outputTokens ?? told.output_tokens);
  return [{ kind: "usage", of: "all", tokens: { input: Math.max(fresh, cached), output, cached } }];
}
