import { systemClock } from "../../adapters/clock/system.ts";
import { runGit } from "../../adapters/git/system/git-program.ts";
import { inspectRepository } from "../../adapters/git/system/inspection.ts";
import { openGit } from "../../adapters/git/system/open-git.ts";
import { acquireLock } from "../../adapters/lock/lock.ts";
import type { ArtefactState } from "../../domain/andon-close.ts";
import type { Action, Incident } from "../../domain/incident-record.ts";
import type { Git } from "../../engine/ports.ts";
import type { Desk } from "./desk.ts";

interface Look {
  readonly git: Git;
  /** Commit and files of HEAD when the incident was opened; absent: there was no commit, or it is gone. */
  readonly base: { readonly commit: string; readonly blobs: ReadonlyMap<string, string> } | undefined;
  readonly dirty: readonly string[];
  isOlder(commit: string): Promise<boolean>;
}

/** What has become of the artefacts of an incident's actions since it was opened, in their order. */
export async function lookAtArtefacts(desk: Desk, incident: Incident): Promise<readonly ArtefactState[]> {
  if (incident.actions.length === 0) return [];
  const inspection = await inspectRepository(desk.root);
  const lock = await acquireLock(desk.stateDir, { command: "andon" }, systemClock());
  try {
    const { root, stateDir, config } = desk;
    const opened = await openGit({ root, stateDir, submodules: config.submodules, inspection });
    try {
      const { git } = opened;
      const { head } = incident.evidence.git;
      const start = head === undefined ? undefined : await git.resolve(head);
      const base = start && { commit: start.commit, blobs: await blobsOf(start.tree, git) };
      const isOlder = async (commit: string) =>
        base !== undefined && isAncestor(commit, base.commit, inspection.gitDir);
      const look = { git, base, dirty: inspection.dirty, isOlder };
      return await Promise.all(incident.actions.map((action) => stateOf(action, look)));
    } finally {
      await opened.close();
    }
  } finally {
    lock.release();
  }
}

async function stateOf({ artefact, commit }: Action, { git, base, dirty, isOlder }: Look): Promise<ArtefactState> {
  const at = await git.resolve(commit ?? "HEAD").catch(() => undefined);
  if (!at) return "no-commit";
  const blob = (await blobsOf(at.tree, git)).get(artefact);
  const isDirty =
    commit === undefined &&
    dirty.some((path) => path === artefact || artefact.startsWith(`${path.replace(/\/$/, "")}/`));
  if (blob === undefined) return isDirty ? "uncommitted" : "missing";
  if (commit !== undefined && (await isOlder(at.commit))) return "older";
  if (base?.blobs.get(artefact) !== blob) return "changed";
  return isDirty ? "uncommitted" : "unchanged";
}

async function blobsOf(tree: string, git: Git): Promise<ReadonlyMap<string, string>> {
  return new Map((await git.list(tree)).map(({ path, blob }) => [path, blob]));
}

async function isAncestor(commit: string, of: string, gitDir: string): Promise<boolean> {
  const place = { cwd: gitDir, variables: { GIT_DIR: gitDir } };
  const { code } = await runGit(place, ["merge-base", "--is-ancestor", commit, of], { answers: [0, 1, 128] });
  return code === 0;
}
