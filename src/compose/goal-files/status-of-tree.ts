import { type PlanFile, planRows } from "../../domain/audit/plan-state.ts";
import { CONTEXT_FILE } from "../../domain/goal-files/goal-paths.ts";
import { withStatus } from "../../domain/goal-files/status-block.ts";
import { parsePlan } from "../../domain/plan-text.ts";
import { keptBlocks } from "../../domain/wiki/kept-block.ts";
import type { RunContext } from "../../engine/context.ts";
import { gatherStatus } from "./gather-status.ts";

/** `agents/CONTEXT.md` of a tree with its status block renewed; undefined where it has none, or nothing changes. */
export async function renewedContext(tree: string, { ports, startedAt }: RunContext): Promise<string | undefined> {
  const { git, toolchain } = ports.repository(undefined);
  const before = await git.read(tree, CONTEXT_FILE);
  if (before === undefined || !keptBlocks(before).has("status")) return undefined;
  const paths = (await git.list(tree)).map(({ path }) => path);
  const read = (path: string) => git.read(tree, path);
  const files = await plansOf(paths, read);
  const plans = planRows(files, { entries: await ports.journal.since(0), atWork: false, now: startedAt });
  const after = withStatus(before, await gatherStatus({ paths, profile: toolchain.profile, plans, read }));
  return after === before ? undefined : after;
}

async function plansOf(
  paths: readonly string[],
  read: (path: string) => Promise<string | undefined>,
): Promise<readonly PlanFile[]> {
  const found: PlanFile[] = [];
  for (const path of paths.filter((one) => /^plans\/(?!TEMPLATE|README)[^/]+\.md$/.test(one))) {
    const parsed = parsePlan((await read(path)) ?? "");
    if (parsed.kind !== "problems") found.push({ path, plan: parsed.plan, made: undefined, hasBranch: false });
  }
  return found;
}
