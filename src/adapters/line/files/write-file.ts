import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { StepFailure } from "../../../domain/step-failure.ts";

/** Writes a file so that nobody ever sees half of it, and so that it is on the disk afterwards. */
export async function writeFileWhole(path: string, text: string): Promise<void> {
  const part = `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    await writeSynced(part, text);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** Writes a file that nobody looks at yet, down to the disk. */
export async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.writeFile(text, "utf8");
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Does something in the incidents' folder. @throws StepFailure `disk-full` or `environment` naming it */
export async function inFolder<Result>(dir: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    const code = codeOf(cause);
    if (code === undefined) throw cause;
    if (code === "ENOSPC" || code === "EDQUOT")
      throw new StepFailure(`no space left to write an incident in ${dir}`, {
        code: "disk-full",
        remedy: "ask",
        hint: "Free some space there; the run goes on from where it stopped.",
        cause,
      });
    throw new StepFailure(`the incidents in ${dir} cannot be read or written (${code})`, {
      code: "environment",
      remedy: "ask",
      hint: `Make ${dirname(dir)} a folder that may be read and written, then try again.`,
      cause,
    });
  }
}

/** The system's name of an error, like ENOENT; undefined for errors of the program. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
