import { checkLine } from "../../../compose/andon/check.ts";
import type { OpenIncident } from "../../../domain/incident.ts";
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
    const stopped = await checkLine(mill.root).catch(() => []);
    const last = rows.at(-1);
    const atWork = mill.atWork();
    const view = last && pausedView(foldRun(await mill.entries(last.id)), atWork);
    if (session.json) {
      say(session, plainJson({ runs: rows, last: view, stopped }));
      return 0;
    }
    if (!view) {
      say(session, [...stoppedText(stopped), "No run yet. Start one with: millwright run specs/my-spec.md"].join("\n"));
      return 0;
    }
    const { columns = 80 } = session.terminal.stdout;
    const paint = paintWith(session.terminal.colors);
    const tree = drawTree(view, { columns, rows: 10_000, since: 0, live: new Map(), paint });
    say(
      session,
      [
        ...stoppedText(stopped),
        ...rows.map((row) => rowText(row, row === last && atWork ? "open" : "cut off", session)),
        "",
        tree,
      ].join("\n"),
    );
    return 0;
  });
}

function stoppedText(stopped: readonly OpenIncident[]): readonly string[] {
  return stopped.map(
    ({ id, kind, problem }) =>
      `The line is stopped by ${plainLine(id)} (${kind}): ${plainLine(problem, 200)} millwright andon show ${plainLine(id)}`,
  );
}

/** `unended`: what is said of a run without an outcome. */
function rowText(row: RunRow, unended: string, session: Session): string {
  const age = agoText(session.terminal.now() - row.createdAt);
  return [plainLine(row.id), (row.outcome ?? unended).padEnd(9), age.padEnd(15), plainLine(row.title, 80)].join("  ");
}
