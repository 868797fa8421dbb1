import type { LookupAddress, LookupOptions } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { beyondBy, hostOf, isListed, mayBeLocalName, type Reach } from "../../domain/network.ts";
import { StepFailure } from "../../domain/step-failure.ts";

type LocalReach = Reach & { readonly kind: "local" };

/** How far a request may go when nobody limits it. */
export const ANYWHERE: Reach = { kind: "anywhere" };

/**
 * Why an address lies beyond a reach; undefined when it does not. A host name is local when a person listed it, or when it
 * may be a name of this network and every one of its addresses is. No other name is even looked up.
 */
export async function beyond(url: string, reach: Reach): Promise<string | undefined> {
  if (reach.kind === "anywhere") return undefined;
  const host = hostOf(url);
  if (isListed(host, reach.hosts)) return undefined;
  if (isIP(host) !== 0) return beyondBy(host, [host], reach.hosts);
  if (!mayBeLocalName(host)) return notListed(host);
  try {
    const addresses = (await lookup(host, { all: true })).map(({ address }) => address);
    return beyondBy(host, addresses, reach.hosts);
  } catch {
    return `${host} cannot be resolved`;
  }
}

function notListed(host: string): string {
  return `${host} is no name of this machine and is not listed`;
}

/** A request that the network rule forbids. */
export function networkRefused(what: string, why: string, reach: Reach): StepFailure {
  const rule = reach.kind === "local" ? reach.rule : "open";
  return new StepFailure(`${what} was not sent: ${why} (\`network: ${rule}\`)`, {
    code: "network-refused",
    remedy: "ask",
    hint: "Point the role at a model on this machine, or list the host under `localHosts` in millwright.yaml.",
  });
}

/** A look-up of host names for connections: it hands out addresses only when all of them are within reach. */
export function lookupWithin(reach: LocalReach): LookupFunction {
  return (host, options, done) => {
    resolveWithin(host, options, reach).then(
      ([first, ...more]) => {
        if (options.all === true) done(null, [first, ...more]);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, "", 0),
    );
  };
}

async function resolveWithin(
  host: string,
  options: LookupOptions,
  reach: LocalReach,
): Promise<[LookupAddress, ...LookupAddress[]]> {
  if (!isListed(host, reach.hosts) && !mayBeLocalName(host))
    throw networkRefused(`a request to ${host}`, notListed(host), reach);
  const [first, ...more] = await lookup(host, { ...options, all: true });
  if (first === undefined) throw new Error(`${host} has no address`);
  const found: [LookupAddress, ...LookupAddress[]] = [first, ...more];
  const addresses = found.map(({ address }) => address);
  const why = beyondBy(host, addresses, reach.hosts);
  if (why !== undefined) throw networkRefused(`a request to ${host}`, why, reach);
  return found;
}
