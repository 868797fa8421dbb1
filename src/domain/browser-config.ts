import { z } from "zod";

/** `browser:` of `millwright.yaml`: the built pages, and what looks at them. */
export const BrowserSettings = z.strictObject({
  executable: z.string().min(1).optional().meta({
    description: "Absolute path of a Chromium or Chrome; default: the first that is found in the PATH.",
  }),
  build: z.string().min(1).optional().meta({
    description: "Command that builds the pages, run in the sandbox, without a network, before they are looked at.",
  }),
  dir: z.string().default(".").meta({ description: "Folder of the pages, after the build." }),
  fallback: z.string().optional().meta({
    description: "Page that answers for a path that names no file, in applications of a single page.",
  }),
  waitSeconds: z.number().min(0.1).max(60).default(2).meta({
    description: "How long a step waits for what it expects, or for an element that can be used.",
  }),
  seconds: z.int().min(1).max(600).default(30).meta({ description: "Time for one criterion." }),
});
export type BrowserSettings = z.infer<typeof BrowserSettings>;
