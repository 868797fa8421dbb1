import type { Suite } from "../../domain/config.ts";

/** How one run of a suite is started. */
export interface Launch {
  /** Goes through `sh -c`; `flags` are appended as arguments. */
  readonly command: string;
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What a runner needs to know to start. */
export interface LaunchOptions {
  readonly suite: Suite;
  /** Folder of the reporters as the run sees it. */
  readonly reporters: string;
  /** A folder for caches as the run sees it. */
  readonly scratch: string;
  /** Test files to run, relative to the suite's folder; undefined means all. */
  readonly files: readonly string[] | undefined;
  /** Titles (suites and name) to run, where the runner can choose; undefined means all. */
  readonly titles: readonly (readonly string[])[] | undefined;
  /** Milliseconds for one test, where they are not the runner's own and its reporter cannot set them. */
  readonly testMilliseconds: number | undefined;
  /** The Python interpreter to use. */
  readonly python: string;
}

/** A test runner that has a reporter of ours. */
export interface RunnerAdapter {
  /** The npm package that must be installed, if it is one. */
  readonly package?: string;
  launch(options: LaunchOptions): Launch;
  /** Globs of test files, relative to the suite's folder. */
  readonly tests: readonly string[];
  /** Globs of what decides how tests run, relative to the suite's folder. */
  readonly infrastructure: readonly string[];
  /** All test files must be named on the command line. */
  readonly needsFiles?: true;
}

/** A pattern that matches exactly these titles, however the runner joins suites and names. */
export function titlePattern(titles: readonly (readonly string[])[], separator: string): string {
  const alternatives = titles.map((path) => path.map(escaped).join(separator));
  return `^(?:${alternatives.join("|")})$`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&").replace(/\s+/g, "\\s+");
}
