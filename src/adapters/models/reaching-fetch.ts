import type { RequestInit, Response } from "undici";
import type { Reach } from "../../domain/network.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import { beyond, lookupWithin, networkRefused } from "./reach.ts";

/** Node's own fetch gives up after 300 s without headers, and a large model on a small machine needs longer for its prompt. */
async function patientFetch(reach: Reach) {
  const { Agent, fetch } = await import("undici");
  const connect = reach.kind === "local" ? { lookup: lookupWithin(reach) } : {};
  return { fetch, dispatcher: new Agent({ headersTimeout: 0, bodyTimeout: 0, connect }) };
}

/** One for each reach, so that a connection that was opened freely is never used again by a request that may not go there. */
const plumbing = new Map<string, ReturnType<typeof patientFetch>>();

const MOST_REDIRECTS = 5;

/**
 * A `fetch` that goes to no address beyond `reach`, through no proxy, and follows redirects only within one server: a
 * request holds a key and somebody's code.
 * @throws StepFailure `network-refused`, or what `fetch` throws.
 */
export async function reachingFetch(url: string, init: RequestInit, reach: Reach): Promise<Response> {
  const key = JSON.stringify(reach);
  const pipes = plumbing.get(key) ?? patientFetch(reach);
  plumbing.set(key, pipes);
  const { fetch, dispatcher } = await pipes;
  let at = url;
  for (let redirects = 0; ; redirects += 1) {
    const why = await beyond(at, reach);
    if (why !== undefined) throw networkRefused(`a request to ${at}`, why, reach);
    const response = await fetch(at, { ...init, redirect: "manual", dispatcher });
    const to = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null;
    if (to === null) return response;
    await response.body?.cancel();
    const next = new URL(to, at);
    if (next.origin !== new URL(at).origin || redirects >= MOST_REDIRECTS) throw sentAway(at, next.href, reach);
    at = next.href;
  }
}

function sentAway(from: string, to: string, reach: Reach): StepFailure {
  const server = new URL(from).origin;
  const other = new URL(to).origin;
  const what = server === other ? "again and again to itself" : `to ${other}`;
  return new StepFailure(`${server} redirects ${what}, which is not followed: a request holds a key and your code`, {
    code: reach.kind === "local" ? "network-refused" : "model-rejected",
    remedy: "ask",
    hint: "Write the address that really answers under `servers` in millwright.yaml.",
  });
}
