import { InputError, StepFailure } from "../../../domain/step-failure.ts";
import { brokenJournal } from "../store.ts";

type Kind = "full" | "closed" | "busy" | "broken";

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/^(ENOSPC|EDQUOT|EFBIG|SQLITE_FULL)$/, "full"],
  [/^(SQLITE_BUSY|SQLITE_LOCKED)/, "busy"],
  [/^(SQLITE_CORRUPT|SQLITE_NOTADB)/, "broken"],
  [
    /^(EROFS|EACCES|EPERM|ENOENT|ENOTDIR|EISDIR|EEXIST|EIO|SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM|SQLITE_IOERR)/,
    "closed",
  ],
];

/** Does `work`; what the disk refuses is thrown as a failure that says what a person can do. */
export function onDisk<Result>(where: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw diskFailure(where, error);
  }
}

/** The failure behind an error of SQLite or of the file system; what is neither is given back as it is. */
function diskFailure(where: string, error: unknown): unknown {
  if (error instanceof StepFailure || error instanceof InputError) return error;
  const kind = kindOf(error);
  if (kind === undefined) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (kind === "broken") return brokenJournal(`${where} is damaged: ${reason}.`, error);
  const { message, code, hint } = WORDS[kind];
  return new StepFailure(`${where} ${message}: ${reason}`, { code, remedy: "stop", hint, cause: error });
}

const WORDS = {
  full: {
    message: "could not be written because the disk is full",
    code: "disk-full",
    hint: "Free some space, then go on with: millwright resume. Everything up to here is kept.",
  },
  closed: {
    message: "could not be opened or written",
    code: "environment",
    hint: "Make the folder writable for this user, then go on with: millwright resume.",
  },
  busy: {
    message: "stayed locked by another process",
    code: "environment",
    hint: "End the program that holds the journal open, then go on with: millwright resume.",
  },
} as const;

function kindOf(error: unknown): Kind | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.message.includes("Unable to open connection to local database")) return "closed"; // libsql gives no code here
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return KINDS.find(([pattern]) => pattern.test(code))?.[1];
}
