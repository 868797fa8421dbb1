import { canaryBeside, canaryName } from "../domain/canary.ts";
import { changedLines } from "../domain/changed-lines.ts";
import { placedChecks } from "../domain/check-text.ts";
import type { Need, Sights } from "../domain/need.ts";
import { stubFiles, stubSources } from "../domain/stubs.ts";
import type { FileChange, TreeId } from "../domain/work.ts";
import type { TaskContext } from "./context.ts";

type NeedOf<Kind extends Need["see"]> = Extract<Need, { see: Kind }>;

/** The tree with generated stubs for what does not exist yet. */
export async function stubTree(need: NeedOf<"stubs">, context: TaskContext): Promise<Sights["stubs"]> {
  const { git } = context.repository;
  const listed = (await git.list(need.tree)).map((file) => file.path);
  const paths = stubSources(need.creates, listed);
  const texts = new Map(await Promise.all(paths.map(async (path) => [path, await git.read(need.tree, path)] as const)));
  const { files, made, impossible } = stubFiles(need.creates, texts, need.mode);
  return { tree: await overlay(need.tree, files, context), made, impossible };
}

/** The tree with a canary beside the task's tests, or beside any test there is; null when no runner here knows one. */
export async function canaryTree(need: NeedOf<"canary">, context: TaskContext): Promise<Sights["canary"]> {
  const { git, toolchain } = context.repository;
  const listed = (await git.list(need.tree)).map((file) => file.path);
  const placed = canaryBeside(need.beside, listed, toolchain.profile);
  if (!placed) return null;
  const neighbour = placed.beside === undefined ? "" : ((await git.read(need.tree, placed.beside)) ?? "");
  const text = placed.text(neighbour);
  return {
    tree: await overlay(need.tree, new Map([[placed.file, text]]), context),
    file: placed.file,
    name: canaryName,
  };
}

/** The tree with held-out checks beside its tests; a check that does not parse is left out, so that the others run. */
export async function checksTree(need: NeedOf<"checks">, context: TaskContext): Promise<Sights["checks"]> {
  const { git, toolchain, analysis } = context.repository;
  const listed = (await git.list(need.tree)).map((file) => file.path);
  const placed = placedChecks(need.beside, listed, toolchain.profile);
  if (!placed) return null;
  const neighbour = (await git.read(need.tree, placed.beside)) ?? "";
  const cases = need.checks.map((check) => analysis.cases(placed.file, placed.text([check], neighbour)));
  const read = await Promise.all(cases);
  const readable = need.checks.filter((_check, index) => read[index]?.parsed);
  const text = placed.text(readable, neighbour);
  return { tree: await overlay(need.tree, new Map([[placed.file, text]]), context), file: placed.file };
}

export async function linesOf(need: NeedOf<"lines">, { repository }: TaskContext): Promise<Sights["lines"]> {
  const changed = changedLines(await repository.git.diff(need.from, need.to, 0));
  return changed.filter((range) => need.paths.some((path) => range.startsWith(`${path}:`)));
}

/** One tree a mutant. */
export async function mutantTrees(need: NeedOf<"mutants">, context: TaskContext): Promise<Sights["mutants"]> {
  const { git, analysis } = context.repository;
  const found: { tree: TreeId; what: string }[] = [];
  for (const range of need.lines) {
    const match = /^(.+):(\d+)-(\d+)$/.exec(range);
    const path = match?.[1] ?? "";
    const text = await git.read(need.tree, path);
    if (!match || text === undefined) continue;
    const lines = { from: Number(match[2]), to: Number(match[3]) };
    for (const mutant of await analysis.mutants(path, text, lines, need.limit)) {
      found.push({
        tree: await overlay(need.tree, new Map([[path, mutant.text]]), context),
        what: `${path} ${mutant.what}`,
      });
    }
  }
  return found;
}

async function overlay(tree: TreeId, files: ReadonlyMap<string, string>, context: TaskContext): Promise<TreeId> {
  const { git } = context.repository;
  const layer: FileChange[] = [];
  for (const [path, text] of files) layer.push({ path, blob: await git.writeBlob(text), mode: "100644" });
  return layer.length === 0 ? tree : git.layOver(tree, layer);
}
