import { join } from "node:path";
import { systemClock } from "../adapters/clock/system.ts";
import { inspectRepository } from "../adapters/git/system/inspection.ts";
import type { IncidentBook } from "../adapters/line/book.ts";
import { openFilesLine } from "../adapters/line/files/open-files-line.ts";
import { StepFailure } from "../domain/step-failure.ts";

/** The incidents of a repository, in `incidents/` of its state folder. Nothing is read or written before it is asked. */
export function openLine(root: string, stateDir: string): IncidentBook {
  const dir = join(stateDir, "incidents");
  const clock = systemClock();
  return openFilesLine(dir, {
    clock,
    look: async () => {
      const { branch, head, dirty } = await inspectRepository(root);
      return { branch, head, status: dirty };
    },
    alone: async (work) => {
      const { acquireLock } = await import("../adapters/lock/lock.ts");
      const lock = await patiently(() => acquireLock(dir, { command: "andon" }, clock));
      try {
        return await work();
      } finally {
        lock.release();
      }
    },
  });
}

const TRIES = 50;
const PAUSE = 100;

/** Whoever changes an incident is done in a moment. */
async function patiently<Lock>(take: () => Promise<Lock>): Promise<Lock> {
  const clock = systemClock();
  for (let tries = 1; ; tries++) {
    try {
      return await take();
    } catch (error) {
      if (!(error instanceof StepFailure) || error.code !== "environment" || tries === TRIES) throw error;
      await clock.sleep(PAUSE);
    }
  }
}
