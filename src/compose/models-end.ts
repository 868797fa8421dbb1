import type { Role } from "../domain/model-call.ts";
import type { Price, Server } from "../domain/model-config.ts";

/** What is known about one model of the config. */
export interface ModelLook {
  /** As written in the config. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** Keys of `cheaper` under which it stands. */
  readonly cheaper: readonly string[];
  readonly identity: string;
  readonly vendor: string;
  /** `ok`, or why it cannot be asked. */
  readonly state: string;
  readonly detail: string;
  readonly fix?: string | undefined;
  /** Where it lies in its server's memory; absent when the server does not say. */
  readonly loaded?: "gpu" | "cpu" | "split" | "no";
  /** The numbers of a split. */
  readonly split?: string;
  /** Tokens in one call. */
  readonly context?: number;
  /** US dollars per million tokens, and who says so. */
  readonly price?: Price & { readonly from: "config" | "local" | "table" };
}

export interface ServerLook {
  readonly name: string;
  readonly kind: Server["kind"];
  readonly url: string;
  readonly key?: { readonly variable: string; readonly set: boolean };
  readonly state: "reachable" | "refused" | "unreachable" | "key-missing" | "not-asked";
  readonly detail?: string;
  readonly models: readonly string[];
}

export interface AgentLook {
  readonly name: string;
  readonly kind: string;
  readonly program: string;
  readonly state: "installed" | "old" | "missing";
  readonly version?: string;
  readonly fix?: string;
}

/** What there is to ask. */
export interface ModelsEnd {
  readonly models: readonly ModelLook[];
  readonly servers: readonly ServerLook[];
  readonly agents: readonly AgentLook[];
  /** Date of the price table, and of the table of contexts. */
  readonly pricesAsOf: string;
  readonly contextsAsOf: string;
}
