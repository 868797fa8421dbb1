import { InputError } from "../../../domain/step-failure.ts";
import { foldRun } from "../../../views/fold-run.ts";
import { plainJson, plainLine } from "../../../views/plain.ts";
import { endingText } from "../ending.ts";
import { exitCodeOf } from "../exit-code.ts";
import { follow } from "../follow.ts";
import { paintWith } from "../paint.ts";
import { type Session, say, withMill } from "../session.ts";
import { withModels } from "./offer.ts";
import { type RequestOptions, requestOf } from "./run.ts";

interface PlanOptions extends RequestOptions {
  /** An issue that becomes the spec: `connector:KEY`. */
  readonly issue?: string;
}

export async function plan(session: Session, given: string, options: PlanOptions): Promise<number> {
  const { issue } = options;
  if (issue !== undefined && given !== "") throw new InputError(["Give either a spec or --issue, not both."]);
  const input = issue === undefined ? given : await (await session.doors()).readIssue(session.dir, session, issue);
  if (issue !== undefined && !session.json) say(session, `${plainLine(issue)} is now ${plainLine(input)}`);
  const request = requestOf(input, options);
  return withMill(session, async (mill) => {
    const complete = await withModels(session, { config: mill.config, request, yes: false });
    const end = await follow(session, (watch) => mill.plan(complete, watch));
    const entries = await mill.entries(end.run);
    const exit = exitCodeOf(end.outcome, entries);
    if (session.json) say(session, plainJson({ kind: "end", ...end, exit }));
    else if (end.path === undefined) {
      say(session, endingText(foldRun(entries), end, paintWith(session.terminal.colors)));
    } else {
      const path = plainLine(end.path);
      say(session, `\n${path}\nRead it, change it if you want, then: millwright run ${path}`);
    }
    return exit;
  });
}
