import type { Runner } from "./config.ts";

/** What the target's tools are, as far as rules about paths and stubs need it. Made by the toolchain, frozen into the run. */
export interface ToolProfile {
  readonly suites: readonly SuiteProfile[];
  /** Lock files and manifests: a task may write them only when it names them. */
  readonly manifests: readonly string[];
}

export interface SuiteProfile {
  readonly name: string;
  readonly runner: Runner;
  /** Runner name and version, when known. */
  readonly version: string;
  readonly dir: string;
  /** Globs of what the runner collects, relative to the repository. */
  readonly tests: readonly string[];
  /** Globs of its infrastructure: configs, conftest, set-up files, snapshots, reporter settings. */
  readonly infrastructure: readonly string[];
}
