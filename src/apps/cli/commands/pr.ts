import type { Forge } from "../../../domain/forge/forge.ts";
import { InputError } from "../../../domain/step-failure.ts";
import type { Mill } from "../../../mill.ts";
import { costOf } from "../../../views/cost.ts";
import { foldRun } from "../../../views/fold-run.ts";
import { plainJson, plainLine } from "../../../views/plain.ts";
import { pullRequestOf } from "../../../views/pull-request.ts";
import type { RunView } from "../../../views/run-view.ts";
import { EXIT } from "../exit-code.ts";
import { findRun } from "../find-run.ts";
import { type Session, say, withMill } from "../session.ts";

interface Options {
  readonly draft?: boolean;
  readonly ifLanded?: boolean;
  readonly remote?: string;
  readonly base?: string;
  readonly forge?: Forge;
}

export async function pr(session: Session, wanted: string | undefined, options: Options): Promise<number> {
  return withMill(session, async (mill) => {
    const view = await landedRun(mill, wanted);
    if (view !== undefined) return ask(session, mill, view, options);
    if (!options.ifLanded) throw new InputError(["That run has landed nothing: there is no branch to ask for."]);
    say(session, session.json ? plainJson({ kind: "nothing" }) : "Nothing has landed: no pull request.");
    return EXIT.done;
  });
}

async function ask(session: Session, mill: Mill, view: RunView, options: Options): Promise<number> {
  const { openPullRequest } = await session.doors();
  const { draft = false, remote = "origin", forge, base = view.base.branch } = options;
  const head = view.landed.at(-1)?.branch ?? "";
  const said = pullRequestOf(view, costOf(view, mill.config.prices));
  const end = await openPullRequest(mill.root, { ...said, head, base, remote, forge, draft });
  if (session.json) say(session, plainJson({ run: view.run, ...end }));
  else say(session, `${end.kind}: ${plainLine(end.url || end.branch, 400)}`);
  return EXIT.done;
}

/** The run that is named, else the newest one that landed something; undefined: there is none. @throws InputError */
async function landedRun(mill: Mill, wanted: string | undefined): Promise<RunView | undefined> {
  const rows = wanted === undefined ? [...(await mill.runs())].reverse() : [await findRun(mill, wanted)];
  for (const { id } of rows) {
    const view = foldRun(await mill.entries(id));
    if (view.landed.length > 0) return view;
  }
  return undefined;
}
