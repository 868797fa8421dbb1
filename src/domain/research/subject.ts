import { z } from "zod";

/** Where the code lies that the probes import. */
export const Subject = z.strictObject({
  path: z.string().default("src/subject.py"),
});
export type Subject = Readonly<z.infer<typeof Subject>>;
