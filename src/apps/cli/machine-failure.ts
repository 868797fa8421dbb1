import { StepFailure } from "../../domain/step-failure.ts";

const FULL = {
  code: "disk-full",
  message: "The disk is full",
  hint: "Free some space, also where temporary files are, then go on with: millwright resume. What had finished is kept.",
} as const;
const CLOSED = {
  code: "environment",
  message: "The machine refused to write",
  hint: "Make the folder writable for this user, then go on with: millwright resume. What had finished is kept.",
} as const;
const CROWDED = {
  code: "environment",
  message: "This machine has too many files open",
  hint: "End other programs or raise the limit (`ulimit -n`), then go on with: millwright resume.",
} as const;

const WORDS: Readonly<Record<string, typeof FULL | typeof CLOSED | typeof CROWDED>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EROFS: CLOSED,
  EMFILE: CROWDED,
  ENFILE: CROWDED,
};

/** What the system refused for want of room, wherever that was met: trouble of the machine, and no bug of ours. */
export function machineFailure(error: unknown): StepFailure | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const words = WORDS[String(error.code)];
  if (words === undefined) return undefined;
  const { message, code, hint } = words;
  return new StepFailure(`${message}: ${error.message}`, { code, remedy: "stop", hint, cause: error });
}
