import { posix } from "node:path";
import type { AgentProcess } from "../agent-process.ts";

/** Files that an agent reads and writes through its client. */
export interface AcpFiles {
  read(asked: { path: string; line?: number | null; limit?: number | null }): Promise<{ content: string }>;
  write(asked: { path: string; content: string }): Promise<Record<string, never>>;
}

/** The copy as the agent names it, and whether it is there to be changed. */
interface Place {
  readonly seen: string;
  readonly writable: boolean;
}

/**
 * Serves files of the copy and of nothing else, from inside the sandbox, so that no link leads further than the agent
 * itself could go. A file that is not there reads as empty: some agents ask before they make it.
 */
export function acpFiles(process: AgentProcess, { seen, writable }: Place): AcpFiles {
  return {
    async read({ path, line, limit }) {
      const text = await process.file({ path: within(seen, path) });
      if (line == null && limit == null) return { content: text };
      const first = Math.max(0, (line ?? 1) - 1);
      return {
        content: text
          .split("\n")
          .slice(first, limit == null ? undefined : first + limit)
          .join("\n"),
      };
    },
    async write({ path, content }) {
      if (!writable) throw new Error("nothing may be written here");
      await process.file({ path: within(seen, path), write: content });
      return {};
    },
  };
}

function within(seen: string, path: string): string {
  const below = posix.relative(seen, posix.resolve(seen, path));
  if (below === "" || below.startsWith("..")) throw new Error(`${path} is outside of the copy`);
  return below;
}
