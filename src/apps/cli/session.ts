import type { Doors, Mill } from "../../mill.ts";
import type { Terminal } from "./terminal.ts";

/** One call of the command line. */
export interface Session {
  readonly terminal: Terminal;
  /** Absolute path of the folder in which the command works. */
  readonly dir: string;
  readonly config: string | undefined;
  readonly json: boolean;
  /** Where the journal is, once that is known: told to people when something is wrong with millwright itself. */
  journal: string | undefined;
  doors(): Promise<Doors>;
}

/** Opens the mill of the session's folder, and closes it whatever happens. */
export async function withMill<Result>(session: Session, work: (mill: Mill) => Promise<Result>): Promise<Result> {
  const { openMill } = await session.doors();
  const mill = await openMill(session.dir, { config: session.config });
  session.journal = mill.journal;
  try {
    return await work(mill);
  } finally {
    await mill.close();
  }
}

/** Prints text that is already plain. */
export function say(session: Session, text: string): void {
  session.terminal.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}
