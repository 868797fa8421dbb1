import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspectRepository, listTracked, refusals } from "../adapters/git/system/inspection.ts";
import { probeOllama } from "../adapters/models/probe.ts";
import { probeBubblewrap } from "../adapters/sandbox/bubblewrap/open-bubblewrap.ts";
import { detectSuites } from "../adapters/toolchain/detect.ts";
import { configText } from "../domain/config-draft.ts";
import { InputError } from "../domain/step-failure.ts";
import { toolNotes } from "../domain/tools-in-sight.ts";
import type { InitEnd } from "../mill.ts";

/** Detects stack, test command, linters, sandbox and a local model, and writes `millwright.yaml`. @throws InputError */
export async function initRepository(dir: string, options: { readonly yes: boolean }): Promise<InitEnd> {
  const inspection = await inspectRepository(dir);
  const reasons = refusals(inspection, "empty");
  if (reasons.length > 0) throw new InputError(reasons);
  const path = join(inspection.root, "millwright.yaml");
  const before = await readFile(path, "utf8").catch(() => undefined);
  if (before !== undefined && !options.yes)
    throw new InputError([
      "millwright.yaml is there already. `millwright init --yes` writes it anew; the old one is kept as millwright.yaml.before.",
    ]);
  const tracked = await listTracked(inspection);
  const [found, sandbox, ollama] = await Promise.all([
    detectSuites(inspection.root, tracked),
    probeBubblewrap(),
    probeOllama(),
  ]);
  const models =
    ollama.length > 0
      ? { name: `ollama/${ollama[0]}`, why: "a local Ollama has it" }
      : { name: "mailbox", why: "no model server was found: requests are written as files that you answer" };
  const text = configText({
    suites: found.suites,
    dependencies: found.dependencies,
    submodules: inspection.submodules.length > 0,
    model: models.name,
  });
  if (before !== undefined) await writeFile(`${path}.before`, before);
  await writeFile(path, text);
  const notes = [
    ...found.notes,
    ...toolNotes(tracked),
    `models: ${models.name} (${models.why})`,
    sandbox.usable ? `sandbox: ${sandbox.name}` : `no sandbox yet: ${sandbox.reason}. ${sandbox.fix}`,
  ];
  return { path, text, notes };
}
