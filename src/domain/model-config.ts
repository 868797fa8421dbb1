import { z } from "zod";

/** `backend/model`, or a backend that needs no model. */
export const ModelName = z
  .string()
  .regex(/^[^/\s]+(\/\S+)?$/, "backend/model, e.g. ollama/qwen2.5-coder:14b, or mailbox");

/** The models of a role: the first is asked first, the others are the next rungs of its ladder. */
export const RoleModels = z.union([ModelName, z.array(ModelName).min(1).max(6)]);
export type RoleModels = z.infer<typeof RoleModels>;

const roleMap = <Value extends z.ZodType>(value: Value) => ({
  default: value.optional(),
  architect: value.optional(),
  orchestrator: value.optional(),
  tester: value.optional(),
  developer: value.optional(),
  documenter: value.optional(),
  reviewer: value.optional(),
  checker: value.optional(),
  "goal-checker": value.optional(),
  examiner: value.optional(),
  "second-examiner": value.optional(),
  judge: value.optional(),
  approver: value.optional(),
  auditor: value.optional(),
  librarian: value.optional(),
  "research-reviewer": value.optional(),
  "research-judge": value.optional(),
  "research-orchestrator": value.optional(),
});

export const ModelsByRole = z
  .strictObject(roleMap(RoleModels))
  .prefault({})
  .meta({ description: "A model per role; `default` for the rest. A list is a ladder: weaker first." });

/** What a role falls back to when a budget runs low. */
export const CheaperByRole = z
  .strictObject(roleMap(ModelName))
  .prefault({})
  .meta({ description: "Model per role that takes over when a budget is nearly spent." });

export const SERVER_KINDS = ["openai-compatible", "ollama", "anthropic", "openai", "google"] as const;

export const Server = z.strictObject({
  kind: z.enum(SERVER_KINDS),
  url: z.url(),
  key: z
    .string()
    .optional()
    .meta({ description: "Name of the environment variable that holds the key; never the key." }),
  headers: z.record(z.string(), z.string()).default({}),
  slots: z.int().min(1).max(64).optional().meta({
    description: "Requests that this server takes at once. Default: 1 on this machine, 4 elsewhere.",
  }),
  mode: z.enum(["as-is", "exclusive", "together"]).default("as-is").meta({
    description: "For ollama. exclusive: one model in memory at a time; together: all are kept warm.",
  }),
  residency: z.enum(["warn", "strict"]).default("warn").meta({
    description: "For ollama: what happens when a model is split between CPU and GPU even after a reload.",
  }),
  restart: z.string().min(1).optional().meta({
    description: "For ollama: a command that restarts the server when a reload does not mend a split.",
  }),
  keepAlive: z
    .record(z.string(), z.union([z.string(), z.int()]))
    .default({})
    .meta({ description: "For ollama: how long a model stays loaded after a role's question, e.g. `reviewer: 0`." }),
});
export type Server = z.infer<typeof Server>;

export const AGENT_KINDS = ["claude-code", "codex", "opencode", "gemini", "pi", "acp"] as const;

/** An agent program that answers for a role. */
export const Agent = z.strictObject({
  kind: z.enum(AGENT_KINDS),
  command: z.array(z.string().min(1)).min(1).optional().meta({
    description: "How it is started; default: its usual name on the PATH. Needed for acp.",
  }),
  url: z.url().optional().meta({ description: "Its model endpoint; the only address that it can reach." }),
  key: z.string().optional().meta({ description: "Name of the environment variable that holds its key." }),
  env: z.array(z.string()).default([]).meta({ description: "Names of further environment variables that it gets." }),
  home: z.string().optional().meta({ description: "A private configuration folder, copied for each session." }),
  tmux: z.boolean().default(false).meta({ description: "Run in a named tmux session that a person can attach to." }),
  silenceSeconds: z.int().min(5).max(7200).default(300).meta({ description: "Longest time without progress." }),
});
export type Agent = z.infer<typeof Agent>;

export const Price = z.strictObject({
  input: z.number().nonnegative().meta({ description: "Per million input tokens." }),
  output: z.number().nonnegative().meta({ description: "Per million output tokens." }),
  cached: z.number().nonnegative().optional().meta({ description: "Per million cached input tokens." }),
});
export type Price = z.infer<typeof Price>;
