import { posix } from "node:path";
import { type Config, Dependencies, type Suite } from "../../domain/config.ts";
import { detectNodeSuites } from "./detect-node.ts";
import { detectPythonSuites } from "./detect-python.ts";
import type { DetectedSuite, Sources } from "./detected-suite.ts";
import { textOf } from "./files.ts";
import { lockFileIn, nodeInstaller, REQUIREMENTS } from "./manifests.ts";

/** What `init` found in a repository, and why it thinks so. */
export interface Detected {
  readonly suites: readonly Suite[];
  readonly dependencies: Config["dependencies"];
  readonly notes: readonly string[];
}

/**
 * Finds the test suites of the repository at `root` by its manifests and settings; nothing of it is run. `files` are
 * its paths with forward slashes.
 */
export async function detectSuites(root: string, files: readonly string[]): Promise<Detected> {
  const paths = new Set(files.filter((path) => !/(^|\/)(node_modules|\.venv|vendor|dist)\//.test(path)));
  const sources: Sources = { paths, read: (path) => textOf(posix.join(root, path)) };
  const found = [
    ...(await detectNodeSuites(sources)),
    ...(await detectPythonSuites(sources)),
    ...detectOthers(sources),
  ];
  const suites = named(found.map((one) => one.suite));
  const notes = found.map((one, index) => `suite "${suites[index]?.name}": ${one.why}`);
  if (found.length === 0) notes.push(NOTHING_FOUND);
  return { suites, dependencies: Dependencies.parse({}), notes: [...notes, ...(await dependencyNotes(sources))] };
}

const NOTHING_FOUND =
  "no tests were found. Add a runner (vitest, jest, mocha, node --test, pytest), or write a suite into millwright.yaml: `runner: junit` or `tap` for a command that writes such a report, `runner: command` for one of which only the exit code counts";

/** Suites are called `tests`; several are told apart by folder, then by runner. */
function named(found: readonly Omit<Suite, "name">[]): readonly Suite[] {
  const taken = new Set<string>();
  return found.map((suite) => {
    const candidates = [
      found.length === 1 ? "tests" : suite.dir.replace(/^\.$/, suite.runner),
      `${suite.dir} ${suite.runner}`,
    ];
    const name = candidates.find((one) => !taken.has(one)) ?? `${suite.dir} ${suite.runner} ${taken.size + 1}`;
    taken.add(name);
    return { name, ...suite };
  });
}

/** Languages of which only a command is known. */
const OTHERS = [
  { file: "go.mod", command: "go test ./...", what: "Go" },
  { file: "Cargo.toml", command: "cargo test", what: "Rust" },
  { file: "pom.xml", command: "mvn -q test", what: "Maven" },
  { file: "build.gradle", command: "gradle test", what: "Gradle" },
  { file: "build.gradle.kts", command: "gradle test", what: "Gradle" },
  { file: "Gemfile", command: "bundle exec rake test", what: "Ruby" },
] as const;

function detectOthers(sources: Sources): readonly DetectedSuite[] {
  return OTHERS.filter(({ file }) => sources.paths.has(file)).map(({ file, command, what }) => ({
    suite: { runner: "command", dir: ".", command },
    why: `${file} says ${what}; \`${command}\` is judged by its exit code alone until it writes JUnit or TAP (runner: junit or tap)`,
  }));
}

async function dependencyNotes(sources: Sources): Promise<readonly string[]> {
  const notes: string[] = [];
  const manifest = await sources.read("package.json");
  if (manifest !== undefined && sources.paths.has("package.json")) {
    const lockFile = lockFileIn(".", sources.paths);
    const manager = nodeInstaller(safeParse(manifest), lockFile);
    notes.push(
      lockFile === undefined
        ? `dependencies: ${manager}, without a lock file: commit one, so that every run gets the same packages`
        : `dependencies: ${manager}, as ${lockFile} says; installed once and kept`,
    );
  }
  const requirements = REQUIREMENTS.filter((name) => sources.paths.has(name));
  if (requirements.length > 0)
    notes.push(`dependencies: pip, from ${requirements.join(" and ")}, in an environment of its own`);
  else if (["uv.lock", "poetry.lock", "Pipfile"].some((name) => sources.paths.has(name)))
    notes.push(
      "dependencies: the system's Python packages are used; to install the project's own, set `dependencies.install` (for example `uv sync --frozen`, which makes `.venv`)",
    );
  return notes;
}

function safeParse(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
