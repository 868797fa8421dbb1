import { join } from "node:path";
import { writeWhole } from "../adapters/models/write-whole.ts";
import { castOf } from "../domain/independence.ts";
import { priceOf, pricesOf } from "../domain/prices.ts";
import type { Watch } from "../mill.ts";
import { type Comparison, type ComparisonRow, comparisonRow, type Judged, withoutPaths } from "../views/comparison.ts";
import { comparisonReport } from "../views/comparison-report.ts";
import { costOf } from "../views/cost.ts";
import { foldRun } from "../views/fold-run.ts";
import { reportOf } from "../views/report.ts";
import type { OpenedRecord } from "./compare-record.ts";
import { identify } from "./compared.ts";
import { diffOf } from "./diff.ts";
import type { Starting } from "./run-once.ts";

/** One call of a comparison. */
export interface Calling {
  /** The first run, prepared: every run of the comparison starts like it. */
  readonly starting: Starting;
  readonly opened: OpenedRecord;
  readonly watch: Watch;
  readonly newRun: () => string;
  /** Why a model's run could not begin or go on, in this call. */
  readonly failures: Map<string, string>;
  readonly judged: Map<string, Judged>;
  /** What has landed, by its commit. */
  readonly diffs: Map<string, string>;
}

/** True for a run that is never gone on with. */
export function isFinal(state: string | undefined): boolean {
  return state === "done" || state === "stuck";
}

/** What a run has landed, without the plan, which is the same for all. One at a time: git has one room a repository. */
export async function landedDiff(run: string, { starting, diffs }: Calling): Promise<string> {
  const { root, stateDir, store, inputs } = starting;
  const view = foldRun(await store.open(run).entries());
  const last = view.landed.at(-1)?.commit;
  if (last === undefined) return "";
  const key = `${run} ${last}`;
  const known = diffs.get(key);
  if (known !== undefined) return known;
  const diff = await diffOf({ root, stateDir, store, submodules: inputs.config.submodules }, run, undefined);
  const own = withoutPaths(
    diff,
    view.plans.map(({ path }) => path),
  );
  diffs.set(key, own);
  return own;
}

export async function rowsOf(calling: Calling): Promise<readonly ComparisonRow[]> {
  const rows: ComparisonRow[] = [];
  for (const [at, model] of calling.opened.record.models.entries())
    rows.push(await rowOf(model, `${at + 1}-${slug(model)}`, calling));
  return rows;
}

async function rowOf(model: string, folder: string, calling: Calling): Promise<ComparisonRow> {
  const { starting, opened, failures, judged } = calling;
  const { record, dir } = opened;
  const { config, plans = [], workflow } = record.inputs;
  const run = record.runs[model];
  const entries = run === undefined ? [] : await starting.store.open(run).entries();
  const diff = run === undefined || entries.length === 0 ? "" : await landedDiff(run, calling);
  const view = foldRun(entries);
  if (run !== undefined && entries.length > 0) {
    await writeWhole(join(dir, folder, "diff.patch"), diff);
    await writeWhole(
      join(dir, folder, "report.md"),
      reportOf(view, costOf(view, pricesOf(config, Object.values(view.models)))),
    );
  }
  const price = priceOf(config, model);
  return comparisonRow({
    model,
    run,
    entries,
    plans,
    price: price.kind === "known" ? price.price : undefined,
    isReviewed: castOf(workflow).reviewers.includes("reviewer"),
    diff,
    judged: judged.get(model) ?? { kind: "not judged", reason: unjudged(view.state, diff) },
    failure: failures.get(model),
    kept: entries.length === 0 ? undefined : folder,
  });
}

function unjudged(state: string, diff: string): string {
  if (!isFinal(state)) return "its run has not ended";
  return diff === "" ? "nothing has landed" : "the judge has not been asked yet";
}

function slug(model: string): string {
  return model.replace(/[^A-Za-z0-9.]+/g, "-").slice(0, 60);
}

/** Writes `table.json`, `report.md` and what each model made, as far as the comparison has come. */
export async function keepTable(calling: Calling): Promise<Comparison> {
  const { opened } = calling;
  const { record, dir } = opened;
  const { inputs, samePath } = record;
  const { spec, base, config, plans = [] } = inputs;
  const comparison: Comparison = {
    id: record.id,
    title: spec.title,
    spec: spec.path,
    base,
    plans: plans.map(({ plan, tasks }) => ({
      plan,
      tasks: tasks.length,
      criteria: tasks.reduce((sum, { accept }) => sum + accept.length, 0),
    })),
    run: record.run,
    architect: identify(config, "architect").name,
    judge: identify(config, "judge").name,
    independence: config.independence,
    samePath,
    rows: await rowsOf(calling),
  };
  await writeWhole(join(dir, "table.json"), `${JSON.stringify(comparison, null, 2)}\n`);
  await writeWhole(join(dir, "report.md"), comparisonReport(comparison));
  return comparison;
}
