import type { RunRow } from "../../../mill.ts";
import { agoText } from "../../../views/amounts.ts";
import { foldRun } from "../../../views/fold-run.ts";
import { pausedView } from "../../../views/paused.ts";
import { plainJson, plainLine } from "../../../views/plain.ts";
import { paintWith } from "../paint.ts";
import { drawTree } from "../screen/tree.ts";
import { type Session, say, withMill } from "../session.ts";

export async function status(session: Session): Promise<number> {
  return withMill(session, async (mill) => {
    const rows = await mill.runs();
    const last = rows.at(-1);
    const atWork = mill.atWork();
    const view = last && pausedView(foldRun(await mill.entries(last.id)), atWork);
    if (session.json) {
      say(session, plainJson({ runs: rows, last: view }));
      return 0;
    }
    if (!view) {
      say(session, "No run yet. Start one with: millwright run specs/my-spec.md");
      return 0;
    }
    const { columns = 80 } = session.terminal.stdout;
    const paint = paintWith(session.terminal.colors);
    const tree = drawTree(view, { columns, rows: 10_000, since: 0, live: new Map(), paint });
    say(
      session,
      [...rows.map((row) => rowText(row, row === last && atWork ? "open" : "cut off", session)), "", tree].join("\n"),
    );
    return 0;
  });
}

/** `unended`: what is said of a run without an outcome. */
function rowText(row: RunRow, unended: string, session: Session): string {
  const age = agoText(session.terminal.now() - row.createdAt);
  return [plainLine(row.id), (row.outcome ?? unended).padEnd(9), age.padEnd(15), plainLine(row.title, 80)].join("  ");
}
