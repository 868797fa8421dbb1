import type { IncidentBook } from "../../adapters/line/book.ts";
import type { Config } from "../../domain/config.ts";

/** What the commands of the Andon work on. */
export interface Desk {
  readonly root: string;
  readonly stateDir: string;
  readonly config: Config;
  readonly book: IncidentBook;
}
