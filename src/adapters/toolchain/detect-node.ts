import { posix } from "node:path";
import type { Runner } from "../../domain/config.ts";
import type { DetectedSuite, Sources } from "./detected-suite.ts";
import { parseObject } from "./files.ts";

/** The runners that a package.json can name, surest first. */
const NODE_RUNNERS = ["vitest", "jest", "mocha"] as const;

/** A suite for the root package and for each package below it that has tests of its own. */
export async function detectNodeSuites(sources: Sources): Promise<readonly DetectedSuite[]> {
  const dirs = [...sources.paths]
    .filter((path) => posix.basename(path) === "package.json" && !/(^|\/)(fixtures?|examples?|templates?)\//.test(path))
    .map((path) => posix.dirname(path))
    .sort((a, b) => a.split("/").length - b.split("/").length || (a < b ? -1 : 1));
  const found: DetectedSuite[] = [];
  for (const dir of dirs) {
    const suite = await detectPackage(dir, sources);
    // The root's runner usually runs the packages' tests too.
    const isCovered = found.some((one) => one.suite.dir === "." && one.suite.runner === suite?.suite.runner);
    if (suite !== undefined && !isCovered) found.push(suite);
  }
  return found;
}

async function detectPackage(dir: string, sources: Sources): Promise<DetectedSuite | undefined> {
  const manifest = parseObject(await sources.read(posix.join(dir, "package.json")));
  if (manifest === undefined) return undefined;
  const script = testScript(manifest);
  const fromScript = script === undefined ? undefined : suiteOfScript(dir, script, manifest);
  return fromScript ?? suiteOfPackages(dir, manifest, sources);
}

function testScript(manifest: Readonly<Record<string, unknown>>): string | undefined {
  const scripts = manifest.scripts as Readonly<Record<string, unknown>> | undefined;
  const script = scripts?.test;
  return typeof script === "string" && !/no test specified/.test(script) ? script.trim() : undefined;
}

/** The part of a script that runs the tests: after a build or a linter, before a report. */
function suiteOfScript(
  dir: string,
  script: string,
  manifest: Readonly<Record<string, unknown>>,
): DetectedSuite | undefined {
  const followed = followScripts(script, manifest);
  for (const part of followed.split(/&&|;/).map((one) => one.trim())) {
    const runner = runnerOf(part);
    if (runner === undefined) continue;
    const why = `${where(dir)} runs \`${followed}\``;
    if (runner === "node-test") return { suite: { runner, dir, ...nodeTest(part) }, why };
    const command = ownCommand(part, runner);
    return { suite: { runner, dir, ...(command ? { command } : {}) }, why };
  }
  return undefined;
}

/** `npm run unit` stands for the script of that name. */
function followScripts(script: string, manifest: Readonly<Record<string, unknown>>): string {
  const scripts = manifest.scripts as Readonly<Record<string, unknown>>;
  return script.replace(/\b(?:npm|pnpm|yarn) run (?:-s |--silent )?([\w:.-]+)/g, (whole, name: string) => {
    const other = scripts[name];
    return typeof other === "string" && !other.includes(`run ${name}`) ? other : whole;
  });
}

function runnerOf(part: string): Runner | undefined {
  if (/\bnode\b.*\s--test\b/.test(part)) return "node-test";
  return NODE_RUNNERS.find((runner) => new RegExp(`(?:^|[\\s/])${runner}(?:\\.m?js)?(?:\\s|$)`).test(part));
}

/** The script's own words when they say more than the runner's name; options that only please the eye are left out. */
function ownCommand(part: string, runner: Runner): string | undefined {
  const words = part
    .split(/\s+/)
    .filter(
      (word) =>
        !/^(?:npx|--watch(?:All)?|-w|--coverage|--verbose|--silent|--colors?|--passWithNoTests|--bail|-b)$/.test(word),
    )
    .filter((word) => !/^--(?:reporter|reporters|coverage|passWithNoTests)[.=]/.test(word));
  const text = words.join(" ").replace(/^c8 |^nyc /, "");
  if (runner === "vitest")
    return /^vitest( run)?$/.test(text) ? undefined : text.replace(/^((?:\S+=\S+ )*)vitest(?! run)\b/, "$1vitest run");
  return text === runner ? undefined : text;
}

/** Files are named by globs of ours: Node 20 does not know any, and options must come before files. */
function nodeTest(part: string): { command?: string; files?: string[] } {
  const words = part.split(/\s+/).map((word) => word.replace(/^(["'])(.*)\1$/, "$2"));
  const isFile = (word: string, index: number) =>
    index > words.indexOf("--test") && !word.startsWith("-") && /[./*]/.test(word);
  const files = words
    .filter(isFile)
    .map((word) => (/\.\w+$|\}$/.test(word) ? word : `${word.replace(/\/$/, "")}/**/*.{js,mjs,cjs}`));
  const command = words.filter((word, index) => !isFile(word, index) && !/^--test-reporter/.test(word)).join(" ");
  return {
    ...(command === "node --test" ? {} : { command }),
    ...(files.length > 0 ? { files: files.map((file) => file.replace(/^\.\//, "")) } : {}),
  };
}

/** Without a test script: a runner that is installed, or files that node --test would take. */
function suiteOfPackages(
  dir: string,
  manifest: Readonly<Record<string, unknown>>,
  sources: Sources,
): DetectedSuite | undefined {
  const packages = {
    ...(manifest.devDependencies as object | undefined),
    ...(manifest.dependencies as object | undefined),
  };
  const runner = NODE_RUNNERS.find((name) => Object.hasOwn(packages, name));
  if (runner !== undefined)
    return { suite: { runner, dir }, why: `${where(dir)} has ${runner} among its dependencies` };
  const own = [...sources.paths].filter((path) => dir === "." || path.startsWith(`${dir}/`));
  const tests = own.filter((path) => /\.test\.[cm]?js$/.test(path));
  const [first] = tests;
  if (first === undefined) return undefined;
  return {
    suite: { runner: "node-test", dir },
    why: `${first} looks like a test, and no runner is named: node --test`,
  };
}

function where(dir: string): string {
  return dir === "." ? "package.json" : `${dir}/package.json`;
}
