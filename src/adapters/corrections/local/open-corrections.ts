import { isCorrectionPath } from "../../../domain/correction-path.ts";
import { type ParsedCorrection, parseCorrection } from "../../../domain/correction-text.ts";
import { InputError } from "../../../domain/step-failure.ts";
import type { TreeId } from "../../../domain/work.ts";
import type { Analysis, Corrections, Git, Retrieval } from "../../../engine/ports.ts";
import { correctWith } from "./correct-with.ts";
import { type ExampleGround, exampleProblems } from "./run-examples.ts";

/** All corrections of a folder, and everything that is wrong with them. */
export interface CorrectionsRead {
  readonly corrections: readonly ParsedCorrection[];
  readonly problems: readonly string[];
}

/** Reads corrections and runs their examples. Those with problems are not among the corrections. */
export async function readCorrections(
  files: readonly { readonly path: string; readonly text: string }[],
  ground?: ExampleGround,
): Promise<CorrectionsRead> {
  const corrections: ParsedCorrection[] = [];
  const problems: string[] = [];
  for (const { path, text } of [...files].sort((one, two) => (one.path < two.path ? -1 : 1))) {
    const read = parseCorrection(text, path);
    const wrong = read.kind === "problems" ? read.problems : await exampleProblems(read.correction, ground);
    problems.push(...wrong);
    if (read.kind === "correction" && wrong.length === 0) corrections.push(read.correction);
  }
  const ids = corrections.map(({ id }) => id);
  const twice = corrections.filter(({ id }, at) => ids.indexOf(id) < at);
  return {
    corrections,
    problems: [...problems, ...twice.map(({ id, path }) => `${path}: there is a second file for ${id}.`)],
  };
}

export interface OpenCorrections {
  readonly git: Pick<Git, "list" | "readBlob" | "layOver" | "writeBlob" | "read">;
  /** The tree whose `corrections/` counts. */
  readonly tree: TreeId;
  /** Needed by `quick-fix` alone. */
  readonly analysis?: Pick<Analysis, "diagnose"> | undefined;
  readonly retrieval?: Pick<Retrieval, "outline"> | undefined;
}

/**
 * The corrections of a tree, their examples proven. Without a folder of that name nothing is loaded.
 * @throws InputError with every problem of every file
 */
export async function openCorrections({ git, tree, analysis, retrieval }: OpenCorrections): Promise<Corrections> {
  const listed = (await git.list(tree)).filter(({ path, mode }) => isCorrectionPath(path) && mode !== "120000");
  const files = await Promise.all(listed.map(async ({ path, blob }) => ({ path, text: await git.readBlob(blob) })));
  const tools = analysis === undefined ? undefined : { git, analysis, retrieval };
  const { corrections, problems } = await readCorrections(files, tools && { tree, tools });
  if (problems.length > 0) throw new InputError(problems);
  return correctWith(corrections, tools);
}
