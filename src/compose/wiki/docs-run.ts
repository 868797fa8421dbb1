import { timeText } from "../../domain/time-text.ts";
import { type DocsTask, docsPlan, docsSpec } from "../../domain/wiki/docs-plan.ts";
import type { CommitId } from "../../domain/work.ts";
import type { RunEnd, Watch } from "../../mill.ts";
import { needModel } from "./need-model.ts";
import { onGround, secondsNow, type WikiPlace } from "./place.ts";
import type { WikiLoop } from "./wiki-door.ts";

/** A documentation task that is to be pursued; `base` undefined: from the commit that is checked out. */
export interface DocsRun extends DocsTask {
  /** What was read for it, for its page in the log. */
  readonly body: string;
  readonly base?: CommitId;
  readonly land?: string | undefined;
}

/** Pursues a plan of one documentation task in a run of its own. */
export async function pursueDocs(docs: DocsRun, place: WikiPlace, loop: WikiLoop, watch: Watch): Promise<RunEnd> {
  needModel("documenter", place);
  const base = docs.base ?? (await onGround(place, async ({ head }) => head.commit));
  const date = timeText(secondsNow(place) * 1000).slice(0, 10);
  const plan = docsPlan({ ...docs, name: `${docs.name}-${date}` }, base);
  const { title } = docs;
  const input = {
    spec: docsSpec(title),
    plans: [{ ...plan, body: docs.body }],
    notices: [],
  };
  return loop.pursue({ input, base, workflow: "document", land: docs.land }, watch);
}
