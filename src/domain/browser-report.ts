import { z } from "zod";

/** How one check ended. Steps count from 1; step 0 is opening the page. */
export const CheckEnd = z.strictObject({
  id: z.string(),
  seconds: z.number(),
  failed: z
    .strictObject({
      step: z.number().int(),
      /** `unusable`: the step itself makes no sense to a browser, such as a broken selector. */
      kind: z.enum(["differs", "cannot", "unusable"]),
      expected: z.string(),
      seen: z.string(),
    })
    .optional(),
  /** Errors in the console, or that nobody caught, in order; at most 20. */
  console: z.array(z.string()),
});
export type CheckEnd = z.infer<typeof CheckEnd>;

/** What was seen of the built pages of one tree. */
export const BrowserReport = z.strictObject({
  /** The command that builds the pages failed: then nothing else was looked at. */
  build: z.strictObject({ exitCode: z.number().int().nullable(), output: z.string() }).optional(),
  ended: z.enum(["exited", "timeout", "memory", "output", "signal"]),
  /** Name and version, e.g. `Chromium 156.0.8078.79`. */
  browser: z.string(),
  sandbox: z.string(),
  checks: z.array(CheckEnd),
});
export type BrowserReport = z.infer<typeof BrowserReport>;
