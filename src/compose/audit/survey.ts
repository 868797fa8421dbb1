import { builtinModules } from "node:module";
import { type Doors, findDead } from "../../domain/audit/find-dead.ts";
import { findDependencies, type Manifest, manifestOf, withoutLists } from "../../domain/audit/find-dependencies.ts";
import { findDuplicates } from "../../domain/audit/find-duplicates.ts";
import { findComplexity, findMarks, findTypeErrors, findUndocumented } from "../../domain/audit/find-in-code.ts";
import { findModules, type ModuleMeasure, measureModules } from "../../domain/audit/find-modules.ts";
import { findUncovered, findUnnamed } from "../../domain/audit/find-untested.ts";
import { isPage, isSource, type Unread, whyUnreadable } from "../../domain/audit/reading.ts";
import { type FinderReport, reportOfSignals } from "../../domain/audit/signal.ts";
import { type ImportGraph, importGraph, type SourceFile, sourceFile } from "../../domain/audit/source.ts";
import { kindOfPath } from "../../domain/paths.ts";
import type { ToolProfile } from "../../domain/tool-profile.ts";
import type { RunContext } from "../../engine/context.ts";
import type { Git } from "../../engine/ports.ts";
import { type ToolLooks, toolLooks } from "./tool-looks.ts";

/** A repository at one tree, as far as tools see it. */
export interface Survey {
  readonly tree: string;
  readonly paths: readonly string[];
  readonly sources: readonly SourceFile[];
  readonly pages: readonly { readonly path: string; readonly text: string }[];
  /** Files that nobody reads, and why. */
  readonly unread: readonly Unread[];
  readonly graph: ImportGraph;
  readonly reports: readonly FinderReport[];
  readonly modules: readonly ModuleMeasure[];
  text(path: string): Promise<string | undefined>;
}

/** Reads a tree and lets every finder look at it; the target's own tools run where `runsTools` says so. */
export async function surveyOf(
  tree: string,
  how: { readonly runsTools: boolean; readonly dates: ToolLooks["dates"] },
  context: RunContext,
): Promise<Survey> {
  const { git, toolchain } = context.ports.repository(undefined);
  const read = await readTree(tree, toolchain.profile, git);
  const { sources } = read;
  const graph = importGraph(sources);
  const manifests = read.around.flatMap((file) =>
    /(?:^|\/)package\.json$/.test(file.path) ? (manifestOf(file) ?? []) : [],
  );
  const declared = declaredIn(manifests, read.around);
  const looks = await toolLooks({ tree, sources, declared, runsTools: how.runsTools, dates: how.dates }, context);
  const reports: readonly FinderReport[] = [
    looks.coverage.kind === "ran"
      ? findUncovered(sources, looks.coverage.coverage, looks.coverage.how)
      : findUnnamed(sources, looks.coverage.why),
    findDead(sources, graph, doorsOf(manifests, read.around)),
    findDuplicates(sources),
    findDependencies({ manifests, files: sources, around: aroundText(read.around), builtin: BUILTIN }),
    looks.types.kind === "ran"
      ? findTypeErrors([...sources, ...read.around], looks.types.diagnostics, looks.types.how)
      : reportOfSignals("types", looks.types.why, []),
    findComplexity(sources),
    findMarks(sources, looks.marks, context.startedAt),
    findUndocumented(sources),
    findModules(sources, graph),
  ];
  return {
    tree,
    ...read,
    graph,
    reports,
    modules: measureModules(sources, graph),
    text: (path) => git.read(tree, path),
  };
}

const BUILTIN: ReadonlySet<string> = new Set(
  builtinModules.map((name) => name.replace(/^node:/, "").split("/")[0] ?? name),
);

interface ReadFiles extends Pick<Survey, "paths" | "sources" | "pages" | "unread"> {
  /** Manifests, configs and documents: what may name code or packages without importing them. */
  readonly around: readonly SourceFile[];
}

const AROUND = /\.(?:json|jsonc|ya?ml|toml|cfg|ini|html|md|txt)$|(?:^|\/)(?:Dockerfile|Makefile|Procfile|\.\w+rc)$/;

