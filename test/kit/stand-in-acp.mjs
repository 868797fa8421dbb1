/** Stands in for an agent that speaks ACP: `node stand-in-acp.mjs <behaviour>`. */
import { createInterface } from "node:readline";

const behaviour = process.argv[2];
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
const waiting = new Map();
let ids = 0;
const ask = (method, params) =>
  new Promise((resolve) => {
    ids += 1;
    waiting.set(ids, resolve);
    send({ id: ids, method, params });
  });
const update = (value) => send({ method: "session/update", params: { sessionId: "s1", update: value } });
const says = (text) => update({ sessionUpdate: "agent_message_chunk", content: { type: "text", text } });
const permission = (path, kind = "edit") =>
  ask("session/request_permission", {
    sessionId: "s1",
    toolCall: { toolCallId: path, kind, title: path, locations: [{ path }] },
    options: [
      { optionId: "yes", name: "Yes", kind: "allow_once" },
      { optionId: "always", name: "Always", kind: "allow_always" },
      { optionId: "no", name: "No", kind: "reject_once" },
    ],
  });

if (behaviour === "banner") process.stdout.write("Hello! This is an agent.\n{ half\n");
if (behaviour === "only-a-banner") {
  process.stdout.write("Usage: agent [--acp]\n");
  process.exit(0);
}
if (behaviour === "dies-at-once") process.exit(3);

async function prompted(params) {
  const prompt = params.prompt.map(({ text }) => text).join("");
  switch (behaviour) {
    case "dies":
      return process.exit(9);
    case "hangs":
      process.on("SIGTERM", () => undefined);
      return new Promise(() => setInterval(() => undefined, 1000));
    case "echo":
      says(prompt.slice(0, 20));
      says(prompt.slice(20));
      return { stopReason: "end_turn" };
    case "refuses":
      return { stopReason: "refusal" };
    case "violates":
      return { stop: "yes" };
    case "permissions": {
      const asked = [];
      for (const [path, kind] of [
        ["/target/src/a.js"],
        ["/target/package.json"],
        ["/etc/passwd"],
        ["x", "fetch"],
        ["ls", "execute"],
      ]) {
        const { result } = await permission(path, kind);
        asked.push(`${path}: ${result.outcome.optionId}`);
      }
      says(JSON.stringify(asked));
      return { stopReason: "end_turn" };
    }
    default: {
      const before = await ask("fs/read_text_file", { sessionId: "s1", path: "/target/src/new.js" });
      update({
        sessionUpdate: "tool_call",
        toolCallId: "t1",
        title: "Write src/new.js",
        kind: "edit",
        status: "pending",
      });
      await ask("fs/write_text_file", {
        sessionId: "s1",
        path: "/target/src/new.js",
        content: `export const x = 1; // ${before.result.content.length}\n`,
      });
      const outside = await ask("fs/write_text_file", {
        sessionId: "s1",
        path: "/target/../etc/stand-in",
        content: "x",
      });
      says("Wrote it. ");
      says(outside.error ? "Outside was refused." : "Outside was written!");
      return {
        stopReason: "end_turn",
        usage: { inputTokens: 30, outputTokens: 4, totalTokens: 34, cachedReadTokens: 10 },
      };
    }
  }
}

const METHODS = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion: behaviour === "old" ? 99 : protocolVersion,
    agentCapabilities: {},
    authMethods: [],
  }),
  "session/new": () => {
    if (behaviour === "login") throw { code: -32000, message: "Authentication required" };
    return { sessionId: "s1" };
  },
  "session/prompt": prompted,
};

createInterface({ input: process.stdin }).on("line", async (line) => {
  const message = JSON.parse(line);
  if (message.method === undefined) return waiting.get(message.id)?.(message);
  if (message.id === undefined) return;
  const method = METHODS[message.method];
  if (method === undefined) return send({ id: message.id, error: { code: -32601, message: "no such method" } });
  try {
    send({ id: message.id, result: await method(message.params) });
  } catch (error) {
    send({ id: message.id, error });
  }
});
