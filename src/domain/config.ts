import { z } from "zod";
import { Budget, Limits } from "./limits.ts";

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

export const Server = z.strictObject({
  kind: z.enum(["openai-compatible", "ollama"]),
  url: z.url(),
  key: z
    .string()
    .optional()
    .meta({ description: "Name of the environment variable that holds the key; never the key." }),
  headers: z.record(z.string(), z.string()).default({}),
});
export type Server = z.infer<typeof Server>;

export const Price = z.strictObject({
  input: z.number().nonnegative().meta({ description: "Per million input tokens." }),
  output: z.number().nonnegative().meta({ description: "Per million output tokens." }),
});

const ModelName = z.string().regex(/^[^/\s]+(\/\S+)?$/, "backend/model, e.g. ollama/qwen2.5-coder:14b, or mailbox");

/** `millwright.yaml`. */
export const Config = z.strictObject({
  $schema: z.string().optional(),
  workflow: z
    .string()
    .default("red-green")
    .meta({ description: "A name in `workflows/`, or the path of a workflow file." }),
  models: z
    .strictObject({
      default: ModelName.optional(),
      architect: ModelName.optional(),
      tester: ModelName.optional(),
      developer: ModelName.optional(),
      documenter: ModelName.optional(),
      reviewer: ModelName.optional(),
      checker: ModelName.optional(),
      "goal-checker": ModelName.optional(),
    })
    .prefault({})
    .meta({ description: "A model per role; `default` for the rest." }),
  servers: z
    .record(z.string(), Server)
    .default({})
    .meta({ description: "Model servers by name; the name is the backend part of a model." }),
  independence: z
    .enum(["none", "model", "vendor"])
    .default("model")
    .meta({ description: "How different maker, reviewer and goal-checker must be." }),
  sandbox: z.enum(["auto", "bubblewrap", "podman", "docker", "none"]).default("auto"),
  image: z.string().optional().meta({ description: "Container image for podman and docker." }),
  suites: z.array(Suite).default([]),
  dependencies: Dependencies.prefault({}),
  syntax: Tool,
  lint: Tool,
  types: Tool,
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
  repos: z
    .record(z.string(), z.string())
    .default({})
    .meta({ description: "Other repositories that tasks name with `repo:`; paths relative to this file." }),
  worktrees: z.string().default("../loop-{plan}").meta({ description: "Where each task's worktree is shown." }),
  submodules: z.enum(["refuse", "empty"]).default("refuse"),
  mailbox: z.strictObject({ dir: z.string().default(".millwright/mailbox") }).prefault({}),
  prices: z.record(z.string(), Price).default({}).meta({ description: "Prices by model name, for `budget.money`." }),
  limits: Limits.prefault({}),
  budget: Budget.prefault({}),
});
export type Config = z.infer<typeof Config>;
