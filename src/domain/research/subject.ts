import { z } from "zod";

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
