import type { Forge } from "../../../domain/forge/forge.ts";
import { InputError } from "../../../domain/step-failure.ts";
import { costOf } from "../../../views/cost.ts";
import { foldRun } from "../../../views/fold-run.ts";
import { plainJson, plainLine } from "../../../views/plain.ts";
import { pullRequestOf } from "../../../views/pull-request.ts";
import { EXIT } from "../exit-code.ts";
import { findRun } from "../find-run.ts";
import { type Session, say, withMill } from "../session.ts";

interface Options {
  readonly draft?: boolean;
  readonly remote?: string;
  readonly base?: string;
  readonly forge?: Forge;
}

export async function pr(session: Session, wanted: string | undefined, options: Options): Promise<number> {
  const doors = await session.doors();
  return withMill(session, async (mill) => {
    const { id } = await findRun(mill, wanted);
    const view = foldRun(await mill.entries(id));
    const head = view.landed.at(-1)?.branch ?? view.plans.at(-1)?.branch;
    if (head === undefined || view.landed.length === 0)
      throw new InputError([`Run ${id} has landed nothing: there is no branch to ask for.`]);
    const { draft = false, remote = "origin", forge } = options;
    const base = options.base ?? view.base.branch;
    const said = pullRequestOf(view, costOf(view, mill.config.prices));
    const end = await doors.openPullRequest(mill.root, { ...said, head, base, remote, forge, draft });
    if (session.json) say(session, plainJson({ run: id, ...end }));
    else say(session, `${end.kind}: ${plainLine(end.url || end.branch, 400)}`);
    return EXIT.done;
  });
}
