import type { JournalEntry } from "../../../domain/event.ts";
import type { Watch } from "../../../mill.ts";
import { foldEntry } from "../../../views/fold-run.ts";
import { EMPTY_RUN, type RunView } from "../../../views/run-view.ts";

/** Where the facts of a command become visible. */
export interface Screen extends Pick<Watch, "entry" | "glimpse"> {
  /** Leaves the full record in the scrollback. */
  close(): void;
}

/** Folded views by run: a command may show more than one. */
export function openViews(): { add(entry: JournalEntry): { readonly before: RunView; readonly view: RunView } } {
  const views = new Map<string, RunView>();
  return {
    add(entry) {
      const before = views.get(entry.run) ?? EMPTY_RUN;
      const view = foldEntry(before, entry);
      views.set(entry.run, view);
      return { before, view };
    },
  };
}
