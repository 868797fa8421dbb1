import { createHash } from "node:crypto";
import { appendFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Config } from "../../domain/config.ts";
import { mayCall } from "../../domain/connectors/allowed.ts";
import type { Caller } from "../../domain/connectors/connector-config.ts";
import { hostOf, isListed, isLoopback } from "../../domain/network.ts";
import { redact } from "../../domain/redact.ts";
import { InputError } from "../../domain/step-failure.ts";

/** Where connectors are called from. */
export interface ConnectPlace {
  readonly root: string;
  readonly stateDir: string;
  readonly config: Pick<Config, "connectors" | "notify" | "network" | "localHosts">;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface ConnectorCall {
  readonly caller: Caller;
  readonly connector: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/**
 * Calls a tool if the config allows it to this caller, and writes down what was asked and the digest of what came back, without
 * secrets, in `.millwright/connectors.jsonl`. @throws InputError when it is not allowed; StepFailure when it does not answer
 */
export async function callConnector(call: ConnectorCall, place: ConnectPlace): Promise<string> {
  const connector = place.config.connectors[call.connector];
  if (connector === undefined) throw new InputError([`There is no connector ${call.connector} in millwright.yaml.`]);
  const record = recorder(call, place);
  const refusal = refusalOf(call, place);
  if (refusal !== undefined) {
    await record({ ended: "refused", reason: refusal });
    throw new InputError([refusal]);
  }
  const { callTool } = await import("../../adapters/mcp/connect.ts");
  try {
    const { connector: name, tool } = call;
    const text = await callTool({ ...call, name, tool, connector, env: place.env, cwd: place.root });
    await record({
      ended: "answered",
      sha256: createHash("sha256").update(text).digest("hex"),
      characters: text.length,
    });
    return text;
  } catch (error) {
    await record({ ended: "failed", reason: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

function refusalOf({ caller, connector: name, tool }: ConnectorCall, { config }: ConnectPlace): string | undefined {
  const connector = config.connectors[name];
  if (connector === undefined || !mayCall(connector, caller, tool))
    return `${caller} may not call ${name}.${tool}: connectors.${name}.roles.${caller} does not list it.`;
  if (config.network === "open" || connector.url === undefined) return undefined;
  const host = hostOf(connector.url);
  const isLocal = host === "localhost" || isLoopback(host) || isListed(host, config.localHosts);
  return isLocal ? undefined : `${name} is at ${host}, and network: ${config.network} lets nothing leave this machine.`;
}

function recorder({ caller, connector: name, tool, arguments: given }: ConnectorCall, place: ConnectPlace) {
  const path = join(place.stateDir, "connectors.jsonl");
  const clean = (value: unknown) => withoutSecrets(JSON.stringify(value), name, place);
  return async (end: object) => {
    const about = { at: new Date().toISOString(), caller, connector: name, tool, arguments: given };
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, `${clean({ ...about, ...end })}\n`);
  };
}

/** What looks like a secret, and the values of the variables that the connector gets, whatever they look like. */
function withoutSecrets(text: string, name: string, { config, env }: ConnectPlace): string {
  const connector = config.connectors[name];
  const names = [...(connector?.env ?? []), ...(connector?.key === undefined ? [] : [connector.key])];
  const values = names.flatMap((key) => env[key] ?? []).filter((value) => value.length >= 4);
  const written = values.map((value) => JSON.stringify(value).slice(1, -1));
  return redact(written.reduce((left, value) => left.replaceAll(value, "[redacted]"), text));
}
