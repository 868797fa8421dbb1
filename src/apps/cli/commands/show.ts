import { costOf } from "../../../views/cost.ts";
import { foldRun } from "../../../views/fold-run.ts";
import { plainJson } from "../../../views/plain.ts";
import { reportOf } from "../../../views/report.ts";
import { storyOf } from "../../../views/story.ts";
import { findRun } from "../find-run.ts";
import { paintDiff } from "../paint-diff.ts";
import { type Session, say, withMill } from "../session.ts";

export async function show(
  session: Session,
  wanted: string | undefined,
  options: { readonly story?: boolean },
): Promise<number> {
  return withMill(session, async (mill) => {
    const { id } = await findRun(mill, wanted);
    const entries = await mill.entries(id);
    const view = foldRun(entries);
    const cost = costOf(view, mill.config.prices);
    if (session.json) say(session, plainJson({ run: view, cost, story: storyOf(entries) }));
    else say(session, options.story ? storyOf(entries).join("\n") : reportOf(view, cost));
    return 0;
  });
}

export async function diff(session: Session, wanted: string | undefined, task: string | undefined): Promise<number> {
  return withMill(session, async (mill) => {
    const { id } = await findRun(mill, wanted);
    const text = await mill.diff(id, task);
    if (session.json) say(session, plainJson({ run: id, task, diff: text }));
    else if (text !== "") say(session, paintDiff(text, session));
    return 0;
  });
}
