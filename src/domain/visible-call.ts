import { z } from "zod";

/** Text that is run to see what a call comes to: statements that stand before it, and the expression that is looked at. */
export const RunText = z.strictObject({ setup: z.array(z.string()), call: z.string() });
export type RunText = z.infer<typeof RunText>;

/** An outcome that a test file looks at, and how to come by others: the same text with one of its inputs changed. */
export const VisibleCall = z.strictObject({
  ...RunText.shape,
  /** What is looked at, its arguments left out: `subtract()`, `Cart().total()`. */
  observed: z.string(),
  /** Where the name at its root is imported from, as it is written: `../src/subtract.ts`, `app.prices`. */
  from: z.string(),
  line: z.int(),
  variants: z.array(
    z.strictObject({
      ...RunText.shape,
      /** `5 became 6`. */
      what: z.string(),
    }),
  ),
});
export type VisibleCall = z.infer<typeof VisibleCall>;
