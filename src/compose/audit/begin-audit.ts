import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Inspection } from "../../adapters/git/system/inspection.ts";
import { commitNamed } from "../../adapters/git/system/revisions.ts";
import type { Config } from "../../domain/config.ts";
import { digestOf } from "../../domain/digest.ts";
import { RunInputs } from "../../domain/run-inputs.ts";
import { InputError } from "../../domain/step-failure.ts";
import { loadWorkflow, withFlags } from "../read-config.ts";
import { bent, type Wiring } from "../wiring.ts";
import type { AuditRequest } from "./audit-door.ts";

/** Where an audit is to begin. */
export interface AuditPlace {
  readonly inspection: Inspection;
  readonly config: Config;
  readonly wiring: Wiring;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * All that the audit depends on, frozen. A recorded one keeps level, limits and time of its recording: ages and file names
 * come from them. @throws InputError
 */
export async function auditInputs(request: AuditRequest, place: AuditPlace): Promise<RunInputs> {
  const { inspection, wiring, now } = place;
  const recorded = request.recording === undefined ? undefined : await recordedInputs(request.recording);
  const merged = bent(withFlags(recorded?.config ?? place.config, request), wiring);
  const since = request.since === undefined ? undefined : await commitNamed(inspection, request.since);
  const level = recorded?.audit?.level ?? request.level;
  const text = `Audit of the repository at level ${level}`;
  return RunInputs.parse({
    spec: { title: "Audit", text, digest: digestOf(text) },
    config: recorded === undefined ? merged : { ...merged, budget: {} },
    workflow: await loadWorkflow(inspection.root, merged.workflow),
    base: { commit: inspection.head ?? "", branch: inspection.branch },
    startedAt: recorded?.startedAt ?? wiring.begin?.startedAt ?? Math.floor(now / 1000),
    version: place.version,
    configured: bent(place.config, wiring).models,
    audit: { level, since: since ?? recorded?.audit?.since },
    replay:
      request.recording === undefined
        ? undefined
        : { dir: resolve(request.recording), strict: request.strict ?? false },
  });
}

async function recordedInputs(recording: string): Promise<RunInputs> {
  const path = join(resolve(recording), "run.json");
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) throw new InputError([`${resolve(recording)} holds no recording: it has no run.json.`]);
  const inputs = RunInputs.parse(JSON.parse(text));
  if (inputs.audit === undefined)
    throw new InputError([
      `${recording} is the recording of a run, not of an audit: \`millwright replay --recording ${recording}\`.`,
    ]);
  return inputs;
}
