import type { Watch } from "../../../mill.ts";

type Glimpse = Parameters<Watch["glimpse"]>[0];

/** What is seen of a task while it happens, and kept by nobody. */
export interface LiveTask {
  readonly doing?: string;
  readonly tests?: { readonly passed: number; readonly failed: number };
  /** Tokens of the reply that is being written. */
  readonly tokens?: number;
}

export function withGlimpse(live: ReadonlyMap<string, LiveTask>, seen: Glimpse): ReadonlyMap<string, LiveTask> {
  const before = live.get(seen.task) ?? {};
  return new Map(live).set(seen.task, { ...before, ...glimpsed(seen) });
}

/** A reply that is whole is counted by its fact. */
export function withoutTokens(live: ReadonlyMap<string, LiveTask>, task: string): ReadonlyMap<string, LiveTask> {
  const before = live.get(task);
  return before ? new Map(live).set(task, { ...before, tokens: 0 }) : live;
}

function glimpsed(seen: Glimpse): LiveTask {
  switch (seen.kind) {
    case "doing":
      return { doing: seen.what };
    case "tests":
      return { tests: { passed: seen.passed, failed: seen.failed } };
    case "tokens":
      return { tokens: seen.output };
  }
}
