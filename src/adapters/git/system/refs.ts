import { StepFailure } from "../../../domain/step-failure.ts";
import type { CommitId, TreeId } from "../../../domain/work.ts";
import { gitFailure } from "./git-failure.ts";
import { askGit, runGit } from "./git-program.ts";
import { checkedRefName, idOf, isRevision } from "./names.ts";
import { treeOfCommit } from "./tree-reader.ts";
import type { Workshop } from "./workshop.ts";

/** Author and committer of all that the mill commits. */
const MILL = "Millwright <millwright@localhost>";

/** Commit and tree of a ref or commit name of the person's repository. */
export async function resolve(
  workshop: Workshop,
  ref: string,
): Promise<{ commit: CommitId; tree: TreeId } | undefined> {
  if (!isRevision(ref)) checkedRefName(ref, "a branch, tag or commit");
  const commit = await workshop.refs.commitOf(ref);
  if (commit === undefined) return undefined;
  const bytes = await workshop.reader.read(commit);
  const tree = bytes && treeOfCommit(bytes);
  if (!tree) throw gitFailure(`reading commit ${commit}`, `missing commit ${commit}`);
  return { commit, tree };
}

/** Writes a commit object whose id follows from its content and `at` alone. */
export async function commit(
  workshop: Workshop,
  input: { tree: TreeId; parents: readonly CommitId[]; message: string; at: number },
): Promise<CommitId> {
  const tree = await workshop.reader.find(idOf(input.tree));
  if (tree?.kind !== "tree") throw gitFailure("writing a commit", `missing tree ${input.tree}`);
  const parents = [...new Set(input.parents)].map(idOf);
  for (const parent of parents)
    if ((await workshop.reader.find(parent))?.kind !== "commit")
      throw gitFailure("writing a commit", `missing commit ${parent}`);
  const date = `${Math.trunc(input.at)} +0000`;
  const lines = [
    `tree ${input.tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${MILL} ${date}`,
    `committer ${MILL} ${date}`,
  ];
  // Git refuses a message with NUL; a model's text may hold one.
  const message = input.message.replaceAll("\0", "\u{FFFD}");
  return await workshop.writer.commit(`${lines.join("\n")}\n\n${message}`);
}

export async function keep(workshop: Workshop, name: string, kept: CommitId): Promise<void> {
  const ref = `refs/millwright/${checkedRefName(name, "something kept")}`;
  await workshop.refs.set(ref, kept);
}

/** Moves a branch when it is where the caller believes it is. Asking again after it moved is no failure. */
export async function advance(
  workshop: Workshop,
  branch: string,
  from: CommitId | undefined,
  to: CommitId,
): Promise<boolean> {
  const ref = `refs/heads/${checkedRefName(branch, "a branch")}`;
  const now = await workshop.refs.commitOf(ref);
  if (now === idOf(to)) return true;
  if (now !== from) return false;
  if (from !== undefined) await requireDescent(workshop, from, to);
  await requireNotCheckedOut(workshop, branch);
  const old = from ?? "0".repeat(to.length);
  const args = ["update-ref", "-m", "millwright: land", ref, to, old];
  const { code, errors } = await runGit(workshop.target, args, { answers: [0, 1, 128] });
  if (code === 0) return true;
  const after = await workshop.refs.commitOf(ref);
  if (after !== from) return after === to;
  throw gitFailure(`moving ${branch}`, errors);
}

async function requireDescent(workshop: Workshop, from: CommitId, to: CommitId): Promise<void> {
  const args = ["merge-base", "--is-ancestor", idOf(from), to];
  const { code } = await runGit(workshop.engine, args, { answers: [0, 1] });
  if (code === 0) return;
  throw new StepFailure(`${to} does not descend from ${from}: the move would lose commits`, {
    code: "git-failed",
    remedy: "stop",
    hint: "A branch only moves forward: rebase the work on the branch's head first.",
  });
}

async function requireNotCheckedOut(workshop: Workshop, branch: string): Promise<void> {
  const listed = await askGit(workshop.target, ["worktree", "list", "--porcelain"]);
  const stanza = listed.split("\n\n").find((lines) => lines.split("\n").includes(`branch refs/heads/${branch}`));
  if (stanza === undefined) return;
  const where = /^worktree (.*)$/m.exec(stanza)?.[1] ?? "a worktree";
  throw new StepFailure(`${branch} is checked out in ${where}: moving it would make every file there look changed`, {
    code: "git-failed",
    remedy: "ask",
    hint: `Check out another branch there (\`git -C '${where}' switch --detach\`; a folder that is gone: \`git worktree prune\`), then resume.`,
  });
}
