import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { withCeilings } from "../domain/budget.ts";
import { Config } from "../domain/config.ts";
import { readConfig } from "../domain/config-text.ts";
import { InputError } from "../domain/step-failure.ts";
import type { Workflow } from "../domain/workflow.ts";
import { readWorkflow } from "../domain/workflow-text.ts";
import type { RunRequest } from "../mill.ts";

/** The folder of this package: roles, workflows, skills and examples lie there. */
export const packageDir = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** The repository's config; a repository without the file has the defaults. @throws InputError with every problem */
export async function loadConfig(root: string, path = "millwright.yaml"): Promise<Config> {
  const file = resolve(root, path);
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) {
    if (path !== "millwright.yaml") throw new InputError([`There is no config file ${path}.`]);
    return Config.parse({});
  }
  return inFile(path, () => readConfig(text));
}

/** Says of each problem in which file it is. */
function inFile<Read>(path: string, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    if (error instanceof InputError) throw new InputError(error.problems.map((problem) => `${path}: ${problem}`));
    throw error;
  }
}

/** What flags say wins over the file. */
export function withFlags(config: Config, request: Partial<RunRequest>): Config {
  return Config.parse({
    ...config,
    ...(request.workflow === undefined ? {} : { workflow: request.workflow }),
    ...(request.sandbox === undefined ? {} : { sandbox: request.sandbox }),
    ...(request.independence === undefined ? {} : { independence: request.independence }),
    ...(request.models === undefined ? {} : { models: { ...config.models, ...request.models } }),
    ...(request.budget === undefined ? {} : { budget: withCeilings(config.budget, request.budget) }),
  });
}

/** A shipped workflow by name, or one by its path in the repository. @throws InputError */
export async function loadWorkflow(root: string, name: string): Promise<Workflow> {
  const isPath = name.includes("/") || /\.ya?ml$/.test(name);
  const candidates = isPath
    ? [isAbsolute(name) ? name : join(root, name)]
    : [join(root, "workflows", `${name}.yaml`), join(packageDir, "workflows", `${name}.yaml`)];
  for (const path of candidates) {
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== undefined) return inFile(relative(root, path), () => readWorkflow(text));
  }
  throw new InputError([
    `There is no workflow ${name}. Shipped ones: red-green, score, maker-checker; or give the path of a file.`,
  ]);
}

/** Of this package. */
export async function packageVersion(): Promise<string> {
  const text = await readFile(join(packageDir, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
