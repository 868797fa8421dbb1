import { z } from "zod";
import { type PlacedProblem, twice } from "./placed-problem.ts";
import { Tolerance, USUAL_TOLERANCE } from "./tolerance.ts";

/** A number that a paper reports, and how near the reproduction must come. */
export const BaselineMetric = z.strictObject({
  reported: z.number().meta({ description: "As the paper says it." }),
  tolerance: Tolerance.optional().meta({ description: "Default 0.05: within 5 % of what is reported." }),
});
export type BaselineMetric = z.infer<typeof BaselineMetric>;

const NAME = /^[a-z0-9][a-z0-9-]{0,60}$/;

/** A reference implementation that the experiment is compared with. */
export const Baseline = z
  .strictObject({
    name: z.string().regex(NAME, "small letters, digits and dashes"),
    paper: z.string().min(1).meta({ description: "Title, year and where it can be read." }),
    code_available: z.boolean().default(true),
    source: z
      .string()
      .min(1)
      .optional()
      .meta({ description: "Git URL, or the path of a repository beside or inside this one." }),
    commit: z
      .string()
      .regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/, "the whole commit name: 40 small hexadecimal digits")
      .optional(),
    install: z
      .string()
      .min(1)
      .optional()
      .meta({ description: "Shell command before the run, in the sandbox, without a network." }),
    command: z.string().min(1).optional().meta({
      description:
        "Shell command in the clone. It prints its metrics as one JSON object on a line of its own; the last one counts.",
    }),
    seconds: z
      .int()
      .positive()
      .max(86_400)
      .optional()
      .meta({ description: "Longest run; default limits.commandSeconds." }),
    patch: z.string().min(1).optional().meta({
      description: "Path of the patch in the repository that adapts it to the same data and evaluation.",
    }),
    metrics: z.record(z.string().min(1), BaselineMetric),
  })
  .check(({ value, issues }) => {
    for (const key of ["source", "commit", "command"] as const)
      if (value.code_available && value[key] === undefined)
        issues.push({
          code: "custom",
          input: value,
          path: [key],
          message: "is missing; it is needed unless code_available is false",
        });
    if (Object.keys(value.metrics).length === 0)
      issues.push({
        code: "custom",
        input: value,
        path: ["metrics"],
        message: "must name at least one reported metric",
      });
    for (const [name, { reported, tolerance }] of Object.entries(value.metrics))
      if (reported === 0 && typeof (tolerance ?? USUAL_TOLERANCE) === "number")
        issues.push({
          code: "custom",
          input: value,
          path: ["metrics", name, "tolerance"],
          message: "is missing: 0 is reported, and a share of 0 is 0; write tolerance: {absolute: 0.1}",
        });
  });
export type Baseline = z.infer<typeof Baseline>;

/** What can be read of a baseline that may be wrong elsewhere. */
export interface BaselineSketch {
  readonly name?: string | undefined;
  readonly metrics?: Readonly<Record<string, unknown>> | undefined;
}

/** What of the baselines cannot be meant, beside each one's own shape. */
export function baselineProblems(baselines: readonly BaselineSketch[]): readonly PlacedProblem[] {
  return twice(baselines.map(({ name }) => name)).map(({ name, at }) => ({
    path: ["baselines", at, "name"],
    message: `baselines: ${name} is there twice; give each a name of its own.`,
  }));
}
