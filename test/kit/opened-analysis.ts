import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { openAnalysis } from "../../src/adapters/analysis/local/open-analysis.ts";
import type { DependencyFolder } from "../../src/adapters/analysis/local/workspace.ts";
import { Config } from "../../src/domain/config.ts";
import type { Sandbox } from "../../src/engine/ports.ts";
import { memoryGit, pretendSandbox } from "./analysis-ports.ts";

/** Our own packages, standing for a target's. */
export const ourPackages: readonly DependencyFolder[] = [
  { source: join(import.meta.dirname, "../../node_modules"), place: "node_modules" },
];
let temp = "";
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), "millwright-analysis-"));
});
afterAll(async () => {
  for (const one of opened) await one.close();
  await rm(temp, { recursive: true, force: true });
});

let places = 0;
/** An analysis over trees in memory; closed, with its folders removed, when the file's tests are over. */
export async function open(
  settings: { config?: object; sandbox?: Sandbox; dependencies?: readonly DependencyFolder[]; cacheDir?: string } = {},
) {
  const git = memoryGit();
  places += 1;
  const cacheDir = settings.cacheDir ?? join(temp, `cache-${places}`);
  const analysis = await openAnalysis({
    config: Config.parse(settings.config ?? {}),
    git,
    sandbox: settings.sandbox ?? pretendSandbox(),
    dependencies: async () => settings.dependencies ?? [],
    cacheDir,
  });
  opened.push(analysis);
  return { analysis, tree: git.tree, git, cacheDir };
}

/** A package that stands for a tool of the target: its program prints `output` and ends with `code`. */
export async function fakePackage(
  name: string,
  program: { file: string; source: string },
  version = "9.9.9",
): Promise<readonly DependencyFolder[]> {
  places += 1;
  const source = join(temp, `modules-${places}`);
  const dir = join(source, name);
  await mkdir(join(dir, "bin"), { recursive: true });
  await writeFile(join(dir, "package.json"), JSON.stringify({ name, version }));
  await writeFile(join(dir, program.file), program.source);
  return [{ source, place: "node_modules" }];
}
