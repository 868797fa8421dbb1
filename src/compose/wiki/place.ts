import { systemClock } from "../../adapters/clock/system.ts";
import type { Checkout } from "../../adapters/git/system/commit-files.ts";
import { type Inspection, inspectRepository } from "../../adapters/git/system/inspection.ts";
import { openGit } from "../../adapters/git/system/open-git.ts";
import type { JournalStore } from "../../adapters/journal/store.ts";
import type { Config } from "../../domain/config.ts";
import { InputError } from "../../domain/step-failure.ts";
import { hasWiki } from "../../domain/wiki/wiki-paths.ts";
import type { CommitId, TreeId } from "../../domain/work.ts";
import type { Git } from "../../engine/ports.ts";
import type { Wiring } from "../wiring.ts";

/** Where a wiki is read and written. */
export interface WikiPlace {
  readonly root: string;
  readonly stateDir: string;
  readonly store: JournalStore;
  readonly config: Config;
  readonly wiring: Wiring;
}

/** The repository as it is now, at the commit that is checked out. */
export interface WikiGround {
  readonly git: Git;
  readonly inspection: Inspection;
  readonly checkout: Checkout;
  readonly head: { readonly commit: CommitId; readonly tree: TreeId };
  readonly paths: readonly string[];
}

/** Opens the repository for one look or one writing. @throws InputError when it has no commit */
export async function onGround<Result>(
  { root, stateDir, config }: Pick<WikiPlace, "root" | "stateDir" | "config">,
  work: (ground: WikiGround) => Promise<Result>,
): Promise<Result> {
  const inspection = await inspectRepository(root);
  const { git, close } = await openGit({ root, stateDir, submodules: config.submodules, inspection });
  try {
    const head = inspection.head === undefined ? undefined : await git.resolve(inspection.head);
    if (head === undefined) throw new InputError(["There is no commit yet: make one first."]);
    const paths = (await git.list(head.tree)).map(({ path }) => path);
    const checkout = { root: inspection.root, gitDir: inspection.gitDir, stateDir };
    return await work({ git, inspection, checkout, head, paths });
  } finally {
    await close();
  }
}

/** @throws InputError when the commit that is checked out has no wiki */
export function needWiki({ paths }: Pick<WikiGround, "paths">): void {
  if (hasWiki(paths)) return;
  throw new InputError([
    "There is no wiki in the commit that is checked out: `millwright wiki init` begins one in `wiki/`.",
  ]);
}

/** Seconds since 1970. */
export function secondsNow({ wiring }: Pick<WikiPlace, "wiring">): number {
  return Math.floor((wiring.clock ?? systemClock()).now() / 1000);
}
