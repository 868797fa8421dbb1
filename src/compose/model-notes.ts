import { digestOfValue } from "../domain/digest.ts";
import type { Journal } from "../engine/ports.ts";

/** What the model servers of a run tell a person; it is kept in the journal as notices. */
export interface ModelNotes {
  /** What a person should know of a server; the same message is kept once a run. */
  readonly onNotice: (message: string) => void;
  /** What a server has loaded so far; only the last word is kept. */
  readonly onLoads: (server: string, message: string) => void;
  /** Keeps the last words, and waits for all. @throws what the journal threw */
  end(): Promise<void>;
}

export function modelNotes(journal: Journal): ModelNotes {
  const loads = new Map<string, string>();
  const kept: Promise<unknown>[] = [];
  const keep = (key: string, message: string) => journal.append(key, { type: "notice", message });
  return {
    onNotice(message) {
      const writing = keep(`notice/models/${digestOfValue(message).slice(0, 12)}`, message);
      // Whoever waits at the end hears of a failure; nobody listens before that.
      writing.catch(() => undefined);
      kept.push(writing);
    },
    onLoads: (server, message) => void loads.set(server, message),
    async end() {
      await Promise.all(kept);
      for (const [server, message] of loads) {
        let count = 1;
        while (await journal.find(`notice/loads/${server}/${count}`)) count++;
        await keep(`notice/loads/${server}/${count}`, message);
      }
      loads.clear();
    },
  };
}
