import type { ProposedText } from "../../domain/correction.ts";
import { applyEdits } from "../../domain/edit-ladder.ts";
import type { RecordedProposal } from "../../domain/learn-history.ts";
import { parseReply } from "../../domain/reply-parse.ts";
import type { LearnWorld } from "./learn-world.ts";

/**
 * The files of a recorded reply as its maker proposed them, before any correction; undefined when the reply holds no
 * edits that apply.
 */
export async function proposedTexts(
  proposal: RecordedProposal,
  { place, repository }: LearnWorld,
): Promise<readonly ProposedText[] | undefined> {
  const { git } = repository;
  const { base, tests, code } = proposal.before;
  const reply = parseReply(await place.store.open(proposal.run).getBlob(proposal.reply));
  if (reply.kind !== "proposal" || reply.proposal.kind !== "edits") return undefined;
  const { edits } = reply.proposal;
  const tree = await git.layOver(base.tree, tests, code);
  const paths = [...new Set(edits.map(({ path }) => path))];
  const now = new Map(await Promise.all(paths.map(async (path) => [path, await git.read(tree, path)] as const)));
  const applied = applyEdits((path) => now.get(path), edits, proposal.role);
  if (applied.kind === "refused") return undefined;
  return Promise.all(
    [...applied.files].map(async ([path, after]) => ({ path, base: await git.read(base.tree, path), after })),
  );
}
