/** Stands in for an agent that asks its model once and hands on what it said, as Claude Code's events. */
import { readFileSync } from "node:fs";

const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
say({ type: "system", subtype: "init", session_id: "s1", model: "test-model" });
const response = await fetch(`${process.env.ANTHROPIC_BASE_URL}/v1/messages`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({
    model: "test-model",
    max_tokens: 1000,
    messages: [{ role: "user", content: readFileSync(0, "utf8") }],
  }),
});
const { content, usage } = await response.json();
say({ type: "result", subtype: "success", is_error: false, result: content.map(({ text }) => text).join(""), usage });
