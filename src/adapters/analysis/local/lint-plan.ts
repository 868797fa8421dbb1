import { folderOf, foldersUp, inFolder } from "./languages.ts";
import type { TreeFiles } from "./tree-files.ts";

export type LinterName = "eslint" | "biome" | "oxlint";

/** A linter that the target has configured, and where. */
export interface ConfiguredLinter {
  readonly linter: LinterName;
  readonly folder: string;
}

const CONFIGS: Readonly<Record<LinterName, readonly string[]>> = {
  eslint: [
    ...["js", "mjs", "cjs", "ts", "mts", "cts"].map((end) => `eslint.config.${end}`),
    ...["", ".js", ".cjs", ".mjs", ".json", ".yml", ".yaml"].map((end) => `.eslintrc${end}`),
  ],
  biome: ["biome.json", "biome.jsonc", ".biome.json", ".biome.jsonc"],
  oxlint: [".oxlintrc.json", ".oxlintrc.jsonc", "oxlint.config.ts"],
};

/** The linters configured for a file: of each kind the nearest config above it. */
export async function configuredFor(path: string, files: TreeFiles): Promise<readonly ConfiguredLinter[]> {
  const found: ConfiguredLinter[] = [];
  for (const linter of ["eslint", "biome", "oxlint"] as const) {
    for (const folder of foldersUp(folderOf(path))) {
      const hasFile = CONFIGS[linter].some((name) => files.blobs.has(inFolder(folder, name)));
      if (!hasFile && !(linter === "eslint" && (await inManifest(folder, files)))) continue;
      found.push({ linter, folder });
      break;
    }
  }
  return found;
}

async function inManifest(folder: string, files: TreeFiles): Promise<boolean> {
  const text = await files.text(inFolder(folder, "package.json"));
  return text?.includes('"eslintConfig"') ?? false;
}
