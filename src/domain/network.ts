import type { Config } from "./config.ts";
import { backendOf } from "./known-backends.ts";
import type { ModelRequest } from "./model-call.ts";

type NetworkConfig = Pick<Config, "network" | "localHosts" | "servers" | "agents">;

/** How far the requests of a role may go: anywhere, or to this machine and the hosts that a person listed. */
export type Reach =
  | { readonly kind: "anywhere" }
  | { readonly kind: "local"; readonly hosts: readonly string[]; readonly rule: Config["network"] };

/**
 * How far a question may go. Under `local-execution` the architect may ask anyone as long as there is no plan; once it is
 * frozen nothing leaves any more.
 */
export function reachOf(
  { network, localHosts }: Pick<Config, "network" | "localHosts">,
  asked: Pick<ModelRequest, "role" | "task">,
): Reach {
  const planning = asked.role === "architect" && asked.task === "plan";
  if (network === "open" || (network === "local-execution" && planning)) return { kind: "anywhere" };
  return { kind: "local", hosts: localHosts, rule: network };
}

/** Where a model is asked: in this process or by a person, at an address, or at a cloud whose address nobody wrote down. */
export type ModelPlace =
  | { readonly kind: "here" }
  | { readonly kind: "address"; readonly url: string }
  | { readonly kind: "cloud"; readonly why: string };

/** `others` are further backends of this process. */
export function placeOfModel(config: NetworkConfig, name: string, others?: readonly string[]): ModelPlace {
  const backend = backendOf(config, name, others);
  switch (backend.kind) {
    case "server":
      return { kind: "address", url: backend.server.url };
    case "agent":
      return backend.agent.url === undefined
        ? {
            kind: "cloud",
            why: `the agent ${backend.name} asks its vendor, as long as agents.${backend.name}.url says nothing else`,
          }
        : { kind: "address", url: backend.agent.url };
    default:
      return { kind: "here" };
  }
}

/** The host of an address, lower case and without brackets; empty when it is no address. */
export function hostOf(url: string): string {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?(\[[^\]]*\]|[^/:?#]*)/i.exec(url)?.[1] ?? "";
  return host
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
}

/** True for an IP address of this machine's loopback, IPv4-mapped ones included. A name is none, whatever it is called. */
export function isLoopback(address: string): boolean {
  const plain = address.toLowerCase().replace(/^::ffff:/, "");
  return plain === "::1" || plain === "0:0:0:0:0:0:0:1" || /^127\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.test(plain);
}

/** True when a host is listed by name or by address; `*.lan` lists all names that end so. */
export function isListed(host: string, hosts: readonly string[]): boolean {
  return hosts.some((listed) => {
    const name = listed.toLowerCase().replace(/^\[|\]$/g, "");
    return name.startsWith("*.") ? host.endsWith(name.slice(1)) : name === host;
  });
}

/** True for a name that may be of this network: one label, or an ending that no public name has. Others need no look-up. */
export function mayBeLocalName(host: string): boolean {
  return !host.includes(".") || /\.(?:local|localhost|lan|internal|home\.arpa)$/.test(host);
}

/** Why a host with these addresses lies beyond this machine and the listed hosts; undefined when it does not. */
export function beyondBy(host: string, addresses: readonly string[], hosts: readonly string[]): string | undefined {
  if (isListed(host, hosts)) return undefined;
  const far = addresses.find((address) => !isLoopback(address) && !isListed(address, hosts));
  if (far === undefined) return addresses.length > 0 ? undefined : `${host} has no address`;
  return far === host ? `${host} is not on this machine` : `${host} is ${far}, which is not on this machine`;
}
