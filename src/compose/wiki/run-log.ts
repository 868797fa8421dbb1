import { mkdir, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { JournalEntry } from "../../domain/event.ts";
import type { RunInputs } from "../../domain/run-inputs.ts";
import { BranchResult } from "../../domain/step-shapes.ts";
import { type RunPage, runPage, type ToldRun, withRunEntries } from "../../domain/wiki/run-page.ts";
import { CONTEXT_PAGE, hasWiki, LOG_FOLDER, LOG_PAGE } from "../../domain/wiki/wiki-paths.ts";
import type { RunContext } from "../../engine/context.ts";
import type { Git } from "../../engine/ports.ts";
import type { Finish } from "../../engine/run.ts";
import { step } from "../../engine/step.ts";
import { renewedContext } from "../goal-files/status-of-tree.ts";

/** A run as far as its page needs it. */
export interface Logged {
  readonly inputs: RunInputs;
  readonly stateDir: string;
  /** It is one of the runs of a comparison. */
  readonly compared?: boolean;
}

/**
 * Files the page of a run whose goal is met on its branch, with the pages of loops that failed since, before it goes on to
 * wherever it lands. Nothing where there is no wiki, for a replay and for one run of a comparison.
 */
export function withLogPage(starting: Logged, context: RunContext, finish: Finish): Finish {
  return async (done) => {
    if (starting.inputs.replay === undefined && !starting.compared) await filePages(done.branch, starting, context);
    return finish(done);
  };
}

async function filePages(branch: string, { inputs, stateDir }: Logged, context: RunContext): Promise<void> {
  const { ports } = context;
  const { git } = ports.repository(undefined);
  const base = await git.resolve(inputs.base.commit);
  if (base === undefined || !hasWiki((await git.list(base.tree)).map(({ path }) => path))) return;
  const entries = await ports.journal.entries();
  const rounds = entries.filter(({ event }) => event.type === "goal-judged").length;
  const body = inputs.workflow.name === "document" ? (inputs.plans?.[0]?.body ?? "") : "";
  const own = runPage({ ...toldOf(ports.journal.run, entries, "done", ""), startedAt: inputs.startedAt, body });
  const at = inputs.startedAt + 2 * entries.filter(({ event }) => event.type === "task-ended").length + 2 * rounds;
  let filed: readonly string[] = [];
  await step(ports, { key: `wiki-log/${rounds}`, shape: BranchResult }, async () => {
    const pending = (await pendingPages(stateDir)).filter(({ path }) => path !== own.path);
    filed = [...pending.map(({ path }) => path), own.path];
    const head = inputs.workflow.name === "document" ? await git.resolve(branch) : undefined;
    const status = head && (await renewedContext(head.tree, context));
    return commitPages([...pending, own], { branch, at, status }, git);
  });
  await putAway(stateDir, filed);
}

async function commitPages(
  pages: readonly RunPage[],
  { branch, at, status }: { readonly branch: string; readonly at: number; readonly status: string | undefined },
  git: Git,
) {
  const head = await git.resolve(branch);
  if (head === undefined) return { branch, commit: "", tree: "" };
  const log = withRunEntries((await git.read(head.tree, LOG_PAGE)) ?? "", pages);
  const context = status === undefined ? [] : [{ path: CONTEXT_PAGE, text: status }];
  const texts = [...pages, ...context, { path: LOG_PAGE, text: log }].sort((one, two) =>
    one.path < two.path ? -1 : 1,
  );
  const layer = [];
  for (const { path, text } of texts) layer.push({ path, blob: await git.writeBlob(text), mode: "100644" as const });
  const tree = await git.layOver(head.tree, layer);
  if (tree === head.tree) return { branch, ...head };
  const message = `wiki: log ${pages.at(-1)?.title ?? "a run"}\n`;
  const commit = await git.commit({ tree, parents: [head.commit], message, at });
  await git.advance(branch, head.commit, commit);
  return { branch, commit, tree };
}

/** A run as far as its facts tell it. */
export function toldOf(run: string, entries: readonly JournalEntry[], outcome: string, reason: string): ToldRun {
  const started = entries.find(({ event }) => event.type === "run-started");
  const title = started?.event.type === "run-started" ? started.event.title : run;
  const plan = entries.flatMap(({ event }) => (event.type === "plan-accepted" ? [event.plan] : []))[0] ?? "";
  const kind = /^(document|ingest|lint)-\d{4}-/.exec(plan)?.[1] ?? "run";
  const startedAt = Math.floor((started?.at ?? entries[0]?.at ?? 0) / 1000);
  return { run, title, startedAt, kind, outcome, reason, body: "", entries };
}

const FOLDER = "log";
const FILED = "filed";

/** Pages of failed loops that no wiki has yet, oldest first. */
async function pendingPages(stateDir: string): Promise<readonly RunPage[]> {
  const dir = join(stateDir, FOLDER);
  const names = (await readdir(dir).catch(() => [])).filter((name) => /^\d{4}-\d{2}-\d{2}-.+\.md$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(dir, name), "utf8");
      const title = /^# (.+)$/m.exec(text)?.[1] ?? name;
      const entry = { at: Date.parse(name.slice(0, 10)), kind: "run", title, lines: [`- [Report](90_LOG/${name})`] };
      return { path: `${LOG_FOLDER}${name}`, title, text, entry };
    }),
  );
}

async function putAway(stateDir: string, paths: readonly string[]): Promise<void> {
  const dir = join(stateDir, FOLDER);
  await mkdir(join(dir, FILED), { recursive: true });
  for (const path of paths) {
    const name = path.slice(LOG_FOLDER.length);
    await rename(join(dir, name), join(dir, FILED, name)).catch(() => undefined);
  }
}
