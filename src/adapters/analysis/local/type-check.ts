import { join } from "node:path";
import type { Diagnostic, DiagnosticReport } from "../../../domain/diagnostic.ts";
import type { TreeChange, TreeId } from "../../../domain/work.ts";
import { type InstalledPackage, installedPackage } from "./installed.ts";
import { folderOf } from "./languages.ts";
import { sortedDiagnostics } from "./source-text.ts";
import type { ReadTree, TreeFiles } from "./tree-files.ts";
import { serverKey, startTypeServer, type TypeServer } from "./type-server.ts";
import { pythonTypes } from "./types-python.ts";
import { runTsc } from "./types-tsc.ts";
import { projectsFor } from "./typescript-projects.ts";
import type { AnalysisWorld, Ground, Workspace } from "./workspace.ts";

/** The target's own type checkers. */
export interface TypeChecker {
  check(tree: TreeId, paths: readonly string[]): Promise<DiagnosticReport>;
  close(): Promise<void>;
}

/** The server, and the tree that each project was last asked about. */
interface Warm {
  readonly server: TypeServer;
  readonly asked: Map<string, TreeId>;
}

/** Opens the type checkers; nothing starts before the first question. */
export function typeChecker(world: AnalysisWorld, workspace: Workspace, readTree: ReadTree): TypeChecker {
  let warm: Warm | undefined;

  const warmServer = async (ground: Ground, typescript: InstalledPackage): Promise<Warm> => {
    if (warm?.server.isAlive() && warm.server.key === serverKey(ground, typescript)) return warm;
    await warm?.server.close();
    warm = { server: await startTypeServer(ground, typescript, world), asked: new Map() };
    return warm;
  };

  const askServer = async (
    project: string,
    ground: Ground,
    typescript: InstalledPackage,
  ): Promise<readonly Diagnostic[]> => {
    const { server, asked } = await warmServer(ground, typescript);
    const before = asked.get(project);
    const changes = before === undefined || before === ground.tree ? [] : await world.git.changes(before, ground.tree);
    const diagnostics = await server.ask({ project, ...whatChanged(changes) });
    asked.set(project, ground.tree);
    return diagnostics;
  };

  const checkProject = async (project: string, files: TreeFiles, ground: Ground): Promise<Checked> => {
    const typescript = await installedPackage(ground, folderOf(project), "typescript");
    if (!typescript) return { tools: [], diagnostics: [] };
    // TypeScript 7 has no API to keep warm; without isolation runs are serial, and a server would block them all.
    const isWarm = world.sandbox.isolated && Number(typescript.version.split(".")[0]) < 7;
    const diagnostics = isWarm
      ? await askServer(project, ground, typescript)
      : await runTsc({ typescript, project, files, cacheDir: join(world.cacheDir, "types") }, ground, world.sandbox);
    return { tools: [`tsc ${typescript.version} (${project})`], diagnostics };
  };

  return {
    async check(tree, paths) {
      const files = await readTree(tree);
      const projects = await projectsFor(paths, files);
      const wantsPython = paths.some((path) => /\.pyi?$/.test(path));
      if (projects.length === 0 && !wantsPython) return { tools: [], diagnostics: [] };
      return workspace.use(tree, async (ground) => {
        const checked: Checked[] = [];
        for (const project of projects) checked.push(await checkProject(project, files, ground));
        if (wantsPython)
          checked.push(await pythonTypes({ paths, files, cacheDir: world.cacheDir }, ground, world.sandbox));
        return report(checked);
      });
    },
    async close() {
      await warm?.server.close();
      warm = undefined;
    },
  };
}

interface Checked {
  readonly tools: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

function whatChanged(changes: readonly TreeChange[]): { changed: readonly string[]; restructured: boolean } {
  return {
    changed: changes.map(({ path }) => path),
    restructured: changes.some(({ status }) => status !== "modified"),
  };
}

/** Projects overlap: a file of two is complained about once. */
function report(checked: readonly Checked[]): DiagnosticReport {
  const unique = new Map(checked.flatMap((one) => one.diagnostics).map((one) => [JSON.stringify(one), one]));
  return {
    tools: [...new Set(checked.flatMap((one) => one.tools))],
    diagnostics: sortedDiagnostics([...unique.values()]),
  };
}
