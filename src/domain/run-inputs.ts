import { z } from "zod";
import { AUDIT_LEVELS } from "./audit/audit-level.ts";
import { Config } from "./config.ts";
import { ModelsByRole } from "./model-config.ts";
import { PlanHeader } from "./plan.ts";
import { Workflow } from "./workflow.ts";

/** What a run froze at its start, as the journal and a recording keep it. */
export const RunInputs = z.strictObject({
  spec: z.strictObject({ path: z.string().optional(), title: z.string(), text: z.string(), digest: z.string() }),
  plans: z.array(PlanHeader.extend({ body: z.string() })).optional(),
  /** Names of those plans that are done already and lie below the base. */
  delivered: z.array(z.string()).optional(),
  config: Config,
  /** The models as the config file named them, before a person's flags: what a later look at the file is compared with. */
  configured: ModelsByRole.optional(),
  workflow: Workflow,
  base: z.strictObject({ commit: z.string(), branch: z.string().optional() }),
  /** Seconds since 1970: the date of every commit that the run makes, counted up. */
  startedAt: z.number().int(),
  version: z.string(),
  /** Branch that is moved to the result at the end. */
  land: z.string().optional(),
  /** Present: the run is an audit. `since`: the commit from which on changes are looked at. */
  audit: z.strictObject({ level: z.enum(AUDIT_LEVELS), since: z.string().optional() }).optional(),
  /** Present: the run implements an experiment; its design as it was when the run began. */
  research: z
    .strictObject({ folder: z.string(), texts: z.record(z.string(), z.string()), files: z.array(z.string()) })
    .optional(),
  /** Recorded replies that answer instead of models. */
  replay: z.strictObject({ dir: z.string(), strict: z.boolean() }).optional(),
});
export type RunInputs = z.infer<typeof RunInputs>;
