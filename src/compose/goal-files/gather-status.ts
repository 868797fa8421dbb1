import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writtenCases } from "../../adapters/analysis/local/cases.ts";
import type { PlanRow } from "../../domain/audit/plan-state.ts";
import type { Status } from "../../domain/goal-files/status-block.ts";
import { kindOfPath } from "../../domain/paths.ts";
import type { ToolProfile } from "../../domain/tool-profile.ts";
import { WIKI } from "../../domain/wiki/wiki-paths.ts";

/** Test files whose cases are counted. */
const MOST = 400;

/** Where things stand, by the plans, the tracked files and what the test files say. */
export async function gatherStatus(from: {
  readonly paths: readonly string[];
  readonly profile: ToolProfile;
  readonly plans: readonly PlanRow[];
  read(path: string): Promise<string | undefined>;
}): Promise<Status> {
  const { paths, profile, plans, read } = from;
  const named = (state: PlanRow["state"]) => plans.filter((row) => row.state === state).map((row) => row.plan);
  const tests: { path: string; cases: number | undefined }[] = [];
  for (const path of paths
    .filter((one) => kindOfPath(one, profile) === "test")
    .sort()
    .slice(0, MOST))
    tests.push({ path, cases: await casesIn(path, await read(path)) });
  return {
    completed: named("done"),
    next: [...named("running"), ...named("todo")],
    tests,
    pages: paths.filter((path) => path.startsWith(WIKI) && path.endsWith(".md")),
  };
}

async function casesIn(path: string, text: string | undefined): Promise<number | undefined> {
  if (text === undefined) return undefined;
  const written = await writtenCases(path, text).catch(() => undefined);
  return written?.parsed ? written.cases.length : undefined;
}

/** A file of the checkout, or undefined. */
export function readIn(root: string): (path: string) => Promise<string | undefined> {
  return (path) => readFile(join(root, path), "utf8").catch(() => undefined);
}
