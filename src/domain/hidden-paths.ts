import { matches } from "./paths.ts";

/** What the mill judges by, wherever a repository keeps it. */
const GATES = ["**/millwright.y{a,}ml", "**/.millwright/**", "**/.agents/roles/**"];

/** Where workflows and prompts lie by custom; a project may have files of its own there. */
const CUSTOM = ["workflows/*.y{a,}ml", "roles/*.md"];

/**
 * True for what an agent's copy of a repository leaves out. `workflow` is the config's name or path of one; `scope` are the
 * globs of what the task lets the agent write: what it names in a folder of that custom is the project's own.
 */
export function isHidden(path: string, workflow: string, scope: readonly string[]): boolean {
  if (matches([...GATES, workflow, `workflows/${workflow}.yaml`], path)) return true;
  return matches(CUSTOM, path) && !matches(scope, path);
}
