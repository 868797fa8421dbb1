import { z } from "zod";
import { Approvals } from "./approvals.ts";
import { BrowserSettings } from "./browser-config.ts";
import { Connectors, Notify } from "./connectors/connector-config.ts";
import { Budget, Limits } from "./limits.ts";
import { Agent, CheaperByRole, ModelName, ModelsByRole, Price, Server } from "./model-config.ts";
import { Schedule } from "./schedule/schedule-config.ts";

export const RUNNERS = ["vitest", "jest", "node-test", "mocha", "pytest", "junit", "tap", "command"] as const;
export const Runner = z.enum(RUNNERS);
export type Runner = z.infer<typeof Runner>;

/** One test suite of the target. */
export const Suite = z.strictObject({
  name: z.string().default("tests"),
  runner: Runner,
  dir: z.string().default(".").meta({ description: "Where it runs, inside the repository." }),
  command: z
    .string()
    .optional()
    .meta({ description: "How it is started when the default is wrong; needed for junit, tap and command." }),
  report: z.string().optional().meta({ description: "For junit: where the XML file is written, inside `dir`." }),
  files: z
    .array(z.string())
    .optional()
    .meta({ description: "Globs of test files; default: what the runner collects." }),
});
export type Suite = z.infer<typeof Suite>;

const Tool = z
  .union([z.enum(["auto", "off"]), z.strictObject({ run: z.string().min(1) })])
  .default("auto")
  .meta({
    description:
      "`auto`: the target's own tool where it has one; `off`; or a command whose output lines are `path:line: message`.",
  });

export const Dependencies = z.strictObject({
  install: z
    .string()
    .default("auto")
    .meta({ description: "`auto` detects the package manager; `none`; or a command. The only step with a network." }),
  from: z.string().optional().meta({
    description:
      "A folder that already holds the dependencies (a `node_modules`), mounted read-only instead of installing.",
  }),
});

/** `millwright.yaml`. */
export const Config = z.strictObject({
  $schema: z.string().optional(),
  workflow: z
    .string()
    .default("red-green")
    .meta({ description: "A name in `workflows/`, or the path of a workflow file." }),
  models: ModelsByRole,
  cheaper: CheaperByRole,
  servers: z
    .record(z.string(), Server)
    .default({})
    .meta({ description: "Model servers by name; the name is the backend part of a model." }),
  agents: z
    .record(z.string(), Agent)
    .default({})
    .meta({ description: "Agent programs by name; the name is the backend part of a model." }),
  aliases: z
    .record(z.string(), ModelName)
    .default({})
    .meta({ description: "Names under `models` that are another model in truth: a proxy's name, an alias." }),
  contexts: z
    .record(z.string(), z.int().min(1024))
    .default({})
    .meta({ description: "Tokens that a model can take and give in one call, where its server does not say." }),
  network: z.enum(["open", "local-only", "local-execution"]).default("open").meta({
    description:
      "local-only: no model beyond this machine and `localHosts`. local-execution: after the plan, none beyond them.",
  }),
  localHosts: z.array(z.string()).default([]).meta({ description: "Hosts that count as local." }),
  parallel: z.int().min(1).max(32).default(1).meta({ description: "Independent tasks that are worked on at once." }),
  independence: z
    .enum(["none", "model", "vendor"])
    .default("model")
    .meta({ description: "How different maker, reviewer and goal-checker must be." }),
  sandbox: z.enum(["auto", "bubblewrap", "podman", "docker", "seatbelt", "none"]).default("auto"),
  image: z.string().optional().meta({ description: "Container image for podman and docker." }),
  suites: z.array(Suite).default([]),
  dependencies: Dependencies.prefault({}),
  syntax: Tool,
  lint: Tool,
  symbols: z.enum(["auto", "off"]).default("auto").meta({
    description: "`auto`: names that exist neither in the project nor in its installed packages are refused; or `off`.",
  }),
  types: Tool,
  browser: BrowserSettings.optional().meta({
    description:
      "The built pages, for criteria that are seen in a browser; absent: no plan is asked for such criteria.",
  }),
  review: z
    .strictObject({
      threshold: z
        .number()
        .min(0)
        .max(100)
        .default(90)
        .meta({ description: "Score that passes, in percent of the criteria met." }),
    })
    .prefault({}),
  protected: z.array(z.string()).default([]).meta({
    description: "Globs that no task may write, beside the built-in ones (CI files, runner configs, agent settings).",
  }),
  learn: z.enum(["on", "off"]).default("on").meta({
    description: "`on`: after each run, corrections are looked for in what was refused and what landed; or `off`.",
  }),
  land: z.string().min(1).optional().meta({
    description: "Branch of yours that is moved to a result, fast-forward, once `approvals.result` lets it pass.",
  }),
  approvals: Approvals,
  repos: z
    .record(z.string(), z.string())
    .default({})
    .meta({ description: "Other repositories that tasks name with `repo:`; paths relative to this file." }),
  worktrees: z.string().default("../loop-{plan}").meta({ description: "Where each task's worktree is shown." }),
  submodules: z.enum(["refuse", "empty"]).default("refuse"),
  mailbox: z.strictObject({ dir: z.string().default(".millwright/mailbox") }).prefault({}),
  prices: z.record(z.string(), Price).default({}).meta({ description: "Prices by model name, for `budget.money`." }),
  embeddings: ModelName.optional().meta({
    description:
      "Embedding model of an Ollama server, like `ollama/nomic-embed-text`; used once `millwright index bench` has shown that it helps here.",
  }),
  agentsRules: z.enum(["propose", "off"]).default("propose").meta({
    description:
      "`propose`: failures that recur become rules that `millwright memory --apply` writes into AGENTS.md; or `off`.",
  }),
  schedule: Schedule.prefault({}),
  connectors: Connectors,
  notify: Notify,
  document: z.enum(["off", "after-merge"]).default("off").meta({
    description: "after-merge: where there is a wiki, each run that is done is documented on its own branch; or `off`.",
  }),
  limits: Limits.prefault({}),
  budget: Budget.prefault({}),
});
export type Config = z.infer<typeof Config>;
