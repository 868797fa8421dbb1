/**
 * A real MCP server over stdio that stands in for a tracker and a chat: `node tracker-server.mjs <folder>`. Issues are read from
 * `<folder>/issues.json`; what it is told is appended to `<folder>/told.jsonl`.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { z } from "zod";

const folder = process.argv[2];
const tell = (what) => appendFileSync(join(folder, "told.jsonl"), `${JSON.stringify(what)}\n`);
tell({ environment: Object.keys(process.env).sort() });

const server = new McpServer({ name: "tracker", version: "1" });
server.registerTool("get_issue", { inputSchema: { id: z.string() } }, ({ id }) => {
  const issue = JSON.parse(readFileSync(join(folder, "issues.json"), "utf8"))[id];
  if (issue === undefined) return { isError: true, content: [{ type: "text", text: `no issue ${id}` }] };
  return { content: [{ type: "text", text: JSON.stringify(issue) }] };
});
for (const [name, shape] of Object.entries({
  create_comment: { id: z.string(), body: z.string() },
  post_message: { channel: z.string().optional(), text: z.string() },
  delete_everything: {},
}))
  server.registerTool(name, { inputSchema: shape }, (given) => {
    tell({ tool: name, ...given });
    if (given.channel === "broken") return { isError: true, content: [{ type: "text", text: "channel is broken" }] };
    return { content: [{ type: "text", text: "ok" }] };
  });
await server.connect(new StdioServerTransport());
