import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Workspace } from "../../../domain/model-call.ts";
import { agentFailure } from "./agent-failure.ts";
import type { AgentWorld } from "./agent-world.ts";

/** A look at a person's own files, compared with a second one. */
export interface CheckoutWatch {
  /** @throws StepFailure when they changed meanwhile. */
  check(who: string): Promise<void>;
}

const NOT_LOOKED_AT = [".git", ".millwright", "node_modules"];
const MOST_FILES = 50_000;

/** Without a sandbox, an agent could write into the repository itself: that is noticed, and its answer not taken. */
export async function sameCheckout(workspace: Workspace | undefined, world: AgentWorld): Promise<CheckoutWatch> {
  if (world.sandbox.isolated) return { check: async () => undefined };
  const { root } = world.repository(workspace?.repository);
  const before = await stateOf(root);
  return {
    async check(who) {
      const after = await stateOf(root);
      const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
        (path) => before.get(path) !== after.get(path),
      );
      if (changed.length > 0) throw outside(who, changed);
    },
  };
}

function outside(who: string, changed: readonly string[]) {
  const named = changed.slice(0, 5).join(", ");
  return agentFailure(
    `While ${who} worked in its copy, files of the repository itself changed: ${named}. Its answer is not taken`,
    "model-unusable",
    "ask",
    "Look at `git status`. A sandbox keeps agents in their copy: take `sandbox: none` out of millwright.yaml.",
  );
}

async function stateOf(root: string): Promise<ReadonlyMap<string, string>> {
  const state = new Map<string, string>();
  const walk = async (below: string): Promise<void> => {
    const entries = await readdir(join(root, below), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.filter(({ name }) => !NOT_LOOKED_AT.includes(name))) {
      const path = join(below, entry.name);
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile() && state.size < MOST_FILES) state.set(path, await stampOf(join(root, path)));
    }
  };
  await walk("");
  return state;
}

async function stampOf(path: string): Promise<string> {
  const seen = await stat(path).catch(() => undefined);
  return `${seen?.mtimeMs} ${seen?.size}`;
}
