#!/usr/bin/env node
// node examples/setup.mjs pricing|todo-api|todo-web|brownfield|char-lm <folder>
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { link, makeRepository } from "./repository.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

/**
 * The starting states. Recorded runs begin at `commit`, so each file is named one by one: what an editor or a test run leaves
 * lying about takes no part. An example's README.md is about the example, and stays behind.
 */
const EXAMPLES = {
  pricing: {
    commit: "5dee9d0d324f2228c99f80a3026b49f6b1d12de3",
    message: "Add discounts and currency formatting",
    spec: "specs/harden-pricing.md",
    linksDependencies: true,
    files: () =>
      own("pricing", [
        ".gitignore",
        "AGENTS.md",
        "millwright.yaml",
        "package.json",
        "specs/harden-pricing.md",
        "src/pricing.ts",
        "tests/pricing.test.ts",
        "tsconfig.json",
        "vitest.config.ts",
        "wiki/00_SCHEMA.md",
        "wiki/10_DOMAIN/.gitkeep",
        "wiki/20_SYSTEM/.gitkeep",
        "wiki/90_LOG/.gitkeep",
        "wiki/index.md",
        "wiki/log.md",
      ]),
  },
  "todo-api": {
    commit: "16a0cc51e2dc3d7117b884d797bec46764701fb3",
    message: "Add a service that says whether it is healthy",
    spec: "specs/todo-api.md",
    linksDependencies: false,
    files: () =>
      own("todo-api", [
        ".gitignore",
        "AGENTS.md",
        "app/__init__.py",
        "app/database.py",
        "app/main.py",
        "app/routers/__init__.py",
        "corrections/post-answers-201.yaml",
        "corrections/put-answers-200.yaml",
        "corrections/session-import.yaml",
        "millwright.yaml",
        "pytest.ini",
        "specs/todo-api.md",
        "tests/conftest.py",
        "tests/test_health.py",
      ]),
  },
  "todo-web": {
    commit: "90a1ce72aa2f551577f0de43f0ca8798a25aab71",
    message: "Begin an empty page",
    spec: "specs/todo-web.md",
    linksDependencies: false,
    files: () =>
      own("todo-web", [
        ".gitignore",
        "AGENTS.md",
        "index.html",
        "millwright.yaml",
        "package.json",
        "plans/todo-web.md",
        "specs/todo-web.md",
      ]),
  },
  "char-lm": {
    commit: "ea296ec37102d69a85668aebd6d9e7fc20137c03",
    message: "Hand over a plan for a small character model",
    spec: "design/plan.md",
    linksDependencies: false,
    files: () =>
      own("char-lm", [
        ".gitignore",
        "AGENTS.md",
        "data/sonnets.txt",
        "design/baselines.yaml",
        "design/bigram.patch",
        "design/metrics.yaml",
        "design/plan.md",
        "design/tasks.yaml",
        "design/trigram.patch",
        "millwright.yaml",
        "pytest.ini",
      ]),
    beside: ["bigram", "trigram"],
  },
  brownfield: {
    commit: "c3973df7ba685a44edb321d7ebc9ceb764b3d946",
    message: "Import process-warning 5.1.1 as it is published",
    spec: "specs/limited-warnings.md",
    linksDependencies: false,
    files: () => [
      ...published(() => require.resolve("process-warning/package.json"), "5.1.1"),
      ...own("brownfield", ["millwright.yaml", "specs/limited-warnings.md"]),
    ],
  },
};

/** The examples by name. */
export const names = Object.keys(EXAMPLES);

/**
 * Makes the example's starting state a git repository in `dir`, a new or empty folder. Returns where it is, its only commit
 * and the spec to run. `without` leaves out what lies in these folders, like `corrections/`: another commit, which no recorded
 * run begins at.
 */
export function setUp(name, dir, { without = [] } = {}) {
  const example = Object.hasOwn(EXAMPLES, name) ? EXAMPLES[name] : undefined;
  if (!example) throw new Error(`There is no example "${name}". There are: ${names.join(", ")}.`);
  const place = resolve(dir);
  const files = example.files().filter(([path]) => !without.some((folder) => path.startsWith(folder)));
  const commit = makeRepository(place, files, example.message);
  if (example.linksDependencies) link(place, "node_modules", dependencies());
  const besides = (example.beside ?? []).map((baseline) => makeBaseline(name, baseline, place));
  if (without.length === 0 && commit !== example.commit) {
    throw new Error(
      `The starting state of "${name}" is commit ${commit}, but recorded runs begin at ${example.commit}. ` +
        "If it was changed on purpose, write the new commit into examples/setup.mjs and record again.",
    );
  }
  return { dir: place, commit, spec: example.spec, ...(besides.length > 0 && { baselines: besides }) };
}

/** A reference implementation as a repository of its own, in a folder that the example's git ignores. */
function makeBaseline(example, baseline, place) {
  const file = `${baseline}.py`;
  const files = [
    [file, readFileSync(join(here, example, "baselines", baseline, file))],
    ["sonnets.txt", readFileSync(join(here, example, "data/sonnets.txt"))],
  ];
  const dir = join(place, ".baselines", baseline);
  return { name: baseline, dir, commit: makeRepository(dir, files, `Publish the ${baseline} model`) };
}

/** npm leaves every `.gitignore` out of a package, so the examples keep theirs as `gitignore`. */
function own(example, paths) {
  return paths.map((path) => [path, readFileSync(join(here, example, path === ".gitignore" ? "gitignore" : path))]);
}

/** Every file of an installed package, as its authors published it. */
function published(manifest, version) {
  const root = dirname(installed(manifest));
  const found = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  if (found.version !== version) {
    throw new Error(`${found.name} ${version} is needed, but ${found.version} is installed. Run: npm ci`);
  }
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .map((path) => [relative(root, path).split(sep).join("/"), readFileSync(path)])
    .filter(([path]) => !path.startsWith("node_modules/"));
}

/** The `node_modules` that holds the examples' test runner. */
function dependencies() {
  return realpathSync(dirname(dirname(installed(() => require.resolve("vitest/package.json")))));
}

function installed(manifest) {
  try {
    return manifest();
  } catch (cause) {
    const hint = "Run: npm ci in a clone of Millwright, npm i -D vitest@4 typescript@6 beside an installed one";
    throw new Error(`A package that the examples need is not installed. ${hint}`, { cause });
  }
}

/** The command line: prints what was made; exit code 2 when it could not be. */
export function main(args) {
  const [name, dir] = args;
  if (args.length !== 2) {
    console.error(`Usage: node examples/setup.mjs ${names.join("|")} <folder>`);
    process.exitCode = 2;
    return;
  }
  try {
    const made = setUp(name, dir);
    console.log(`${made.commit} ${made.dir}\nspec: ${made.spec}`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 2;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url))) {
  main(process.argv.slice(2));
}
