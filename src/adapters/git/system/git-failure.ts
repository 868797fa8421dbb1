import { StepFailure } from "../../../domain/step-failure.ts";

const MOST_WORDS = 2_000;

interface Sign {
  readonly seen: RegExp;
  readonly code: "disk-full" | "git-failed";
  readonly remedy: "retry" | "ask" | "stop";
  readonly hint: string;
}

/** The first sign that is seen names the failure. */
const SIGNS: readonly Sign[] = [
  {
    seen: /No space left on device|Disk quota exceeded|\bENOSPC\b|\bEDQUOT\b/,
    code: "disk-full",
    remedy: "ask",
    hint: "Free some space on the disk that holds the repository and the folder for temporary files, then resume.",
  },
  {
    seen: /Read-only file system|\bEROFS\b/,
    code: "git-failed",
    remedy: "ask",
    hint: "The folder is on a read-only file system: mount it writable, or work on a clone elsewhere.",
  },
  {
    seen: /[Pp]ermission denied|insufficient permission|\bEACCES\b|\bEPERM\b/,
    code: "git-failed",
    remedy: "ask",
    hint: "Give this user the right to write there (`ls -ld` the path in the message), then resume.",
  },
  {
    seen: /refs\/(heads|millwright)\/.*' exists; cannot create|cannot lock ref .*(exists|conflicts)/,
    code: "git-failed",
    remedy: "ask",
    hint: "A branch has the name of a folder that is needed here: rename it with `git branch -m`, then resume.",
  },
  {
    seen: /\.lock': File exists|Another git process/,
    code: "git-failed",
    remedy: "retry",
    hint: "Another git process holds the lock named in the message; if none is running, remove that file.",
  },
  {
    seen: /corrupt|bad object|unable to read|missing (blob|tree|commit)|does not point to a valid object/i,
    code: "git-failed",
    remedy: "stop",
    hint: "An object is missing or broken: `git fsck` in the repository names it; a fetch may bring it back.",
  },
];

const UNKNOWN: Omit<Sign, "seen"> = {
  code: "git-failed",
  remedy: "ask",
  hint: "The message above is git's own; when it is mended, resume the run.",
};

/** What git, or the file system under it, said when it could not do `what`. */
export function gitFailure(what: string, said: string, cause?: unknown): StepFailure {
  const { code, remedy, hint } = SIGNS.find((sign) => sign.seen.test(said)) ?? UNKNOWN;
  const words = said.trim().slice(-MOST_WORDS) || "git said nothing";
  return new StepFailure(`${what}: ${words}`, { code, remedy, hint, cause });
}

/** Turns an error of the file system into a failure that says what to do; any other error passes unchanged. */
export async function onDisk<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    throw gitFailure(what, error.message, error);
  }
}
