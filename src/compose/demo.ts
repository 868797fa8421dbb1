import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { probeBubblewrap } from "../adapters/sandbox/bubblewrap/open-bubblewrap.ts";
import type { JournalEntry } from "../domain/event.ts";
import { InputError, StepFailure } from "../domain/step-failure.ts";
import type { DemoEnd, Mill, RunEnd, Watch } from "../mill.ts";
import { foldRun } from "../views/fold-run.ts";
import { CHEAT_SPEC, cheatingScript } from "./demo-cheat.ts";
import { openMill } from "./open-mill.ts";
import { packageDir } from "./read-config.ts";
import type { Wiring } from "./wiring.ts";

/** What the bundled examples' set-up exports. */
interface Setup {
  setUp(name: string, dir: string): { readonly dir: string; readonly commit: string; readonly spec: string };
}

/**
 * The main job on the bundled pricing project, with recorded replies: no model, key, server or network. Where no sandbox
 * works it runs without one, and a notice says so.
 */
export async function runDemo(options: { readonly dir?: string | undefined }, watch: Watch): Promise<DemoEnd> {
  const dir =
    options.dir === undefined
      ? join(await mkdtemp(join(tmpdir(), "millwright-demo-")), "pricing")
      : resolve(options.dir);
  await setUpPricing(dir);
  const probe = await probeBubblewrap();
  const wiring: Wiring = probe.usable ? {} : { sandbox: "none" };
  const recording = join(packageDir, "examples", "pricing", "recording");
  const recorded = await withMill(dir, wiring, (mill) => mill.replay({ dir: recording }, { strict: false }, watch));
  const runs = [{ ...recorded, title: "Pricing, answered by a recorded language model" }];
  if (refusals(recorded.entries) > 0) return { repository: dir, runs };
  const scripted = await withMill(dir, { ...wiring, script: cheatingScript }, (mill) =>
    mill.run({ input: CHEAT_SPEC }, watch),
  );
  return {
    repository: dir,
    runs: [
      ...runs,
      { ...scripted, title: "The recording holds no refusal, so here a scripted maker cheats (no language model)" },
    ],
  };
}

async function setUpPricing(dir: string): Promise<void> {
  const there = await readdir(dir).catch(() => []);
  if (there.length > 0) throw new InputError([`${dir} is not empty. Name a folder that does not exist yet.`]);
  const { setUp } = (await import(pathToFileURL(join(packageDir, "examples", "setup.mjs")).href)) as Setup;
  try {
    setUp("pricing", dir);
  } catch (cause) {
    throw new StepFailure("The demo's project could not be set up.", {
      code: "environment",
      remedy: "stop",
      hint: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}

async function withMill(dir: string, wiring: Wiring, work: (mill: Mill) => Promise<RunEnd>) {
  const mill = await openMill(dir, {}, wiring);
  try {
    const end = await work(mill);
    return { ...end, entries: await mill.entries(end.run) };
  } finally {
    await mill.close();
  }
}

/** Asking a maker for the first time is no refusal: the views know the difference. */
function refusals(entries: readonly JournalEntry[]): number {
  return foldRun(entries).totals.refusals;
}
