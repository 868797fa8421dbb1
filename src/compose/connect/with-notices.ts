import { basename } from "node:path";
import type { JournalStore } from "../../adapters/journal/store.ts";
import { messageOf } from "../../domain/connectors/allowed.ts";
import { type EndedRun, issueComment, messagesOf } from "../../domain/connectors/run-message.ts";
import type { RunOutcome } from "../../domain/outcome.ts";
import { redact } from "../../domain/redact.ts";
import { type ConnectPlace, callConnector } from "./connectors.ts";
import { issueOf } from "./issues.ts";

/** A run that ends, as the mill answers it. */
interface Ending {
  readonly run: string;
  readonly outcome: RunOutcome;
}

/**
 * Waits for a run and tells those whom the config names, and the issue that it came from. Whoever cannot be told is noted in the
 * connectors' log, and changes nothing.
 */
export async function withNotices<End extends Ending>(
  running: Promise<End>,
  place: Omit<ConnectPlace, "env"> & { readonly store: JournalStore },
): Promise<End> {
  const { config, store } = place;
  if (Object.keys(config.connectors).length === 0) return running;
  const stopped: string[] = [];
  const unwatch = store.watch(({ event }) => {
    if (event.type === "incident-opened") stopped.push(event.problem);
  });
  try {
    const end = await running;
    await tell(end, stopped, { ...place, env: process.env }).catch(() => undefined);
    return end;
  } finally {
    unwatch();
  }
}

async function tell(
  { run, outcome }: Ending,
  stopped: readonly string[],
  place: ConnectPlace & { readonly store: JournalStore },
): Promise<void> {
  const started = (await place.store.open(run).entries()).find(({ event }) => event.type === "run-started")?.event;
  const title = started?.type === "run-started" ? started.title : run;
  const ended: EndedRun = { run, outcome, title, stopped, repository: basename(place.root) };
  for (const { occasion, text } of messagesOf(ended))
    for (const notice of place.config.notify[occasion] ?? []) {
      const call = messageOf(notice, redact(text));
      await callConnector({ caller: "mill", ...call }, place).catch(() => undefined);
    }
  const issue = await issueOf(started?.type === "run-started" ? started.spec.path : undefined, place);
  const tools = issue && place.config.connectors[issue.connector]?.issue;
  if (issue === undefined || tools?.comment === undefined || outcome.kind === "cancelled") return;
  const given = { ...tools.with, [tools.commentKey]: issue.key, [tools.commentText]: redact(issueComment(ended)) };
  const call = { caller: "mill" as const, connector: issue.connector, tool: tools.comment, arguments: given };
  await callConnector(call, place).catch(() => undefined);
}