type Sorted =
  | { readonly kind: "source" | "page" | "around"; readonly file: SourceFile }
  | { readonly kind: "unread"; readonly why: string }
  | { readonly kind: "nothing" };

async function readTree(tree: string, profile: ToolProfile, git: Git): Promise<ReadFiles> {
  const files = await git.list(tree);
  const sources: SourceFile[] = [];
  const around: SourceFile[] = [];
  const pages: SourceFile[] = [];
  const unread: Unread[] = [];
  for (const file of files) {
    const sorted = await sortedFile(file, profile, git);
    if (sorted.kind === "unread") unread.push({ path: file.path, why: sorted.why });
    if (sorted.kind === "source") sources.push(sorted.file);
    if (sorted.kind === "page") pages.push(sorted.file);
    if (sorted.kind === "page" || sorted.kind === "around") around.push(sorted.file);
  }
  return { paths: files.map(({ path }) => path), sources, pages, around, unread };
}

async function sortedFile(
  { path, blob, mode }: { readonly path: string; readonly blob: string; readonly mode: string },
  profile: ToolProfile,
  git: Git,
): Promise<Sorted> {
  const kind = kindOf(path);
  if (kind === undefined)
    return /(?:^|\/)\.\w+$|\.gitkeep$/.test(path)
      ? { kind: "nothing" }
      : { kind: "unread", why: "it is neither code nor a page" };
  const byName = mode.startsWith("100") ? whyUnreadable(path, 0) : "it is a link or a submodule";
  const text = byName === undefined ? await git.readBlob(blob) : "";
  const why = byName ?? whyUnreadable(path, text.includes("\0") ? undefined : text.length);
  if (why === undefined) return { kind, file: sourceFile(path, text, kind === "source" && isTestPath(path, profile)) };
  return kind === "around" ? { kind: "nothing" } : { kind: "unread", why };
}

function kindOf(path: string): "source" | "page" | "around" | undefined {
  if (isSource(path)) return "source";
  if (isPage(path)) return "page";
  return AROUND.test(path) ? "around" : undefined;
}

function isTestPath(path: string, profile: ToolProfile): boolean {
  const kind = kindOfPath(path, profile);
  return (
    kind === "test" ||
    kind === "infrastructure" ||
    /(?:^|\/)(?:tests?|__tests__|specs?)\/|[._](?:test|spec)\.[cm]?[jt]sx?$|(?:^|\/)test_[^/]+\.py$/.test(path)
  );
}

function declaredIn(manifests: readonly Manifest[], around: readonly SourceFile[]): ReadonlySet<string> {
  const python = around
    .filter(({ path }) => /(?:^|\/)(?:pyproject\.toml|requirements[\w.-]*\.txt|setup\.cfg|tox\.ini)$/.test(path))
    .flatMap(({ text }) => text.match(/[A-Za-z][\w.-]+/g) ?? []);
  return new Set([...manifests.flatMap((one) => one.declared), ...python]);
}

function doorsOf(manifests: readonly Manifest[], around: readonly SourceFile[]): Doors {
  const entries = manifests.flatMap(({ file }) => {
    const folder = file.path.includes("/") ? file.path.slice(0, file.path.lastIndexOf("/") + 1) : "";
    return (file.text.match(/"\.{0,2}\/?[\w@./-]+\.[cm]?[jt]sx?"/g) ?? []).map(
      (text) => folder + text.slice(1, -1).replace(/^\.\//, ""),
    );
  });
  const words = new Set(around.flatMap(({ text }) => text.match(/[A-Za-z_$][\w$]*/g) ?? []));
  return { entries, words };
}

/** A manifest says of itself what it declares, and a document proves no use. */
function aroundText(around: readonly SourceFile[]): string {
  const asked = around.filter(({ path }) => !path.endsWith(".md"));
  const isManifest = ({ path }: SourceFile) => /(?:^|\/)package\.json$/.test(path);
  return asked.map((file) => (isManifest(file) ? withoutLists(file.text) : file.text)).join("\n");
}
