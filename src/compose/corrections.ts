import { lstat, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CorrectionsRead, readCorrections } from "../adapters/corrections/local/open-corrections.ts";
import { type Inspection, inspectRepository } from "../adapters/git/system/inspection.ts";
import { CORRECTIONS_FOLDER, idOfCorrectionPath, isCorrectionPath } from "../domain/correction-path.ts";
import { parseCorrection, withState } from "../domain/correction-text.ts";
import { didYouMean } from "../domain/nearest-word.ts";
import { InputError } from "../domain/step-failure.ts";
import { chooseSandbox, closeSandbox } from "./choose-sandbox.ts";
import type { CorrectionLook } from "./correction-look.ts";
import { openRepository } from "./open-repository.ts";
import { loadConfig } from "./read-config.ts";
import { prepareStateDir } from "./state-dir.ts";

interface CorrectionText {
  readonly path: string;
  readonly text: string;
}

/** The corrections of a checkout as they stand in the folder, their examples run. @throws InputError when `dir` is in no repository */
export async function lookAtCorrections(dir: string): Promise<readonly CorrectionLook[]> {
  const inspection = await inspectRepository(dir);
  const files = await textsIn(inspection.root);
  const read = await proven(files, inspection);
  return files.map((file) => lookOf(file, read, inspection));
}

async function textsIn(root: string): Promise<readonly CorrectionText[]> {
  const names = await readdir(join(root, CORRECTIONS_FOLDER)).catch(() => []);
  const files: CorrectionText[] = [];
  for (const name of names.sort()) {
    const path = `${CORRECTIONS_FOLDER}/${name}`;
    const place = join(root, path);
    if (!isCorrectionPath(path) || !(await lstat(place)).isFile()) continue;
    files.push({ path, text: await readFile(place, "utf8") });
  }
  return files;
}

/** Examples of `quick-fix` need the repository's tools; the others nothing. */
async function proven(files: readonly CorrectionText[], inspection: Inspection): Promise<CorrectionsRead> {
  const needsTools = files.some(({ path, text }) => {
    const read = parseCorrection(text, path);
    return read.kind === "correction" && read.correction.does.kind === "quick-fix";
  });
  if (!needsTools || inspection.head === undefined) return readCorrections(files);
  const config = await loadConfig(inspection.root);
  const stateDir = await prepareStateDir(inspection.root, inspection.sharedDir);
  const sandbox = await chooseSandbox(config);
  const opened = await openRepository({ root: inspection.root, stateDir, config, sandbox, inspection });
  try {
    const head = await opened.repository.git.resolve("HEAD");
    return await readCorrections(files, head && { tree: head.tree, tools: opened.repository });
  } finally {
    await opened.close();
    await closeSandbox(sandbox);
  }
}

function lookOf({ path, text }: CorrectionText, read: CorrectionsRead, { dirty }: Inspection): CorrectionLook {
  const parsed = parseCorrection(text, path);
  const problems = read.problems.filter((problem) => problem.startsWith(`${path}: `));
  const correction = parsed.kind === "correction" ? parsed.correction : undefined;
  return {
    id: correction?.id ?? idOfCorrectionPath(path) ?? path,
    path,
    text,
    state: correction === undefined || problems.length > 0 ? "broken" : correction.state,
    problems,
    committed: !dirty.some((changed) => changed === path || path.startsWith(changed.replace(/\/?$/, "/"))),
    ...(correction === undefined
      ? {}
      : { title: correction.title, languages: correction.languages, does: correction.does.kind, why: correction.why }),
  };
}

/**
 * Switches a correction on or off in its file and answers the file's path; nothing is committed.
 * @throws InputError when there is no such correction, or its file cannot be read
 */
export async function switchCorrection(dir: string, id: string, state: "on" | "off"): Promise<string> {
  const { root } = await inspectRepository(dir);
  const files = await textsIn(root);
  const file = files.find(({ path }) => idOfCorrectionPath(path) === id);
  if (file === undefined)
    throw new InputError([
      noSuchCorrection(
        id,
        files.map(({ path }) => path),
      ),
    ]);
  const read = parseCorrection(file.text, file.path);
  if (read.kind === "problems") throw new InputError(read.problems);
  await writeFile(join(root, file.path), withState(file.text, state));
  return file.path;
}

/** Says which there are. */
function noSuchCorrection(id: string, paths: readonly string[]): string {
  const ids = paths.flatMap((path) => idOfCorrectionPath(path) ?? []);
  const hint = didYouMean(id, ids) || (ids.length === 0 ? "" : ` There are: ${ids.join(", ")}.`);
  return `There is no correction ${id} in ${CORRECTIONS_FOLDER}/.${hint}`;
}
