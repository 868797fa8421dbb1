import { randomBytes } from "node:crypto";
import { mkdir, realpath, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Mount } from "../../domain/sandbox-job.ts";
import type { Git, Sandbox } from "../../engine/ports.ts";
import type { DependencyFolder } from "./dependency-folder.ts";
import { exists } from "./files.ts";
import type { Ground } from "./inside.ts";
import { linkDependencies } from "./link-dependencies.ts";
import { removeFolder } from "./remove-folder.ts";
import { reporterFolder } from "./reporter-folder.ts";
import { makeRunFolder } from "./run-folder.ts";
import { cacheMounts } from "./tool-caches.ts";

/** A clean export of one tree with its dependencies, ready to run something in. */
export interface Checkout {
  /** The export on this machine. */
  readonly dir: string;
  /** The export as the run sees it; the same path for every tree in an isolated sandbox. */
  readonly root: string;
  readonly mounts: readonly Mount[];
  readonly ground: Ground;
  /** A folder for what nobody needs afterwards, as the run sees it. */
  readonly scratch: string;
  /** The reporters, as the run sees them. */
  readonly reporters: string;
  /** The report's folder as the run sees it. */
  readonly report: string;
  /** The report's folder on this machine. */
  readonly reportDir: string;
  /** A new key in the report's folder, where the next reporter takes it; what a run before this left is removed. */
  newKey(): Promise<string>;
  dispose(): Promise<void>;
}

type Views = Pick<Checkout, "root" | "mounts" | "ground" | "scratch" | "reporters" | "report">;

/** Exports `tree` and puts the dependencies in their places: mounted read-only, or linked where nothing is isolated. */
export async function openCheckout(
  tree: string,
  ports: { readonly git: Pick<Git, "export">; readonly sandbox: Sandbox },
  dependencies: readonly DependencyFolder[],
): Promise<Checkout> {
  const exported = await ports.git.export(tree);
  const own = await makeRunFolder();
  const reportDir = join(own, "report");
  const dispose = async () => {
    await removeFolder(own);
    await exported.dispose();
  };
  const newKey = async () => {
    await removeFolder(reportDir);
    await mkdir(reportDir);
    const key = randomBytes(24).toString("hex");
    await writeFile(join(reportDir, "key"), key);
    return key;
  };
  try {
    await mkdir(reportDir);
    await mkdir(join(own, "scratch", "home"), { recursive: true });
    const here = await placed(exported.dir, dependencies);
    const place = ports.sandbox.isolated ? mounted : linked;
    const views = await place(exported.dir, own, here);
    return { dir: exported.dir, reportDir, newKey, dispose, ...views };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Only where the tree still has the package that the dependencies belong to. */
async function placed(dir: string, dependencies: readonly DependencyFolder[]): Promise<readonly DependencyFolder[]> {
  const there = await Promise.all(dependencies.map(({ place }) => exists(join(dir, dirname(place)))));
  return dependencies.filter((_, index) => there[index]);
}

async function mounted(dir: string, own: string, dependencies: readonly DependencyFolder[]): Promise<Views> {
  const mounts: Mount[] = [
    { source: dir, target: "/target", access: "write" },
    ...dependencies.map(({ source, place }): Mount => ({ source, target: `/target/${place}`, access: "read" })),
    ...(await cacheMounts(dependencies, "/target", own)),
    { source: reporterFolder, target: "/millwright", access: "read" },
    { source: join(own, "report"), target: "/report", access: "write" },
  ];
  return {
    root: "/target",
    mounts,
    ground: { roots: ["/target"] },
    scratch: "/tmp",
    reporters: "/millwright",
    report: "/report",
  };
}

async function linked(dir: string, own: string, dependencies: readonly DependencyFolder[]): Promise<Views> {
  for (const folder of dependencies) await linkDependencies(folder.source, dir, folder.place);
  const [report, scratch] = [join(own, "report"), join(own, "scratch")];
  const writable = (path: string): Mount => ({ source: path, target: path, access: "write" });
  const reporters = reporterFolder.replace(/\/$/, "");
  const roots = [...new Set([dir, await realpath(dir)])];
  // Named for sandboxes that hide the home: what the links lead to, and the reporters.
  const readable = (path: string): Mount => ({ source: path, target: path, access: "read" });
  const read = [...dependencies.map((folder) => folder.source), reporters].map(readable);
  const mounts = [writable(dir), writable(report), writable(scratch), ...read];
  return { root: dir, mounts, ground: { roots }, scratch, reporters, report };
}
