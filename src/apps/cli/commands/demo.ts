import type { DemoEnd } from "../../../mill.ts";
import { foldRun } from "../../../views/fold-run.ts";
import { plainJson, plainLine } from "../../../views/plain.ts";
import { endingText } from "../ending.ts";
import { EXIT, exitCodeOf } from "../exit-code.ts";
import { follow } from "../follow.ts";
import { paintWith } from "../paint.ts";
import { type Session, say } from "../session.ts";

export async function demo(session: Session, options: { readonly into?: string }): Promise<number> {
  const { runDemo } = await session.doors();
  const end = await follow(session, (watch) => runDemo({ dir: options.into }, watch));
  const first = end.runs[0];
  const exit = first ? exitCodeOf(first.outcome) : EXIT.stuck;
  if (session.json) {
    const runs = end.runs.map(({ title, run, outcome }) => ({ title, run, outcome }));
    say(session, plainJson({ kind: "end", repository: end.repository, runs, exit }));
  } else say(session, demoText(end, session));
  return exit;
}

function demoText(end: DemoEnd, session: Session): string {
  const paint = paintWith(session.terminal.colors);
  const runs = end.runs.flatMap((run) => [
    "",
    paint.strong(plainLine(run.title)),
    endingText(foldRun(run.entries), run, paint).trimStart(),
  ]);
  const look = `cd ${plainLine(end.repository)} && git log --all --oneline --graph`;
  return [...runs, "", `The repository: ${plainLine(end.repository)}`, `Look around:    ${look}`].join("\n");
}
