import type { CompareEnd } from "../../../mill.ts";
import { comparisonTables } from "../../../views/comparison-report.ts";
import { plainJson, plainLine } from "../../../views/plain.ts";
import { EXIT } from "../exit-code.ts";
import { follow } from "../follow.ts";
import { paintWith } from "../paint.ts";
import { type Session, say, withMill } from "../session.ts";
import { type RequestOptions, requestOf } from "./run.ts";

/** The options of `compare`, as the command line gives them. */
export interface CompareOptions extends Omit<RequestOptions, "land" | "recording" | "strict" | "yes"> {
  readonly models?: readonly string[];
  readonly samePath?: string;
  readonly again?: boolean;
}

/** A model that failed is a row: only what is not measured yet is no success. */
const EXITS: Readonly<Record<CompareEnd["outcome"]["kind"], number>> = {
  done: EXIT.done,
  stuck: EXIT.stuck,
  waiting: EXIT.waiting,
  cancelled: EXIT.interrupted,
};

export async function compare(session: Session, input: string, options: CompareOptions): Promise<number> {
  const { models: compared = [], samePath, again, ...rest } = options;
  const request = { ...requestOf(input, rest), compared, samePath, again };
  return withMill(session, async (mill) => {
    const end = await follow(
      session,
      (watch) => mill.compare(request, watch),
      () => "the same millwright compare",
    );
    const exit = EXITS[end.outcome.kind];
    if (session.json) say(session, plainJson({ kind: "end", ...end, exit }));
    else say(session, endingText(end, session));
    return exit;
  });
}

function endingText({ outcome, comparison, report }: CompareEnd, session: Session): string {
  const paint = paintWith(session.terminal.colors);
  const reason = outcome.reason === "" ? "" : `: ${plainLine(outcome.reason, 600)}`;
  const branches = comparison.rows.flatMap(({ model, branch, run }) =>
    branch === undefined ? [] : [`${plainLine(model)}: ${plainLine(branch)} (millwright show ${run})`],
  );
  return [
    "",
    `${paint.tone(outcome.kind === "done" ? "good" : "bad", paint.strong(outcome.kind))}${reason}`,
    "",
    comparisonTables(comparison).join("\n\n"),
    "",
    ...branches,
    plainLine(report, 400),
  ].join("\n");
}
