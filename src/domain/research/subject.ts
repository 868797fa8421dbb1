import { z } from "zod";
import { CHECKLIST_TESTS } from "./check.ts";

/**
 * Where the code lies that the probes import, and how it is probed. The module offers `build`, `batches`, `loss`, `optimizer`,
 * `learning_rate`, `train`, `save`, `load`, `evaluate` and `throughput`, as docs/guides/research-probes.md says.
 */
export const Subject = z.strictObject({
  path: z
    .string()
    .regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$)).+\.py$/, "a Python file inside the repository")
    .default("src/subject.py")
    .meta({ description: "Module that offers the parts of the experiment under the names that the probes import." }),
  framework: z.enum(["torch", "other"]).default("torch").meta({
    description:
      "What the probes know. Of any other, the four tests of the checklist are commands, believed by exit code.",
  }),
  tests: z.partialRecord(z.enum(CHECKLIST_TESTS), z.string().min(1)).default({}).meta({
    description:
      "For framework other: a shell command in the tree of each test of the checklist, with `{python}`, `{config}` and `{seed}` as in a metric's command; one that is missing is refused, but for evaluation_pipeline.",
  }),
  steps: z
    .int()
    .min(12)
    .max(10_000)
    .multipleOf(2)
    .default(100)
    .meta({ description: "Steps of the short training; a checkpoint is made half way." }),
  warmup: z.int().min(0).max(1000).default(3).meta({
    description: "Forward passes of warm-up that the throughput leaves out, at least.",
  }),
  probing: z
    .record(z.string(), z.json())
    .default({})
    .meta({ description: "Hyperparameters that are different while probing: `dropout: 0`, `clip: 1000000`." }),
});
export type Subject = Readonly<z.infer<typeof Subject>>;
