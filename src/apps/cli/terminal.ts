/** What a command knows of the terminal and the process that it runs in. */
export interface Terminal {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly colors: boolean;
  /** True when standard output may be redrawn. */
  readonly redraws: boolean;
  readonly cwd: string;
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `listener` for each wish to stop (Ctrl-C, SIGTERM, a reader that left). The answer ends it. */
  onStop(listener: () => void): () => void;
  /** Calls `listener` with what nobody has caught. */
  onCrash(listener: (error: unknown) => void): void;
  /** Asks a person a question; undefined where none can answer. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** Ends the process at once. */
  exit(code: number): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** NO_COLOR wins, then FORCE_COLOR, then whether a terminal is there (https://no-color.org). */
export function wantsColor(environment: Environment, isTty: boolean): boolean {
  if (environment.NO_COLOR) return false;
  const forced = environment.FORCE_COLOR;
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return isTty && environment.TERM !== "dumb";
}

/** Lines are only rewritten where a person watches. */
export function mayRedraw(environment: Environment, isTty: boolean): boolean {
  return isTty && environment.TERM !== "dumb" && !environment.CI;
}

export function processTerminal(): Terminal {
  const isTty = process.stdout.isTTY === true;
  for (const stream of [process.stdout, process.stderr]) stream.on("error", mustBePipe);
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    colors: wantsColor(process.env, isTty),
    redraws: mayRedraw(process.env, isTty),
    cwd: process.cwd(),
    now: () => Date.now(),
    onStop: stopsOf,
    onCrash: (listener) => void process.on("uncaughtException", listener),
    ask: process.stdin.isTTY && process.stderr.isTTY ? askPerson : undefined,
    exit: (code) => process.exit(code),
  };
}

/** Ctrl-C and a closed terminal count as no. */
async function askPerson(question: string): Promise<string> {
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const closed = new Promise<string>((done) => lines.once("close", () => done("")));
    return await Promise.race([lines.question(question), closed]);
  } finally {
    lines.close();
  }
}

function stopsOf(listener: () => void): () => void {
  process.on("SIGINT", listener).on("SIGTERM", listener);
  process.stdout.on("error", listener);
  return () => {
    process.off("SIGINT", listener).off("SIGTERM", listener);
    process.stdout.off("error", listener);
  };
}

/** A reader may leave, as `head` does; any other trouble with the output is a crash. */
function mustBePipe(error: Error): void {
  if (!("code" in error && error.code === "EPIPE")) throw error;
}
