import { z } from "zod";
import { TaskKind } from "./task.ts";

export const GATE_NAMES = [
  "door",
  "red",
  "syntax",
  "lint",
  "symbols",
  "types",
  "green",
  "browser",
  "hard-coded",
  "discriminates",
  "held-out",
  "inputs",
  "kills",
  "unchanged",
  "check",
  "wiki",
  "review",
  "checklist",
  "current",
  "command",
] as const;

const Maker = z.enum(["tester", "developer", "documenter"]);

/** One gate of a workflow, in order. */
export const GateEntry = z.strictObject({
  gate: z.enum(GATE_NAMES),
  name: z.string().optional().meta({ description: "For `command`: how reports call it." }),
  run: z
    .string()
    .optional()
    .meta({ description: "For `command`: any executable; exit 0 passes, else its output is the finding." }),
  answers: Maker.optional().meta({ description: "For `command`: who answers. Default: developer." }),
  kinds: z
    .array(TaskKind)
    .optional()
    .meta({ description: "Only for these kinds of task. Default: the kinds the gate is made for." }),
});
export type GateEntry = z.infer<typeof GateEntry>;

/** An ordered list of gates, with the makers they call; data, not code. */
export const Workflow = z.strictObject({
  name: z.string(),
  description: z.string(),
  makers: z
    .strictObject({ tests: Maker.default("tester"), code: Maker.default("developer") })
    .prefault({})
    .meta({
      description:
        "Who writes which layer. One maker for both is allowed; tests that stood before stay as they are all the same.",
    }),
  gates: z.array(GateEntry).min(1),
  goal: z
    .strictObject({
      judge: z.boolean().default(true).meta({ description: "Ask the goal-checker after the objective checks." }),
      checks: z.enum(["optional", "required"]).default("optional").meta({
        description: "Whether a goal without a command or file check can be met.",
      }),
      rounds: z.int().min(1).optional(),
    })
    .prefault({}),
  document: z.enum(["off", "before-goal"]).default("off").meta({
    description:
      "before-goal: where the repository has a wiki, the documenter brings it up to date before the goal is judged.",
  }),
  refactor: z.enum(["off", "offer"]).default("off").meta({
    description:
      "offer: once a task, after every gate has passed, its maker may tidy the code; one more answer and review.",
  }),
  limits: z.strictObject({ attempts: z.int().min(1).optional() }).prefault({}),
});
export type Workflow = z.infer<typeof Workflow>;
