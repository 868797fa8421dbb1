import type { AgentClient } from "../../domain/goal-files/agent-files.ts";
import type { KeptFile } from "./keep-file.ts";

export interface InitOptions {
  /** Writes a config that is there anew. */
  readonly yes: boolean;
  /** Goal files, the plans' template and operating principles too. */
  readonly full?: boolean | undefined;
  /** An agent program for which roles and a command are written down. */
  readonly agents?: AgentClient | undefined;
}

export interface InitEnd {
  readonly path: string;
  readonly text: string;
  /** What was detected, and what a person still has to decide. */
  readonly notes: readonly string[];
  /** Other files that were to be written, and what became of each. */
  readonly files: readonly KeptFile[];
}
