import { z } from "zod";

/** Hyperparameters; all of them become `experiments/exp-001/config.yaml`, and what has no meaning here is the project's own. */
export const Training = z
  .object({
    steps: z.number().int().min(1).meta({ description: "Steps of the optimizer in the full training." }),
    batch: z.number().int().min(1).meta({ description: "Examples in one micro-batch." }),
    accumulation: z.number().int().min(1).default(1).meta({ description: "Micro-batches in one step." }),
    seed: z.number().int().default(1),
    learning_rates: z
      .record(z.string().regex(/^\d+$/, "a step, like 100"), z.number())
      .default({})
      .meta({ description: "What the schedule must answer at named steps: `0: 0.0`, `100: 0.001`." }),
  })
  .catchall(z.json());
export type Training = z.infer<typeof Training>;
