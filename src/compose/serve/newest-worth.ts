import { runGit } from "../../adapters/git/system/git-program.ts";

/** What documentation itself writes, and what is only a plan. */
const OWN = ["wiki", "agents", "plans"];

const seen = new Map<string, { readonly head: string; readonly worth: string | undefined }>();

/**
 * The newest commit of the branch that is checked out which changed anything but wiki, agents' files and plans; undefined where
 * there is none. So the merge of a documentation does not ask for the next one.
 */
export async function newestWorth(root: string): Promise<string | undefined> {
  const place = { cwd: root, variables: { GIT_LITERAL_PATHSPECS: "0" } };
  const head = await runGit(place, ["rev-parse", "--verify", "--quiet", "HEAD"], { answers: [0, 1] });
  const commit = head.out.toString("utf8").trim();
  if (commit === "") return undefined;
  const before = seen.get(root);
  if (before?.head === commit) return before.worth;
  const paths = [".", ...OWN.map((folder) => `:(exclude)${folder}`)];
  const log = await runGit(place, ["log", "-1", "--format=%H", commit, "--", ...paths]);
  const worth = log.out.toString("utf8").trim() || undefined;
  seen.set(root, { head: commit, worth });
  return worth;
}
