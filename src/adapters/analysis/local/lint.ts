import type { Diagnostic, DiagnosticReport } from "../../../domain/diagnostic.ts";
import { boundedCache } from "./bounded-cache.ts";
import { commentedOutCode } from "./commented-out-code.ts";
import { languageOf } from "./languages.ts";
import { type LintJob, type LintResult, runConfigured } from "./lint-configured.ts";
import { type NamedText, oxlintTexts } from "./lint-oxlint.ts";
import { configuredFor } from "./lint-plan.ts";
import { ruffPlanFor, ruffText } from "./lint-ruff.ts";
import { sortedDiagnostics } from "./source-text.ts";
import type { ReadTree, TreeFiles } from "./tree-files.ts";
import type { AnalysisWorld, Workspace } from "./workspace.ts";

export interface LintTools {
  readonly oxlint: string;
  readonly ruff: string;
}

type Found = { readonly tools: readonly string[]; readonly diagnostics: readonly Diagnostic[] };
type Lint = (tree: string, paths: readonly string[]) => Promise<DiagnosticReport>;

/** The target's own linters where it has them, fast ones of ours where it has not, and our rule on commented-out code. */
export function linter(world: AnalysisWorld, workspace: Workspace, readTree: ReadTree, tools: LintTools): Lint {
  const perBlob = boundedCache<readonly Diagnostic[]>(20_000);
  return async (tree, paths) => {
    const files = await readTree(tree);
    const texts = await textsOf(paths, files);
    const found = [
      await ourRule(texts, files, perBlob),
      await python(texts, files, { perBlob, tools }),
      await javaScript({ texts, files, perBlob, tools }, world, workspace),
    ];
    return {
      tools: [...new Set(found.flatMap((one) => one.tools))],
      diagnostics: sortedDiagnostics(found.flatMap((one) => one.diagnostics)),
    };
  };
}

async function textsOf(paths: readonly string[], files: TreeFiles): Promise<readonly NamedText[]> {
  const wanted = [...new Set(paths)].filter((path) => /^(javascript|python)$/.test(languageOf(path) ?? ""));
  const texts = await Promise.all(wanted.map(async (path) => ({ path, text: await files.text(path) })));
  return texts.flatMap(({ path, text }) => (text === undefined ? [] : [{ path, text }]));
}

type PerBlob = ReturnType<typeof boundedCache<readonly Diagnostic[]>>;

/** A file that stood in a tree before, under the same name, is not looked at again. */
function keyOf(what: string, path: string, files: TreeFiles): string {
  return `${what}\0${path}\0${files.blobs.get(path)}`;
}

async function ourRule(texts: readonly NamedText[], files: TreeFiles, perBlob: PerBlob): Promise<Found> {
  const diagnostics: Diagnostic[] = [];
  for (const { path, text } of texts) {
    const key = keyOf("commented-out-code", path, files);
    const known = perBlob.get(key) ?? (await commentedOutCode(path, text));
    perBlob.set(key, known);
    diagnostics.push(...known);
  }
  return { tools: texts.length > 0 ? ["commented-out-code"] : [], diagnostics };
}

async function python(
  texts: readonly NamedText[],
  files: TreeFiles,
  own: { readonly perBlob: PerBlob; readonly tools: LintTools },
): Promise<Found> {
  const diagnostics: Diagnostic[] = [];
  const names = new Set<string>();
  for (const { path, text } of texts.filter((file) => languageOf(file.path) === "python")) {
    const plan = await ruffPlanFor(path, files);
    const key = keyOf(`ruff ${JSON.stringify(plan)}`, path, files);
    const known = own.perBlob.get(key) ?? (await ruffText(plan, path, text));
    own.perBlob.set(key, known);
    diagnostics.push(...known);
    names.add(plan.from === undefined ? own.tools.ruff : `${own.tools.ruff} (${plan.from})`);
  }
  return { tools: [...names], diagnostics };
}

interface JavaScriptJob {
  readonly texts: readonly NamedText[];
  readonly files: TreeFiles;
  readonly perBlob: PerBlob;
  readonly tools: LintTools;
}

async function javaScript(job: JavaScriptJob, world: AnalysisWorld, workspace: Workspace): Promise<Found> {
  const texts = job.texts.filter(({ path }) => languageOf(path) === "javascript" && !path.endsWith(".d.ts"));
  const { jobs, rest } = await planned(texts, job.files);
  const results = jobs.length === 0 ? [] : await runAll(jobs, job.files.tree, world, workspace);
  const missing = results.flatMap(({ one, result }) => (result ? [] : [one]));
  const looked = new Set(results.flatMap(({ one, result }) => (result ? [...one.texts.keys()] : [])));
  // A linter that is configured and not installed is said in the report, and ours looks instead of it.
  const instead = missing.flatMap((one) => [...one.texts].map(([path, text]) => ({ path, text })));
  const left = [...rest, ...instead.filter(({ path }) => !looked.has(path))];
  const ours = left.length > 0 ? await ourOxlint(left, job) : { tools: [], diagnostics: [] };
  const theirs = results.flatMap(({ result }) => (result ? [result] : []));
  const absent = missing.map(({ linter }) => `${linter} (configured, not installed)`);
  return {
    tools: [...theirs.map(({ tool }) => tool), ...absent, ...ours.tools],
    diagnostics: [...theirs.flatMap((one) => one.diagnostics), ...ours.diagnostics],
  };
}

interface Ran {
  readonly one: LintJob;
  readonly result: LintResult | undefined;
}

function runAll(
  jobs: readonly LintJob[],
  tree: string,
  world: AnalysisWorld,
  workspace: Workspace,
): Promise<readonly Ran[]> {
  return workspace.use(tree, async (ground) => {
    const ran: Ran[] = [];
    for (const one of jobs) ran.push({ one, result: await runConfigured(one, ground, world.sandbox) });
    return ran;
  });
}

async function planned(
  texts: readonly NamedText[],
  files: TreeFiles,
): Promise<{ jobs: readonly LintJob[]; rest: readonly NamedText[] }> {
  const jobs = new Map<string, LintJob & { readonly texts: Map<string, string> }>();
  const rest: NamedText[] = [];
  for (const { path, text } of texts) {
    const configured = await configuredFor(path, files);
    if (configured.length === 0) rest.push({ path, text });
    for (const { linter, folder } of configured) {
      const key = `${linter}\0${folder}`;
      const one = jobs.get(key) ?? { linter, folder, texts: new Map<string, string>() };
      one.texts.set(path, text);
      jobs.set(key, one);
    }
  }
  return { jobs: [...jobs.values()], rest };
}

async function ourOxlint(texts: readonly NamedText[], job: JavaScriptJob): Promise<Found> {
  const unique = [...new Map(texts.map((file) => [file.path, file])).values()];
  const fresh = unique.filter(({ path }) => job.perBlob.get(keyOf("oxlint", path, job.files)) === undefined);
  const diagnostics = await oxlintTexts(fresh);
  for (const { path } of fresh)
    job.perBlob.set(
      keyOf("oxlint", path, job.files),
      diagnostics.filter((one) => one.path === path),
    );
  return {
    tools: [job.tools.oxlint],
    diagnostics: unique.flatMap(({ path }) => job.perBlob.get(keyOf("oxlint", path, job.files)) ?? []),
  };
}
