import { join } from "node:path";
import { openAnalysis } from "../../adapters/analysis/local/open-analysis.ts";
import { openToolchain } from "../../adapters/toolchain/open-toolchain.ts";
import type { Config } from "../../domain/config.ts";
import { digestOfValue } from "../../domain/digest.ts";
import { ENVIRONMENT, PREFIX } from "../../domain/research/install-commands.ts";
import type { PythonWorld } from "../../domain/research/stage.ts";
import type { Repository, Sandbox } from "../../engine/ports.ts";
import type { Project } from "./project.ts";
import { pythonOf } from "./stage-work.ts";

/** The repository of an experiment with its tools, and how to let go of them. */
export interface PythonRepository {
  readonly repository: Repository;
  close(): Promise<void>;
}

/** The project's repository, its tests run and its imports looked up in the Python and with the datasets of its environment. */
export async function openPythonRepository(project: Project): Promise<PythonRepository> {
  const repository = project.context.ports.repository(undefined);
  const python = await pythonOf(project);
  if (python === undefined) return { repository, close: async () => undefined };
  const { root, stateDir } = project.starting;
  return repositoryWith(python, { repository, sandbox: project.sandbox, root, stateDir });
}

interface Around {
  readonly repository: Repository;
  readonly sandbox: Sandbox;
  readonly root: string;
  readonly stateDir: string;
}

/** The repository with this Python; what the config says of dependencies and of a suite's command stays as it is. */
export async function repositoryWith(
  python: PythonWorld,
  { repository, root, stateDir, ...around }: Around,
): Promise<PythonRepository> {
  const { git } = repository;
  const sandbox = withDatasets(around.sandbox, python);
  const packages = packagesOf(python);
  const isOwn = repository.config.dependencies.from !== undefined;
  const config = isOwn || packages !== undefined ? repository.config : startedWith(python, repository.config);
  const cacheDir = join(stateDir, "cache");
  const toolchain = await openToolchain({
    config,
    root,
    sandbox,
    git,
    cacheDir,
    packages: isOwn ? undefined : packages,
  });
  const { dependencies } = toolchain;
  const analysis = await openAnalysis({ config, git, sandbox, dependencies, cacheDir });
  const prepare = async (tree: string) => {
    const { digest } = await toolchain.prepare(tree);
    return { digest: digestOfValue({ digest, environment: python.digest }) };
  };
  return {
    repository: { ...repository, config, analysis, toolchain: { ...toolchain, prepare } },
    close: () => analysis.close(),
  };
}

/** What was installed, in the place where suites and symbols look for a virtual environment; undefined: the system's own. */
function packagesOf({ mounts }: PythonWorld) {
  const mounted = mounts.find(({ target }) => target === ENVIRONMENT);
  if (mounted === undefined) return undefined;
  return { source: join(mounted.source, PREFIX.slice(ENVIRONMENT.length + 1)), place: ".venv" };
}

/** A suite that names no command is started with the interpreter that the environment stage found. */
function startedWith({ argv }: PythonWorld, config: Config): Config {
  const suites = config.suites.map((suite) =>
    suite.runner === "pytest" && suite.command === undefined
      ? { ...suite, command: `${argv.join(" ")} -m pytest` }
      : suite,
  );
  return { ...config, suites };
}

/** Shows the datasets, read-only, to whatever runs. */
function withDatasets(sandbox: Sandbox, { datasets, env }: PythonWorld): Sandbox {
  const [folder] = datasets;
  if (folder === undefined) return sandbox;
  const mounts = sandbox.isolated ? datasets : [];
  const own = { MILLWRIGHT_DATASETS: sandbox.isolated ? (env.MILLWRIGHT_DATASETS ?? folder.target) : folder.source };
  return {
    ...sandbox,
    run: (job, signal) =>
      sandbox.run({ ...job, mounts: [...job.mounts, ...mounts], env: { ...job.env, ...own } }, signal),
  };
}
