import { appendFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { StepFailure } from "../domain/step-failure.ts";

/** The mill's folder in a repository, kept out of git by the repository's own exclude file, never by a tracked one. */
export async function prepareStateDir(root: string, sharedGitDir: string): Promise<string> {
  const stateDir = join(root, ".millwright");
  try {
    await mkdir(stateDir, { recursive: true });
    await exclude(join(sharedGitDir, "info"));
  } catch (cause) {
    throw new StepFailure(`${stateDir} cannot be written.`, {
      code: "environment",
      remedy: "stop",
      hint: "Make the repository's folder writable for you, then try again.",
      cause,
    });
  }
  return stateDir;
}

async function exclude(infoDir: string): Promise<void> {
  const path = join(infoDir, "exclude");
  const text = await readFile(path, "utf8").catch(() => "");
  if (/^\/?\.millwright\/?$/m.test(text)) return;
  await mkdir(infoDir, { recursive: true });
  await appendFile(path, `${text === "" || text.endsWith("\n") ? "" : "\n"}/.millwright/\n`);
}
