import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { OpenIncident } from "../../domain/incident.ts";
import { InputError } from "../../domain/step-failure.ts";
import { openLine } from "../open-line.ts";

/**
 * What stops the line of the repository that holds `dir`: reads its incidents and nothing else, without git, lock or config. A
 * linked worktree is stopped by the incidents of the main one too, for both push to the same place.
 * @throws InputError when there is no repository
 */
export async function checkLine(dir: string): Promise<readonly OpenIncident[]> {
  const root = await rootOf(await realpath(dir).catch(() => resolve(dir)));
  if (root === undefined) throw new InputError([`${dir} is in no git repository.`]);
  const roots = [root, ...(await mainOf(root))];
  const open = await Promise.all(roots.map((one) => openLine(one, join(one, ".millwright")).stopped()));
  return open.flat();
}

async function rootOf(dir: string): Promise<string | undefined> {
  for (let at = dir; ; at = dirname(at)) {
    if (await stat(join(at, ".git")).catch(() => undefined)) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** The checkout whose linked worktree this is. */
async function mainOf(root: string): Promise<readonly string[]> {
  const text = await readFile(join(root, ".git"), "utf8").catch(() => "");
  const [, gitDir] = /^gitdir: (.+)$/m.exec(text) ?? [];
  const [, main] = /^(.*)\/\.git\/worktrees\/[^/]+$/.exec(gitDir === undefined ? "" : resolve(root, gitDir)) ?? [];
  return main === undefined ? [] : [main];
}
