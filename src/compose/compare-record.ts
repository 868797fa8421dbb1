import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeWhole } from "../adapters/models/write-whole.ts";
import { digestOfValue } from "../domain/digest.ts";
import { RunInputs } from "../domain/run-inputs.ts";
import { InputError } from "../domain/step-failure.ts";

/** What a comparison has to remember beside the journals of its runs. */
const CompareRecord = z.strictObject({
  id: z.string(),
  /** As they are asked: where all go one way, with that server's name. */
  models: z.array(z.string()),
  samePath: z.string().optional(),
  /** The run in which the plan is made and the results are judged. */
  run: z.string(),
  /** Of every run; its plans are the frozen ones once `planned`. */
  inputs: RunInputs,
  notices: z.array(z.string()),
  planned: z.boolean(),
  /** Run by model. */
  runs: z.record(z.string(), z.string()),
});
export type CompareRecord = z.infer<typeof CompareRecord>;

/** A comparison's folder with its record. */
export interface OpenedRecord {
  readonly dir: string;
  record: CompareRecord;
}

type Fresh = Omit<CompareRecord, "id" | "planned" | "runs">;

/**
 * The comparison that asks the same of the same commit: one that was interrupted goes on as it was frozen; `again` begins
 * another one beside it. Until there is a plan, what is asked now counts.
 */
export async function openRecord(stateDir: string, fresh: Fresh, again: boolean): Promise<OpenedRecord> {
  const name = `c${fingerprintOf(fresh).slice(0, 10)}`;
  let last: CompareRecord | undefined;
  let count = 0;
  for (;;) {
    const next = await readRecord(dirOf(stateDir, numbered(name, count + 1)));
    if (next === undefined) break;
    last = next;
    count++;
  }
  const id = last === undefined || again ? numbered(name, count + 1) : last.id;
  const begun = again ? undefined : last;
  const record = begun?.planned
    ? { ...begun, inputs: mended(begun.inputs, fresh.inputs) }
    : { ...fresh, id, run: begun?.run ?? fresh.run, planned: false, runs: {} };
  const opened: OpenedRecord = { dir: dirOf(stateDir, id), record };
  await keepRecord(opened, {});
  return opened;
}

/** What was frozen, but for how models are reached, what they cost and what may be spent: that may be mended meanwhile. */
export function mended<Inputs extends Pick<RunInputs, "config">>(
  frozen: Inputs,
  now: Pick<RunInputs, "config">,
): Inputs {
  const { servers, agents, prices, budget } = now.config;
  return { ...frozen, config: { ...frozen.config, servers, agents, prices, budget } };
}

/** Remembers what has changed, at once. @throws StepFailure when it cannot be written */
export async function keepRecord(opened: OpenedRecord, change: Partial<CompareRecord>): Promise<void> {
  opened.record = { ...opened.record, ...change };
  await writeWhole(join(opened.dir, "comparison.json"), `${JSON.stringify(opened.record, null, 2)}\n`);
}

function fingerprintOf({ models, samePath, inputs }: Fresh): string {
  const { spec, plans, base, workflow, config } = inputs;
  const asked = { spec: spec.digest, plans, commit: base.commit, workflow: workflow.name, roles: config.models };
  return digestOfValue({ models, samePath, ...asked, independence: config.independence });
}

function dirOf(stateDir: string, id: string): string {
  return join(stateDir, "compare", id);
}

function numbered(name: string, number: number): string {
  return number === 1 ? name : `${name}-${number}`;
}

async function readRecord(dir: string): Promise<CompareRecord | undefined> {
  const path = join(dir, "comparison.json");
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return CompareRecord.parse(JSON.parse(text));
  } catch {
    throw new InputError([`${path} cannot be read: move its folder away to begin this comparison anew.`]);
  }
}
