import { isAbsolute, posix } from "node:path";
import type { RequestPermissionRequest, RequestPermissionResponse } from "@agentclientprotocol/sdk";
import { matches } from "../../../../domain/paths.ts";

/** By what permissions are given. */
export interface Rights {
  /** The copy's path as the agent sees it. */
  readonly seen: string;
  readonly scope: readonly string[];
  /** A sandbox stands around the agent, so that commands may run. */
  readonly guarded: boolean;
}

/** Yes, once, to what the task's scope lets it do; no to everything else. Nothing relies on this answer. */
export function permissionFor(asked: RequestPermissionRequest, rights: Rights): RequestPermissionResponse {
  const wanted = isAllowed(asked.toolCall, rights) ? "allow" : "reject";
  const options = asked.options.filter(({ kind }) => kind.startsWith(wanted));
  const option = options.find(({ kind }) => kind.endsWith("_once")) ?? options[0];
  if (option === undefined) return { outcome: { outcome: "cancelled" } };
  return { outcome: { outcome: "selected", optionId: option.optionId } };
}

function isAllowed(call: RequestPermissionRequest["toolCall"], rights: Rights): boolean {
  const paths = (call.locations ?? []).map(({ path }) => path);
  switch (call.kind) {
    case "read":
    case "search":
    case "think":
      return true;
    case "edit":
    case "delete":
    case "move":
      return paths.length === 0 ? rights.guarded : paths.every((path) => inScope(path, rights));
    case "fetch":
      return false;
    default:
      return rights.guarded;
  }
}

function inScope(path: string, { seen, scope }: Rights): boolean {
  const below = isAbsolute(path) ? posix.relative(seen, path) : posix.normalize(path);
  return !below.startsWith("..") && matches(scope, below);
}
