import type { Diagnostic } from "../../../domain/diagnostic.ts";
import type { Sandbox } from "../../../engine/ports.ts";
import { cannotRun } from "./cannot-run.ts";
import { installedPackage } from "./installed.ts";
import { inFolder } from "./languages.ts";
import { oxlintHome, readOxlint } from "./lint-oxlint.ts";
import type { LinterName } from "./lint-plan.ts";
import { diagnosticAt, sourceText } from "./source-text.ts";
import { runTool } from "./tool-run.ts";
import type { Ground } from "./workspace.ts";

/** Files that one of the target's linters looks at from one folder. */
export interface LintJob {
  readonly linter: LinterName;
  readonly folder: string;
  /** Paths inside the repository, with their texts. */
  readonly texts: ReadonlyMap<string, string>;
}

export interface LintResult {
  readonly tool: string;
  readonly diagnostics: readonly Diagnostic[];
}

const HINT =
  "Run the linter by hand to see what it says; or set `lint` in millwright.yaml to a command that works, or to `off`.";

/** Runs the target's own linter, or says undefined when it is configured and not installed. */
export async function runConfigured(job: LintJob, ground: Ground, sandbox: Sandbox): Promise<LintResult | undefined> {
  if (job.linter === "eslint") return runEslint(job, ground, sandbox);
  return job.linter === "biome" ? runBiome(job, ground, sandbox) : runOxlint(job, ground, sandbox);
}

function inside(job: LintJob): readonly string[] {
  return [...job.texts.keys()].map((path) => (job.folder === "" ? path : path.slice(job.folder.length + 1)));
}

interface EslintFile {
  readonly filePath: string;
  readonly messages: readonly {
    readonly ruleId: string | null;
    readonly severity: number;
    readonly message: string;
    readonly line?: number;
    readonly fatal?: boolean;
  }[];
}

async function runEslint(job: LintJob, ground: Ground, sandbox: Sandbox): Promise<LintResult | undefined> {
  const eslint = await installedPackage(ground, job.folder, "eslint");
  if (!eslint) return undefined;
  const tool = `eslint ${eslint.version}`;
  const argv = [
    "node",
    `${eslint.path}/bin/eslint.js`,
    "--format",
    "json",
    "--no-error-on-unmatched-pattern",
    "--",
    ...inside(job),
  ];
  const { stdout } = await runTool(
    { tool, argv, folder: job.folder, reports: true, looked: [0, 1], hint: HINT },
    ground,
    sandbox,
  );
  const files = parsed<readonly EslintFile[]>(tool, stdout.slice(Math.max(0, stdout.indexOf("["))));
  const diagnostics = files.flatMap(({ filePath, messages }) =>
    messages
      .filter(({ severity, fatal }) => severity === 2 && fatal !== true)
      .flatMap(({ ruleId, message, line }) =>
        placed(job, pathIn(filePath, ground), { line: line ?? 1, code: ruleId ?? "eslint", message }),
      ),
  );
  return { tool, diagnostics };
}

function pathIn(path: string, ground: Ground): string {
  return path.startsWith(`${ground.root}/`) ? path.slice(ground.root.length + 1) : path;
}

interface BiomeReport {
  readonly diagnostics: readonly {
    readonly severity: string;
    readonly category: string;
    readonly message?: string;
    readonly description?: string;
    readonly location?: {
      readonly path?: string | { readonly file: string };
      readonly start?: { readonly line: number };
      readonly span?: readonly [number, number] | null;
    };
  }[];
}

async function runBiome(job: LintJob, ground: Ground, sandbox: Sandbox): Promise<LintResult | undefined> {
  const biome = await installedPackage(ground, job.folder, "@biomejs/biome");
  if (!biome) return undefined;
  const tool = `biome ${biome.version}`;
  const argv = [
    "node",
    `${biome.path}/bin/biome`,
    "lint",
    "--reporter=json",
    "--max-diagnostics=none",
    "--no-errors-on-unmatched",
    ...inside(job),
  ];
  const { stdout } = await runTool(
    { tool, argv, folder: job.folder, reports: true, looked: [0, 1], hint: HINT },
    ground,
    sandbox,
  );
  const report = parsed<BiomeReport>(tool, stdout);
  const diagnostics = report.diagnostics
    .filter(({ severity, category }) => /^(error|fatal)$/.test(severity) && category.startsWith("lint/"))
    .flatMap(({ category, message, description, location }) => {
      const path = inFolder(
        job.folder,
        typeof location?.path === "string" ? location.path : (location?.path?.file ?? ""),
      );
      const line = location?.start?.line ?? byteLine(job.texts.get(path) ?? "", location?.span?.[0] ?? 0);
      return placed(job, path, { line, code: category, message: message ?? description ?? category });
    });
  return { tool, diagnostics };
}

/** Biome before 2.2 counts bytes. */
function byteLine(text: string, offset: number): number {
  return Buffer.from(text).subarray(0, offset).toString("utf8").split("\n").length;
}

async function runOxlint(job: LintJob, ground: Ground, sandbox: Sandbox): Promise<LintResult | undefined> {
  const installed = await installedPackage(ground, job.folder, "oxlint");
  // Its config may name plug-ins, which are code of the target: our own oxlint goes into the sandbox too.
  const ours = ground.see(oxlintHome(), "/millwright-tools/node_modules", "read");
  const path = installed?.path ?? `${ours.path}/oxlint`;
  const tool = installed ? `oxlint ${installed.version}` : "oxlint (ours, with the target's config)";
  const argv = ["node", `${path}/bin/oxlint`, "--format", "json", "--no-error-on-unmatched-pattern", ...inside(job)];
  const mounts = installed ? [] : [ours.mount];
  const { stdout } = await runTool(
    { tool, argv, folder: job.folder, mounts, reports: true, looked: [0, 1], hint: HINT },
    ground,
    sandbox,
  );
  const texts = new Map(
    [...job.texts].map(([file, text]) => [job.folder === "" ? file : file.slice(job.folder.length + 1), text]),
  );
  const found = readOxlint(stdout, texts, tool);
  return { tool, diagnostics: found.map((one) => ({ ...one, path: inFolder(job.folder, one.path) })) };
}

function parsed<Report>(tool: string, json: string): Report {
  try {
    return JSON.parse(json) as Report;
  } catch (thrown) {
    throw cannotRun(tool, `its report is not JSON: ${json.slice(0, 300)}`, HINT, thrown);
  }
}

function placed(
  job: LintJob,
  path: string,
  said: { line: number; code: string; message: string },
): readonly Diagnostic[] {
  const text = job.texts.get(path);
  return text === undefined ? [] : [diagnosticAt(sourceText(text), { path, line: said.line }, said.code, said.message)];
}
