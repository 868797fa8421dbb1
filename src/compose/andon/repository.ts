import { systemClock } from "../../adapters/clock/system.ts";
import { acquireLock } from "../../adapters/lock/lock.ts";
import type { Incident } from "../../domain/incident-record.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import type { Git, Repository } from "../../engine/ports.ts";
import { chooseSandbox, closeSandbox } from "../choose-sandbox.ts";
import { openRepository } from "../open-repository.ts";
import type { Desk } from "./desk.ts";

/** Works on the repository while no run does. @throws StepFailure when a run is at work */
export async function inRepository<Result>(
  { root, stateDir, config }: Pick<Desk, "root" | "stateDir" | "config">,
  work: (repository: Repository) => Promise<Result>,
): Promise<Result> {
  const lock = await acquireLock(stateDir, { command: "andon" }, systemClock());
  try {
    const sandbox = await chooseSandbox(config);
    try {
      const opened = await openRepository({ root, stateDir, config, sandbox });
      try {
        return await work(opened.repository);
      } finally {
        await opened.close();
      }
    } finally {
      await closeSandbox(sandbox);
    }
  } finally {
    lock.release();
  }
}

/** The tree on which an incident was seen: the one that it names, as long as git has it, else that of its HEAD. */
export async function treeOf({ evidence }: Incident, git: Git): Promise<string> {
  if (evidence.tree !== undefined && (await isThere(evidence.tree, git))) return evidence.tree;
  const before = await git.resolve(evidence.git.head ?? "HEAD");
  return before?.tree ?? (await headOf(git));
}

async function isThere(tree: string, git: Git): Promise<boolean> {
  return git.list(tree).then(
    () => true,
    () => false,
  );
}

/** The tree of HEAD. */
export async function headOf(git: Git): Promise<string> {
  const head = await git.resolve("HEAD");
  if (head) return head.tree;
  throw new StepFailure("The repository has no commit.", {
    code: "git-failed",
    remedy: "ask",
    hint: "Make a first commit there.",
  });
}
