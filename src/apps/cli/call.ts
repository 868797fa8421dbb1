import { CommanderError } from "commander";
import type { Doors } from "../../mill.ts";
import { EXIT } from "./exit-code.ts";
import { buildProgram } from "./program.ts";
import type { Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

export interface Call {
  /** The words after the program's name. */
  readonly words: readonly string[];
  readonly version: string;
  readonly terminal: Terminal;
  doors(): Promise<Doors>;
}

/** Does what one command line says; answers the exit code and never throws. */
export async function answerCall({ words, version, terminal, doors }: Call): Promise<number> {
  let exit: number = EXIT.done;
  const json = words.includes("--json");
  let session: Session = { terminal, dir: terminal.cwd, config: undefined, json, journal: undefined, doors };
  const program = buildProgram(version, {
    terminal,
    doors,
    began: (begun) => {
      session = begun;
    },
    ended: (code) => {
      exit = code;
    },
  });
  const tell = async (error: unknown) => (await import("./problem.ts")).tellProblem(error, session);
  terminal.onCrash((error) => void tell(error).then(terminal.exit));
  try {
    await program.parseAsync(words, { from: "user" });
    return exit;
  } catch (error) {
    if (!(error instanceof CommanderError)) return tell(error);
    if (error.exitCode === 0) return EXIT.done;
    if (json)
      terminal.stdout.write(
        `${JSON.stringify({ kind: "error", exit: EXIT.usage, code: "usage", message: error.message })}\n`,
      );
    return EXIT.usage;
  }
}
