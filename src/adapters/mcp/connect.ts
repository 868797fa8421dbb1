import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { Connector } from "../../domain/connectors/connector-config.ts";
import { StepFailure } from "../../domain/step-failure.ts";

/** One call of a tool of a configured MCP server. */
export interface ToolCall {
  /** The server's name in the config, for messages. */
  readonly name: string;
  readonly connector: Connector;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where a server that is a program is started. */
  readonly cwd: string;
}

/**
 * Connects, calls the tool once, and lets go of the server again. Answers the text of its result.
 * @throws StepFailure `environment` when the server cannot be reached, refuses or takes longer than the connector allows
 */
export async function callTool(call: ToolCall): Promise<string> {
  const { name, connector, tool } = call;
  const timeout = connector.seconds * 1000;
  try {
    const client = await connected(call, timeout);
    try {
      const result = await client.callTool({ name: tool, arguments: { ...call.arguments } }, undefined, { timeout });
      const text = textOf(result.content);
      if (result.isError) throw new Error(text || "it answered with an error");
      return text;
    } finally {
      await client.close();
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StepFailure(`The connector ${name} did not answer ${tool}: ${why}`, {
      code: "environment",
      remedy: "ask",
      hint: `See that connectors.${name} of millwright.yaml is right and that its server runs.`,
      cause,
    });
  }
}

async function connected(call: ToolCall, timeout: number): Promise<Client> {
  const { Client } = await import("@modelcontextprotocol/sdk/client/index.js");
  const client = new Client({ name: "millwright", version: "0" });
  await client.connect(await transportOf(call), { timeout });
  return client;
}

async function transportOf({ connector, env, cwd }: ToolCall): Promise<Transport> {
  if (connector.url !== undefined) {
    const { StreamableHTTPClientTransport } = await import("@modelcontextprotocol/sdk/client/streamableHttp.js");
    const token = connector.key === undefined ? undefined : env[connector.key];
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return new StreamableHTTPClientTransport(new URL(connector.url), { requestInit: { headers } }) as Transport;
  }
  const { StdioClientTransport } = await import("@modelcontextprotocol/sdk/client/stdio.js");
  const [command = "", ...args] = connector.command ?? [];
  // Only what is named is handed on: the rest of the environment is none of its business.
  const named = ["PATH", "HOME", ...connector.env].flatMap((key) => (env[key] === undefined ? [] : [[key, env[key]]]));
  return new StdioClientTransport({ command, args, cwd, env: Object.fromEntries(named), stderr: "ignore" });
}

function textOf(content: unknown): string {
  const parts = Array.isArray(content)
    ? (content as readonly { readonly type?: string; readonly text?: string }[])
    : [];
  return parts.flatMap((part) => (part.type === "text" && typeof part.text === "string" ? [part.text] : [])).join("\n");
}
