import { inspectRepository } from "../../adapters/git/system/inspection.ts";
import type { MillFlags } from "../../mill.ts";
import { loadConfig } from "../read-config.ts";
import { prepareStateDir } from "../state-dir.ts";
import { specFromIssue } from "./issues.ts";

/** Reads an issue and writes it as a spec; answers the spec's path. @throws InputError, StepFailure */
export async function readIssue(dir: string, flags: MillFlags, issue: string): Promise<string> {
  const { root, sharedDir } = await inspectRepository(dir);
  const [config, stateDir] = [await loadConfig(root, flags.config), await prepareStateDir(root, sharedDir)];
  return specFromIssue(issue, { root, stateDir, config, env: process.env });
}
