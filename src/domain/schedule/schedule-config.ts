import { z } from "zod";

/** The loops that run on their own, in the order in which they take turns when they are due at the same time. */
export const LOOPS = ["execute", "document", "audit"] as const;
export type Loop = (typeof LOOPS)[number];

/** What is written in place of a cron expression for "once something was merged". */
export const AFTER_MERGE = "after-merge";

const FIELDS = /^\s*\S+(\s+\S+){4}\s*$/;
const Cron = z.string().refine((text) => text === "off" || FIELDS.test(text), {
  message: 'a cron expression of five fields, like "0 3 * * 1", or off',
});
const CronOrMerge = z.string().refine((text) => text === "off" || text === AFTER_MERGE || FIELDS.test(text), {
  message: 'a cron expression of five fields, like "0 4 * * 1", after-merge, or off',
});

/** When `millwright serve` begins which loop. */
export const Schedule = z.strictObject({
  audit: Cron.default("0 3 * * 1").meta({ description: "Cron expression, or `off`. Default: Mondays at three." }),
  document: CronOrMerge.default(AFTER_MERGE).meta({
    description: "Cron expression, `after-merge` (once the branch that is checked out has moved), or `off`.",
  }),
  execute: Cron.default("*/10 * * * *").meta({
    description: "Cron expression, or `off`; does nothing while no plan is pending. Default: every ten minutes.",
  }),
  missed: z.enum(["once", "skip"]).default("once").meta({
    description:
      "Ticks that passed while nothing could start (not running, busy, paused, line stopped): `once` makes up for the latest of them, `skip` for none.",
  }),
  timezone: z.string().optional().meta({ description: "Like `Europe/Zurich`; default: the machine's own." }),
});
export type Schedule = z.infer<typeof Schedule>;
