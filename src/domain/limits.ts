import { z } from "zod";

const count = (value: number, description: string) => z.int().min(1).max(1000).default(value).meta({ description });

/** Every limit of the loop, in one place. */
export const Limits = z.strictObject({
  attempts: count(5, "Answers that one model may give for one maker in one task."),
  planAttempts: count(3, "Times that the architect may answer the plan's refusals."),
  goalRounds: count(3, "Rounds of plan, deliver, goal."),
  sameSignature: count(3, "Same failure without progress: deadlock."),
  sameTree: z.int().min(2).max(1000).default(2).meta({
    description: "Times that one tree may be refused for the same reasons: no progress.",
  }),
  oscillation: z.int().min(2).max(1000).default(2).meta({
    description: "Times that the work may come back to each of two trees (A-B-A-B is twice).",
  }),
  infrastructureSights: z.int().min(1).max(1000).default(2).meta({
    description: "Sights of a failure of the test infrastructure itself, until a person is asked.",
  }),
  noProgressMinutes: z.number().min(0.001).max(10_080).default(10).meta({
    description:
      "Time in which a task's tree and failing set stay as they are; models and suites at work do not count.",
  }),
  scopeEscapes: count(5, "Different files outside scope, proposed in one run, that stop the line."),
  tampering: count(2, "Proposals of one task that change tests that stand: so many stop the line."),
  whys: z.int().min(1).max(20).default(5).meta({
    description: "Answers of the Five Whys that an incident's cause takes, unless a verification proves it earlier.",
  }),
  reported: count(
    2,
    "Failures reported by a person that stop the line, while none of them is closed; and a task's returns at a person's word in vain.",
  ),
  metaFailures: count(3, "Tasks ended one after the other without landing, over all runs: Meta-Andon."),
  metaGates: z.int().min(2).max(1000).default(2).meta({
    description: "Gates at which incidents stopped the line in one run: Meta-Andon.",
  }),
  metaCycles: count(
    2,
    "Times that a closed incident was followed by another failure, and nothing landed between: Meta-Andon.",
  ),
  orchestrations: z
    .int()
    .min(0)
    .max(10)
    .default(1)
    .meta({ description: "Times that the orchestrator is asked when a maker's ladder has no further rung." }),
  outageMinutes: z.number().min(0).max(10_080).default(60).meta({
    description: "How long a run waits for a provider that answered before and is out of reach or out of quota.",
  }),
  auditPlans: count(5, "Plans that one audit writes; what is left over comes again with the next one."),
  auditTokens: z.int().min(2_000).max(10_000_000).default(100_000).meta({
    description:
      "Tokens of the repository that the auditor reads at level standard; a quarter at quick, four times at deep.",
  }),
  testsAnew: z.int().min(0).max(10).default(1).meta({
    description: "Times that a task's tests are begun anew when only they refuse what the developer answers; 0: never.",
  }),
  answerTokens: z.int().min(256).max(1_000_000).default(16_384).meta({
    description: "Longest answer of a model; the worst case that a budget reserves.",
  }),
  judgeReplies: count(3, "Times that a judge is asked again after an unusable reply."),
  stepTries: count(3, "Tries of a step that failed for a transient reason."),
  tasksPerPlan: z.int().min(1).max(10).default(10).meta({ description: "More become linked plans." }),
  testSeconds: count(300, "Time for one run of the whole suite."),
  installSeconds: z.int().min(1).max(7200).default(900).meta({ description: "Time for installing dependencies." }),
  commandSeconds: count(300, "Time for a command gate or a goal command."),
  modelSeconds: z.int().min(1).max(7200).default(900).meta({ description: "Time for one model reply." }),
  memoryMegabytes: z.int().min(128).default(4096).meta({ description: "Memory of one sandboxed run." }),
  processes: z.int().min(32).default(512).meta({ description: "Processes and threads of one sandboxed run." }),
  outputMegabytes: z.int().min(1).default(16).meta({ description: "Output of one sandboxed run." }),
  diskMegabytes: z.int().min(16).default(1024).meta({ description: "Largest file that a sandboxed run may write." }),
  replyKilobytes: z.int().min(16).default(1024).meta({ description: "Largest reply of a model." }),
  stepDownAt: z
    .number()
    .min(0)
    .max(1)
    .default(0.8)
    .meta({ description: "Share of a budget's ceiling at which the models of `cheaper` take over." }),
  learnMinutes: z.number().min(0.1).max(1440).default(3).meta({
    description: "Time in which candidates for corrections are tried on the recorded proposals.",
  }),
  retireAfter: z.int().min(10).max(10_000).default(200).meta({
    description: "Recorded proposals that a correction leaves as they are until it is proposed for retirement.",
  }),
  ruleRecurrences: count(
    3,
    "Failures of one class that propose a rule for AGENTS.md; as many after it retire the rule.",
  ),
  rules: z.int().min(1).max(200).default(40).meta({ description: "Learned rules in AGENTS.md." }),
  wikiFindings: count(10, "Findings of `wiki lint` beyond which nothing is put right by itself: it reports and waits."),
  wikiCharacters: z.int().min(1000).max(1_000_000).default(40_000).meta({
    description: "Changes, or pages of the wiki, that one question shows, in characters; what has no room is listed.",
  }),
  mutants: count(8, "Mutants of its lines that a task's tests are tried against."),
  mutantSeconds: count(240, "Time for all runs over mutants of one task's changed lines."),
  heldOutChecks: z
    .int()
    .min(1)
    .max(20)
    .default(6)
    .meta({ description: "Held-out checks that are asked for per task." }),
  heldOutSeconds: count(60, "Time for one run of a task's held-out checks."),
  changedInputs: count(
    40,
    "Changed inputs of its visible tests that a task's code is tried with, in one run of `heldOutSeconds`.",
  ),
});
export type Limits = z.infer<typeof Limits>;

const ceilings = {
  attempts: z.int().min(1).optional().meta({ description: "Model answers." }),
  minutes: z.number().positive().optional(),
  tokens: z.int().min(1).optional(),
  money: z.number().positive().optional().meta({ description: "In the currency of the `prices`." }),
};

/** What may be spent; absent means no ceiling. */
export const Ceilings = z.strictObject(ceilings);
export type Ceilings = z.infer<typeof Ceilings>;

/** What a run may spend, and one task of it, and all runs of this repository in a day. At a ceiling the run waits for a person. */
export const Budget = z.strictObject({
  ...ceilings,
  task: Ceilings.optional().meta({ description: "What one task may spend." }),
  day: Ceilings.optional().meta({ description: "What all runs of this repository may spend in a day (UTC)." }),
});
export type Budget = z.infer<typeof Budget>;
