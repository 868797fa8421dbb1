import { createHash } from "node:crypto";
import { relative, resolve as resolvePath } from "node:path";
import { InputError } from "../../../domain/step-failure.ts";
import type { BlobId, Layer, TreeId } from "../../../domain/work.ts";
import type { Git } from "../../../engine/ports.ts";
import { clearLocks, engineDirectory } from "./engine-directory.ts";
import { type Exporter, openFixedExports, openFreshExports } from "./export.ts";
import { clearAfterTheDead } from "./files.ts";
import { onDisk } from "./git-failure.ts";
import { type Inspection, inspectRepository, listTracked, refusals, type SubmodulePolicy } from "./inspection.ts";
import { knownResults } from "./known-results.ts";
import { layOver, mergedLayer } from "./lay-over.ts";
import { advance, commit, keep, resolve } from "./refs.ts";
import { show } from "./show.ts";
import { transplant } from "./transplant.ts";
import { bytesOf, changes, diff, patchId, readText } from "./trees.ts";
import { oneAtATime, openDesks, placesOf, type Workshop } from "./workshop.ts";

export interface GitOptions {
  /** Any folder of the person's checkout. */
  readonly root: string;
  /** The mill's own folder, `.millwright/` of the target. */
  readonly stateDir: string;
  /** Every export goes to this one folder, one at a time: for a sandbox that cannot mount. Default: a new folder each. */
  readonly fixedExport?: string | undefined;
  readonly submodules: SubmodulePolicy;
  /** What somebody has just found out about `root`; absent: it is inspected. */
  readonly inspection?: Inspection | undefined;
  /** Told when a person's edits in a shown worktree were moved aside, under which ref. */
  readonly rescued?: (ref: string, dir: string) => void;
}

export interface OpenedGit {
  readonly git: Git;
  readonly inspection: Inspection;
  /** Ends the reading process. Not calling it keeps nothing alive. */
  close(): Promise<void>;
}

/**
 * Opens a repository behind a git directory of our own, and clears what a killed mill left in its own folders.
 * @throws InputError when the mill cannot work there, every reason at once
 * @throws StepFailure `disk-full`, `git-failed` or `environment`
 */
export async function openGit(options: GitOptions): Promise<OpenedGit> {
  const inspection = options.inspection ?? (await inspectRepository(options.root));
  const reasons = refusals(inspection, options.submodules);
  if (reasons.length > 0) throw new InputError(reasons);
  const stateDir = resolvePath(options.stateDir);
  await requireUntracked(inspection, stateDir);

  const { objectsDir, sharedDir, objectFormat } = inspection;
  const served = { objectsDir, sharedDir, objectFormat };
  const engineDir = await onDisk(`preparing ${stateDir}`, () => engineDirectory(stateDir, served));
  await onDisk("clearing up after a killed mill", async () => {
    await clearLocks(engineDir, sharedDir);
    await clearAfterTheDead(`${engineDir}/scratch`);
  });
  const places = placesOf(inspection, engineDir);
  const desks = openDesks(places, engineDir);
  const workshop: Workshop = { inspection, engineDir, ...places, ...desks };
  const { fixedExport } = options;
  const exporter =
    fixedExport === undefined ? await openFreshExports(workshop) : await openFixedExports(workshop, fixedExport);
  const showing = oneAtATime();
  const close = async (): Promise<void> => {
    // A run that failed does not wait for what is still being shown.
    await showing(async () => undefined);
    await exporter.close();
    await desks.close();
  };
  return { git: gitOf({ workshop, exporter, showing }, options), inspection, close };
}

/** A repository that brings a `.millwright` along could bring a git directory with it, and have it obeyed. */
async function requireUntracked(inspection: Inspection, stateDir: string): Promise<void> {
  const path = relative(inspection.root, stateDir);
  if (path === "" || path.startsWith("..")) return;
  const tracked = await listTracked(inspection);
  if (!tracked.some((file) => file === path || file.startsWith(`${path}/`))) return;
  throw new InputError([
    `Files under ${path}/ are tracked by git, and only the mill may write there: \`git rm -r --cached ${path}\`, commit, and delete the folder.`,
  ]);
}

/** Judging again lays the same stubs and the same canary over the same trees: each is written once. */
const RESULTS_KEPT = 256;

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function layerKey(layer: Layer): string {
  return layer.map((change) => `${change.mode} ${change.blob} ${change.path}`).join("\0");
}

interface Rooms {
  readonly workshop: Workshop;
  readonly exporter: Exporter;
  /** Shows one after the other. */
  readonly showing: ReturnType<typeof oneAtATime>;
}

function gitOf({ workshop, exporter, showing }: Rooms, { rescued }: GitOptions): Git {
  const { listing } = workshop.trees;
  const written = knownResults<BlobId>(RESULTS_KEPT);
  const laid = knownResults<TreeId>(RESULTS_KEPT);
  return {
    resolve: (ref) => resolve(workshop, ref),
    list: async (tree) => [...(await listing(tree)).values()],
    read: async (tree, path) => readText(workshop, (await listing(tree)).get(path)),
    readBlob: async (blob) => (await bytesOf(workshop, blob)).toString("utf8"),
    writeBlob: (text) => written(digestOf(text), () => workshop.writer.blob(text)),
    layOver: async (tree, ...layers) => {
      const layer = mergedLayer(layers);
      if (layer.length === 0) return tree;
      return await laid(`${tree} ${layerKey(layer)}`, () => layOver(workshop, tree, layer));
    },
    changes: (from, to) => changes(workshop, from, to),
    diff: (from, to, context) => diff(workshop, from, to, context),
    patchId: (from, to) => patchId(workshop, from, to),
    transplant: async (layer, from, onto) => transplant(workshop, layer, await listing(from), await listing(onto)),
    commit: (input) => commit(workshop, input),
    keep: (name, kept) => keep(workshop, name, kept),
    advance: (branch, from, to) => advance(workshop, branch, from, to),
    show: (dir, shown) => showing(() => show(workshop, dir, shown, { rescued: rescued ?? (() => undefined) })),
    export: (tree) => exporter.export(tree),
  };
}
