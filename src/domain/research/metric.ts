import { z } from "zod";

/** A number that the evaluation pipeline computes. */
export const Metric = z.strictObject({
  name: z.string().min(1),
  unit: z.string().min(1),
  direction: z.enum(["lower", "higher"]),
  computed: z.string().min(1),
  command: z.string().min(1),
  tolerance: z.number().positive().optional(),
});
export type Metric = Readonly<z.infer<typeof Metric>>;
