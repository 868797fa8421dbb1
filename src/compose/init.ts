import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Inspection, inspectRepository, listTracked, refusals } from "../adapters/git/system/inspection.ts";
import { machineMemory } from "../adapters/models/ollama/machine-memory.ts";
import { installedModels } from "../adapters/models/ollama/residency-of.ts";
import { serverAccess } from "../adapters/models/server-access.ts";
import { probeBubblewrap } from "../adapters/sandbox/bubblewrap/open-bubblewrap.ts";
import { detectSuites } from "../adapters/toolchain/detect.ts";
import { Config, type Suite } from "../domain/config.ts";
import { configText, type ModelDraft } from "../domain/config-draft.ts";
import { KNOWN_SERVERS } from "../domain/known-backends.ts";
import { type MemoryProposal, proposeForMemory } from "../domain/model-memory.ts";
import { InputError } from "../domain/step-failure.ts";
import { toolNotes } from "../domain/tools-in-sight.ts";
import { findModels } from "./find-models.ts";
import type { InitEnd, InitOptions } from "./goal-files/init-end.ts";
import { writeAgentFiles, writeGoalFiles } from "./goal-files/write-goal-files.ts";
import { proposeModels } from "./propose-models.ts";
import { loadConfig } from "./read-config.ts";

/**
 * Detects stack, test command, linters, sandbox and a local model, and writes `millwright.yaml`; `full` and `agents` write
 * goal files and agents too, and then leave a config that is there as it is. @throws InputError
 */
export async function initRepository(dir: string, options: InitOptions): Promise<InitEnd> {
  const inspection = await inspectRepository(dir);
  const reasons = refusals(inspection, "empty");
  if (reasons.length > 0) throw new InputError(reasons);
  const path = join(inspection.root, "millwright.yaml");
  const before = await readFile(path, "utf8").catch(() => undefined);
  const more = options.full === true || options.agents !== undefined;
  if (before !== undefined && !options.yes && !more)
    throw new InputError([
      "millwright.yaml is there already. `millwright init --yes` writes it anew; the old one is kept as millwright.yaml.before.",
    ]);
  const end = before !== undefined && !options.yes ? asItIs(path, before) : await writeConfig(inspection, before);
  const goals = options.full ? await writeGoalFiles(inspection, await loadConfig(inspection.root)) : [];
  const agents = options.agents === undefined ? [] : await writeAgentFiles(inspection.root, options.agents);
  return { ...end, files: [...goals, ...agents] };
}

function asItIs(path: string, text: string): InitEnd {
  return { path, text, notes: ["millwright.yaml is there and stays as it is; --yes writes it anew"], files: [] };
}

async function writeConfig(inspection: Inspection, before: string | undefined): Promise<InitEnd> {
  const path = join(inspection.root, "millwright.yaml");
  const { text, notes } = await firstConfig(inspection);
  if (before !== undefined) await writeFile(`${path}.before`, before);
  await writeFile(path, text);
  return { path, text, notes, files: [] };
}

/** A first `millwright.yaml` by what is found here, and what there is to say about it; `otherwise` are the suites where none is found. */
export async function firstConfig(
  inspection: Inspection,
  otherwise: readonly Suite[] = [],
): Promise<Pick<InitEnd, "text" | "notes">> {
  const tracked = await listTracked(inspection);
  const [found, sandbox, models] = await Promise.all([
    detectSuites(inspection.root, tracked),
    probeBubblewrap(),
    modelsHere(process.env),
  ]);
  const text = configText({
    suites: found.suites.length > 0 ? found.suites : otherwise,
    dependencies: found.dependencies,
    submodules: inspection.submodules.length > 0,
    ...models,
  });
  const notes = [
    ...found.notes,
    ...toolNotes(tracked),
    ...(models.models.length === 0 ? [NOTHING_FOUND] : []),
    ...models.models.map(({ key, value, why }) => `${key}: ${value} (${why})`),
    sandbox.usable ? `sandbox: ${sandbox.name}` : `no sandbox yet: ${sandbox.reason}. ${sandbox.fix}`,
  ];
  return { text, notes };
}

const NOTHING_FOUND =
  "models: none yet, for no model server, agent program or key was found. `millwright run` offers a model that runs on this machine; `default: mailbox` needs nothing";

/** The best role map for what is found on this machine. */
async function modelsHere(env: Readonly<Record<string, string | undefined>>): Promise<ModelDraft> {
  const [found, memory] = await Promise.all([findModels(Config.parse({}), env), ollamaProposal()]);
  return proposeModels(found, memory);
}

async function ollamaProposal(): Promise<MemoryProposal | undefined> {
  const { ollama } = KNOWN_SERVERS;
  const installed = ollama === undefined ? [] : await installedModels(serverAccess("ollama", ollama, {}));
  return installed.length === 0 ? undefined : proposeForMemory(await machineMemory(), installed);
}
