import { posix } from "node:path";

/** Lock files, by the package manager that writes them; the first that is found decides. */
export const LOCK_FILES = {
  "package-lock.json": "npm",
  "npm-shrinkwrap.json": "npm",
  "pnpm-lock.yaml": "pnpm",
  "yarn.lock": "yarn",
} as const satisfies Record<string, NodeInstaller>;

export type NodeInstaller = "npm" | "pnpm" | "yarn";

const NODE_MANIFESTS = ["package.json", "pnpm-workspace.yaml", ".npmrc", ".yarnrc", ".yarnrc.yml", ".pnpmfile.cjs"];
const PYTHON_MANIFESTS = [
  "pyproject.toml",
  "setup.py",
  "setup.cfg",
  "uv.lock",
  "poetry.lock",
  "Pipfile",
  "Pipfile.lock",
];

/** requirements files that are installed when they are there, in this order. */
export const REQUIREMENTS = [
  "requirements.txt",
  "requirements-dev.txt",
  "requirements-test.txt",
  "dev-requirements.txt",
  "test-requirements.txt",
] as const;

/** Globs of what says which packages are installed. */
export const MANIFEST_GLOBS: readonly string[] = [
  ...NODE_MANIFESTS,
  ...Object.keys(LOCK_FILES),
  ...PYTHON_MANIFESTS,
  "*requirements*.txt",
].flatMap((name) => [name, `**/${name}`]);

/** Whether the file says which packages are installed. */
export function isManifest(path: string): boolean {
  const name = posix.basename(path);
  if (path.split("/").includes("node_modules")) return false;
  if (path.split("/").includes("patches")) return true;
  return (
    NODE_MANIFESTS.includes(name) ||
    PYTHON_MANIFESTS.includes(name) ||
    Object.hasOwn(LOCK_FILES, name) ||
    /requirements.*\.txt$/.test(name)
  );
}

/** `dir` and the folders above it, nearest first, up to and with `.`. */
export function upwards(dir: string): readonly string[] {
  const here = posix.normalize(dir).replace(/\/$/, "");
  return here === "." ? ["."] : [here, ...upwards(posix.dirname(here))];
}

/** The package manager of a package: its `packageManager` field, else its lock file, else npm. */
export function nodeInstaller(
  manifest: Readonly<Record<string, unknown>>,
  lockFile: keyof typeof LOCK_FILES | undefined,
): NodeInstaller {
  const declared = /^(npm|pnpm|yarn)@/.exec(String(manifest.packageManager ?? ""))?.[1];
  return (declared as NodeInstaller | undefined) ?? (lockFile === undefined ? "npm" : LOCK_FILES[lockFile]);
}

/** The lock file in `dir` of a tree that holds `paths`. */
export function lockFileIn(dir: string, paths: ReadonlySet<string>): keyof typeof LOCK_FILES | undefined {
  const names = Object.keys(LOCK_FILES) as (keyof typeof LOCK_FILES)[];
  return names.find((name) => paths.has(posix.join(dir, name)));
}
