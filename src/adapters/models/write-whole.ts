import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { StepFailure } from "../../domain/step-failure.ts";

/**
 * Writes a file so that nobody ever sees half of it; its folders are made.
 * @throws StepFailure `disk-full` or `environment` naming the path.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const part = `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(part, "w");
    try {
      await file.writeFile(text, "utf8");
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (cause) {
    await rm(part, { force: true }).catch(() => undefined);
    throw cannotWrite(path, cause);
  }
}

/** What an error of writing `path` means. */
export function cannotWrite(path: string, cause: unknown): StepFailure {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
  if (code === "ENOSPC" || code === "EDQUOT") {
    const hint = "Free some space there; the run goes on from where it stopped.";
    return new StepFailure(`no space left to write ${path}`, { code: "disk-full", remedy: "ask", hint, cause });
  }
  const hint = `Make ${dirname(path)} a folder that may be written to; the run goes on from where it stopped.`;
  return new StepFailure(`could not write ${path} (${code})`, { code: "environment", remedy: "ask", hint, cause });
}
