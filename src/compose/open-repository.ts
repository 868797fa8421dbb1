import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openAnalysis } from "../adapters/analysis/local/open-analysis.ts";
import { openChromium } from "../adapters/browser/chromium/open-chromium.ts";
import type { Inspection } from "../adapters/git/system/inspection.ts";
import { openGit } from "../adapters/git/system/open-git.ts";
import { openRetrieval } from "../adapters/retrieval/local/open-retrieval.ts";
import { openToolchain } from "../adapters/toolchain/open-toolchain.ts";
import type { Config } from "../domain/config.ts";
import type { Git, Repository, Sandbox } from "../engine/ports.ts";
import { betterSearch, openFileStore } from "./index-vectors.ts";
import { browserPath } from "./look-at-browser.ts";

/** A repository with its tools, and how to let go of it. */
export interface OpenedRepository {
  readonly repository: Repository;
  readonly root: string;
  close(): Promise<void>;
}

/** Wires git, toolchain and analysis of one repository around one sandbox. */
export async function openRepository(options: {
  root: string;
  stateDir: string;
  config: Config;
  sandbox: Sandbox;
  inspection?: Inspection | undefined;
}): Promise<OpenedRepository> {
  const { root, stateDir, config, sandbox, inspection } = options;
  const fixedExport = sandbox.isolated ? undefined : exportFolder(stateDir);
  const opened = await openGit({ root, stateDir, fixedExport, submodules: config.submodules, inspection });
  const { root: top } = opened.inspection;
  const git: Git = { ...opened.git, show: (dir, commit) => opened.git.show(resolve(top, dir), commit) };
  const cacheDir = join(stateDir, "cache");
  const toolchain = await openToolchain({ config, root: top, sandbox, git, cacheDir });
  const analysis = await openAnalysis({
    config,
    git,
    sandbox,
    dependencies: (tree) => toolchain.dependencies(tree),
    cacheDir,
  });
  const browser = openChromium({
    config,
    sandbox,
    place: (tree, packages) => toolchain.place(tree, packages),
    packages: async (tree) => (await toolchain.prepare(tree)).digest,
    path: browserPath(),
  });
  const retrieval = openRetrieval({
    git,
    profile: toolchain.profile,
    store: await openFileStore(stateDir),
    better: (words) => betterSearch(words, { stateDir, config }),
  });
  return {
    repository: { git, toolchain, analysis, browser, retrieval, config },
    root: top,
    close: async () => {
      await analysis.close();
      await opened.close();
    },
  };
}

/** One folder a repository, outside of it: a test runner that looks upwards for configs must not find the target's own. */
function exportFolder(stateDir: string): string {
  const name = createHash("sha256").update(stateDir).digest("hex").slice(0, 12);
  return join(tmpdir(), `millwright-${name}`);
}
