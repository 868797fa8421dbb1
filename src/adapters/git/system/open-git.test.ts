import { join } from "node:path";
import { personsGit, type TargetRepository, targetRepository } from "../../../../test/kit/target-repository.ts";
import { CONTRACT_FILES, gitContract, type OpenedForContract } from "../git.contract.ts";
import { openGit } from "./open-git.ts";

const open = (target: TargetRepository): Promise<OpenedForContract> =>
  openGit({ root: target.root, stateDir: join(target.root, ".millwright"), submodules: "refuse" });

function at(target: TargetRepository, root: string): TargetRepository {
  return { ...target, root, git: (...args) => personsGit(root, ...args) };
}

function linkedWorktree(): TargetRepository {
  const target = targetRepository(CONTRACT_FILES);
  target.git("switch", "--quiet", "--detach");
  const root = join(target.around, "a linked worktree");
  target.git("worktree", "add", "--quiet", root, "main");
  return at(target, root);
}

function shallowClone(): TargetRepository {
  const target = targetRepository(CONTRACT_FILES);
  target.git("commit", "--quiet", "--allow-empty", "--message=Second");
  const root = join(target.around, "a shallow clone");
  personsGit(target.around, "clone", "--quiet", "--depth=1", `file://${target.root}`, root);
  return at(target, root);
}

gitContract("system git", () => targetRepository(CONTRACT_FILES), open);
gitContract("system git with SHA-256", () => targetRepository(CONTRACT_FILES, "sha256"), open);
gitContract("system git in a linked worktree", linkedWorktree, open);
gitContract("system git in a shallow clone", shallowClone, open);
gitContract(
  "system git with one fixed folder for exports",
  () => targetRepository(CONTRACT_FILES),
  (target) =>
    openGit({
      root: target.root,
      stateDir: join(target.root, ".millwright"),
      fixedExport: join(target.around, "fixed export"),
      submodules: "refuse",
    }),
);
