import { access, constants, realpath } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import type { EnvironmentKind } from "../../../domain/research/environment.ts";
import type { Mount } from "../../../domain/sandbox-job.ts";

/** A program of the host that makes environments, and how the sandbox sees it. */
export interface Tool {
  readonly mounts: readonly Mount[];
  /** Folder inside the sandbox that goes first in the PATH. */
  readonly folder: string | undefined;
}

const SHOWN = "/millwright-tools";

/** uv and micromamba are single programs; conda is a folder that only works where it was installed. */
export async function findTool(kind: EnvironmentKind, path: string): Promise<Tool | undefined> {
  if (kind === "venv" || kind === "system") return { mounts: [], folder: undefined };
  const folders = path.split(delimiter).filter(isAbsolute);
  for (const folder of folders) {
    const program = join(folder, kind);
    const isThere = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return shown(kind, await realpath(program));
  }
  return undefined;
}

function shown(kind: EnvironmentKind, program: string): Tool {
  if (kind !== "conda")
    return { mounts: [{ source: program, target: `${SHOWN}/${kind}`, access: "read" }], folder: SHOWN };
  const home = dirname(dirname(program));
  return { mounts: [{ source: home, target: home, access: "read" }], folder: dirname(program) };
}
