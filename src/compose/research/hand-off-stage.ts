import { z } from "zod";
import { comparedIn } from "../../domain/research/baseline-report.ts";
import { CHECKLIST_TESTS, type Check } from "../../domain/research/check.ts";
import { handOffText } from "../../domain/research/hand-off.ts";
import { CONFIG_JSON_PATH, HAND_OFF_PATH } from "../../domain/research/hand-off-run.ts";
import { ResultNumber } from "../../domain/research/results.ts";
import type { Json, StageFile } from "../../domain/research/stage.ts";
import { researchPlots } from "../../views/research-plots.ts";
import { drawPlot } from "./draw-plot.ts";
import { configOf } from "./probe-room.ts";
import type { StageWork } from "./world.ts";

const FOLDER = "experiments/exp-001";

const Evaluated = z.object({ numbers: z.array(ResultNumber) });
const Integrated = z.object({
  losses: z.array(z.number().nullable()),
  checks: z.array(
    z.object({
      name: z.string(),
      test: z.enum(CHECKLIST_TESTS),
      status: z.enum(["pass", "fail", "not-judged"]),
      detail: z.string(),
    }),
  ),
  seconds: z.number().optional(),
  unseen: z.array(z.object({ name: z.string(), test: z.enum(CHECKLIST_TESTS) })).default([]),
});
const Skipped = z.object({ skipped: z.string() });
const Reviewed = z.object({ by: z.string() });
const Noted = z.object({ notes: z.array(z.string()) });

/** The page that the training stage is handed, and its plots. */
export async function handOffFiles(work: StageWork): Promise<readonly StageFile[]> {
  const { design, commit, reportOf } = work;
  const python = work.python();
  const numbers = read(Evaluated, reportOf("evaluation"))?.numbers ?? [];
  const integrated = read(Integrated, reportOf("integration"));
  const checks: readonly Check[] = integrated?.checks ?? [];
  const baselines = comparedIn(reportOf("baselines"));
  const plots = researchPlots({ losses: integrated?.losses ?? [], baselines, numbers });
  const drawn = await Promise.all(
    plots.map(async (plot) => ({ path: `${FOLDER}/${plot.name}.svg`, text: await drawPlot(plot) })),
  );
  const text = handOffText({
    design,
    commit,
    environment: python.digest,
    hardware: python.accelerator,
    numbers,
    checks,
    unseen: integrated?.unseen ?? [],
    baselines,
    seconds: integrated?.seconds,
    reviewer: read(Reviewed, reportOf("review"))?.by,
    notes: read(Noted, reportOf("environment"))?.notes ?? [],
    unreviewed: read(Skipped, reportOf("review"))?.skipped,
    plots: plots.map(({ name }) => `${name}.svg`),
  });
  const config = { path: CONFIG_JSON_PATH, text: `${JSON.stringify(configOf(design, "results"), undefined, 1)}\n` };
  return [{ path: HAND_OFF_PATH, text }, config, ...drawn];
}

function read<Schema extends z.ZodType>(schema: Schema, report: Json | undefined): z.output<Schema> | undefined {
  const parsed = schema.safeParse(report);
  return parsed.success ? parsed.data : undefined;
}
