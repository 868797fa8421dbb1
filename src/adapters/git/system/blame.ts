import type { CommitId } from "../../../domain/work.ts";
import { type Place, runGit } from "./git-program.ts";
import type { Inspection } from "./inspection.ts";

function placeOf({ root, gitDir }: Pick<Inspection, "root" | "gitDir">): Place {
  return { cwd: root, variables: { GIT_DIR: gitDir, GIT_WORK_TREE: root } };
}

/** When lines (1-based) of a file were last written, in seconds since 1970, as they stand at a commit. */
export async function lineDates(
  inspection: Pick<Inspection, "root" | "gitDir">,
  at: { readonly commit: CommitId; readonly path: string; readonly lines: readonly number[] },
): Promise<ReadonlyMap<number, number>> {
  if (at.lines.length === 0) return new Map();
  const ranges = at.lines.flatMap((line) => ["-L", `${line},${line}`]);
  const args = ["blame", "--line-porcelain", "--ignore-revs-file=", ...ranges, at.commit, "--", at.path];
  const { code, out } = await runGit(placeOf(inspection), args, { answers: [0, 128] });
  if (code !== 0) return new Map();
  const dates = new Map<number, number>();
  let line = 0;
  for (const text of out.toString("utf8").split("\n")) {
    line = Number(/^[0-9a-f]{40,64} \d+ (\d+)/.exec(text)?.[1] ?? line);
    const date = /^committer-time (\d+)$/.exec(text)?.[1];
    if (date !== undefined) dates.set(line, Number(date));
  }
  return dates;
}
