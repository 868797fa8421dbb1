import { posix } from "node:path";
import type { DetectedSuite, Sources } from "./detected-suite.ts";

const SETTINGS = ["pytest.ini", ".pytest.ini", "pyproject.toml", "setup.cfg", "tox.ini"] as const;
const SECTION = /^\[(?:tool:)?pytest\]|^\[tool\.pytest/m;

/** A suite for the folder whose settings speak of pytest, or whose files look like its tests. */
export async function detectPythonSuites(sources: Sources): Promise<readonly DetectedSuite[]> {
  const dirs = pythonDirs(sources);
  const found: DetectedSuite[] = [];
  for (const dir of dirs) {
    if (found.some((one) => one.suite.dir === "." || dir.startsWith(`${one.suite.dir}/`))) continue;
    const why = (await settingsWhy(dir, sources)) ?? testsWhy(dir, sources);
    if (why !== undefined) found.push({ suite: { runner: "pytest", dir }, why });
  }
  return found;
}

/** The root, then each folder that has settings or requirements of its own. */
function pythonDirs(sources: Sources): readonly string[] {
  const names = new Set<string>([...SETTINGS, "requirements.txt", "setup.py"]);
  const dirs = [...sources.paths].filter((path) => names.has(posix.basename(path))).map((path) => posix.dirname(path));
  return [...new Set([".", ...dirs])].sort((a, b) => a.split("/").length - b.split("/").length || (a < b ? -1 : 1));
}

async function settingsWhy(dir: string, sources: Sources): Promise<string | undefined> {
  for (const name of SETTINGS) {
    const path = posix.join(dir, name);
    if (!sources.paths.has(path)) continue;
    const text = (await sources.read(path)) ?? "";
    if (name.endsWith("pytest.ini") || SECTION.test(text)) return `${path} has settings for pytest`;
    if (/^\s*["']?pytest\b/m.test(text)) return `${path} names pytest`;
  }
  return undefined;
}

function testsWhy(dir: string, sources: Sources): string | undefined {
  const within = [...sources.paths].filter((path) => dir === "." || path.startsWith(`${dir}/`));
  const first = within.find((path) => /(^|\/)(test_[^/]*|[^/]*_test)\.py$/.test(path));
  // In the root of a repository of packages, a package's own settings say where its tests are run.
  const isOwned =
    dir === "." && first !== undefined && pythonDirs(sources).some((one) => one !== "." && first.startsWith(`${one}/`));
  return first === undefined || isOwned ? undefined : `${first} looks like a test of pytest`;
}
