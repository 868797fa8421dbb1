import { reachingFetch } from "./reaching-fetch.ts";
import { reachOfAccess, type ServerAccess } from "./server-access.ts";

export interface Look {
  /** Whether the path is below the API's address or below the server itself. */
  readonly from: "api" | "origin";
  /** Longest wait. Default: 3. */
  readonly seconds?: number;
}

export const DEFAULT_LOOK: Look = { from: "api" };

/** The JSON at a path of a server; undefined when there is none, whatever the reason. */
export async function look(access: ServerAccess, path: string, { from, seconds = 3 }: Look): Promise<unknown> {
  const url = (from === "api" ? access.url : new URL(access.url).origin) + path;
  try {
    const signal = AbortSignal.timeout(seconds * 1000);
    const response = await reachingFetch(url, { headers: access.headers, signal }, reachOfAccess(access));
    if (response.ok) return await response.json();
    await response.body?.cancel();
  } catch {
    // Who cannot say is asked nothing more.
  }
  return undefined;
}
