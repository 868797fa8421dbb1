import { z } from "zod";

/** A number that the evaluation pipeline computes. */
export const Metric = z.strictObject({
  name: z.string().min(1),
  unit: z.string().min(1),
  direction: z.enum(["lower", "higher"]),
  kind: z.enum(["perplexity", "throughput", "memory", "other"]).default("other").meta({
    description:
      "What the mill does beside running the command: a perplexity it computes again, a throughput it measures again, a memory it names (GPU or resident set).",
  }),
  computed: z.string().min(1).meta({ description: "How it is computed, in words: what reviewers judge the code by." }),
  command: z.string().min(1).meta({
    description:
      "Shell command in the tree. `{python}`, `{checkpoint}` (of the short training), `{config}` (path of a JSON file) and `{seed}` are filled in. Its last line that is one JSON object holds the metric under its name.",
  }),
  tolerance: z.number().positive().optional().meta({
    description: "Relative; how near the mill's own number must be. Default 0.001 for a perplexity.",
  }),
});
export type Metric = Readonly<z.infer<typeof Metric>>;

/** What a metric's command may name. */
export interface CommandWords {
  readonly python: string;
  readonly checkpoint: string;
  readonly config: string;
  readonly seed: string;
}

/** The command with its words filled in; what is in no braces of ours stays. */
export function filledCommand(command: string, words: CommandWords): string {
  return command.replace(/\{(python|checkpoint|config|seed)\}/g, (_, word: keyof CommandWords) => words[word]);
}
