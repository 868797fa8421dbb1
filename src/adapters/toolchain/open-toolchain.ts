import type { Config } from "../../domain/config.ts";
import type { Git, Sandbox, SuiteJob, Toolchain } from "../../engine/ports.ts";
import { type Checkout, openCheckout } from "./checkout.ts";
import { chooseSuites } from "./choose-suites.ts";
import { type Installed, openDependencies } from "./dependencies.ts";
import type { DependencyFolder } from "./dependency-folder.ts";
import { mergeReports } from "./merge-reports.ts";
import { profileOf } from "./profile.ts";
import { inside, runEnvironment, runLimits } from "./run-environment.ts";
import { clearRunFolders } from "./run-folder.ts";
import { runSuite } from "./run-suite.ts";
import { probeRuntimes, type Runtimes } from "./runtimes.ts";

export interface ToolchainOptions {
  readonly config: Config;
  /** The target's checkout: read for the profile and for `dependencies.from`, never written. */
  readonly root: string;
  readonly sandbox: Sandbox;
  readonly git: Pick<Git, "export" | "list" | "read">;
  /** Where installed dependencies are kept, below `deps/`. */
  readonly cacheDir: string;
  /** Packages that stand already, whatever a tree wants: nothing is installed. */
  readonly packages?: DependencyFolder | undefined;
}

/** The port, and where a tree's packages are for those who only look at them. */
export interface OpenedToolchain extends Toolchain {
  /** Folders of the packages that this tree wants, installed when they were not. @throws StepFailure `install-failed`. */
  dependencies(tree: string): Promise<readonly DependencyFolder[]>;
  /** A clean export for a run of somebody else's, with its environment; `bare`: nothing is installed for it. */
  place(tree: string, packages: "installed" | "bare"): Promise<Checkout & { readonly env: Record<string, string> }>;
}

/** Opens the target's test runners and package manager; every run works on a clean export in the sandbox. */
export async function openToolchain(options: ToolchainOptions): Promise<OpenedToolchain> {
  const { config, sandbox, git } = options;
  const [profile] = await Promise.all([profileOf(config, options.root), clearRunFolders()]);
  let probed: Promise<Runtimes> | undefined;
  const runtimes = () => {
    probed ??= probeRuntimes(config, sandbox);
    probed.catch(() => {
      probed = undefined;
    });
    return probed;
  };
  const dependencies = openDependencies({
    ...options,
    runtimes: async () => (await runtimes()).versions,
    python: async () => (await runtimes()).python,
  });
  const suite = async (job: SuiteJob, signal?: AbortSignal) => {
    const installed = await dependencies(job.tree);
    const paths = new Set((await git.list(job.tree)).map((file) => file.path));
    const { runs, absent } = chooseSuites(job.selection, config.suites, profile, paths);
    const python = pythonOf(installed, (await runtimes()).python);
    const reports = [];
    for (const choice of runs) {
      // Each suite has an export of its own: what one leaves behind is not there for the next.
      const checkout = await openCheckout(job.tree, { git, sandbox }, installed.folders);
      const { seconds, patience = 1 } = job;
      const run = { config, sandbox, checkout, paths, python, seconds, patience, signal };
      reports.push(await runSuite(choice, run).finally(() => checkout.dispose()));
    }
    return mergeReports(reports, sandbox.name, [...absent.map(absentFile), ...nothingToRun(config, runs.length)]);
  };
  return {
    profile,
    dependencies: async (tree) => (await dependencies(tree)).folders,
    prepare: async (tree) => ({ digest: (await dependencies(tree)).digest }),
    place: async (tree, packages) => {
      const folders = packages === "bare" ? [] : (await dependencies(tree)).folders;
      const checkout = await openCheckout(tree, { git, sandbox }, folders);
      return { ...checkout, env: runEnvironment({ root: checkout.root, dir: ".", scratch: checkout.scratch }) };
    },
    suite,
    command: async (job, signal) => {
      const { folders } = await dependencies(job.tree);
      const checkout = await openCheckout(job.tree, { git, sandbox }, folders);
      const { root, scratch, mounts } = checkout;
      const env = runEnvironment({ root, dir: ".", scratch });
      const limits = runLimits(config, job.seconds);
      return sandbox
        .run({ argv: ["sh", "-c", job.run], cwd: inside(root, "."), mounts, env, network: false, limits }, signal)
        .finally(() => checkout.dispose());
    },
  };
}

function pythonOf(installed: Installed, system: string): string {
  // Found through the PATH, on which the suite's own environment comes first.
  return installed.folders.some((folder) => folder.place.endsWith(".venv")) ? "python" : system;
}

function absentFile(file: string) {
  return { file, kind: "error" as const, message: "This test file is not in the tree." };
}

function nothingToRun(config: Config, runs: number) {
  if (runs > 0) return [];
  const message =
    config.suites.length === 0
      ? "No suite is configured: run `millwright init`."
      : "No suite runs any of the selected files.";
  return [{ kind: "error" as const, message }];
}
