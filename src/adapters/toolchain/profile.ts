import { join, posix } from "node:path";
import type { Config, Suite } from "../../domain/config.ts";
import type { SuiteProfile, ToolProfile } from "../../domain/tool-profile.ts";
import { jsonOf } from "./files.ts";
import { MANIFEST_GLOBS, upwards } from "./manifests.ts";
import { collectedGlobs } from "./runner-settings.ts";
import { RUNNER_ADAPTERS } from "./runners.ts";

/** What the configured suites collect and what decides how they run. */
export async function profileOf(config: Config, root: string): Promise<ToolProfile> {
  const suites = await Promise.all(config.suites.map((suite) => suiteProfile(suite, config, root)));
  return { suites, manifests: MANIFEST_GLOBS };
}

async function suiteProfile(suite: Suite, config: Config, root: string): Promise<SuiteProfile> {
  const adapter = RUNNER_ADAPTERS[suite.runner];
  const settings = suite.files ?? (await collectedGlobs(suite, root)) ?? adapter?.tests ?? ANY_TESTS;
  const within = (glob: string) => posix.join(suite.dir, glob);
  return {
    name: suite.name,
    runner: suite.runner,
    version: await versionOf(suite, config, root),
    dir: suite.dir,
    tests: settings.map(within),
    infrastructure: (adapter?.infrastructure ?? []).map(within),
  };
}

/** Where tests usually are, for a command of which nothing more is known. */
const ANY_TESTS = ["**/*.{test,spec}.*", "**/test_*.*", "**/*_test.*", "**/{test,tests,spec,__tests__}/**"];

async function versionOf(suite: Suite, config: Config, root: string): Promise<string> {
  const name = RUNNER_ADAPTERS[suite.runner]?.package;
  if (suite.runner === "node-test") return `node:test ${process.versions.node}`;
  if (name === undefined) return suite.runner;
  const { from } = config.dependencies;
  const folders = upwards(suite.dir).map((dir) => join(root, dir, "node_modules"));
  for (const folder of [...(from ? [join(root, from)] : []), ...folders]) {
    const manifest = await jsonOf(join(folder, name, "package.json"));
    if (typeof manifest?.version === "string") return `${name} ${manifest.version}`;
  }
  return name;
}
