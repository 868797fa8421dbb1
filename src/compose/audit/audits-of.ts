import { systemClock } from "../../adapters/clock/system.ts";
import type { Config } from "../../domain/config.ts";
import type { RunInputs } from "../../domain/run-inputs.ts";
import type { Mill, Watch } from "../../mill.ts";
import { bent, type Wiring } from "../wiring.ts";
import type { AuditEnd, Audits } from "./audit-door.ts";
import { auditInputs } from "./begin-audit.ts";
import { listPlans, type PlanPlace, rejectPlan } from "./open-audits.ts";
import { reconcilePlans } from "./reconcile-plans.ts";

/** What the audit loop needs of an opened repository. */
interface Opened extends Omit<PlanPlace, "now" | "root"> {
  readonly wiring: Wiring;
}

interface Doing {
  readonly config: Config;
  locked<Result>(watch: Watch, work: () => Promise<Result>): Promise<Result>;
  /** Conducts a new audit with what was frozen for it. */
  begin(inputs: RunInputs, watch: Watch): Promise<AuditEnd>;
  version(): Promise<string>;
}

/** The audit loop of an opened repository, and its plans. */
export function auditsOf(opened: Opened, doing: Doing): Audits & Pick<Mill, "audit"> {
  const { inspection, wiring, store, stateDir } = opened;
  const { config, locked } = doing;
  const place = (): PlanPlace => ({
    root: inspection.root,
    stateDir,
    store,
    inspection,
    now: (wiring.clock ?? systemClock()).now(),
  });
  return {
    audit: (request, watch) =>
      locked(watch, async () => {
        const now = systemClock().now();
        const inputs = await auditInputs(request, { inspection, config, wiring, version: await doing.version(), now });
        return doing.begin(inputs, watch);
      }),
    plans: () => listPlans(place()),
    rejectPlan: (name, reason) => locked(unwatched(), () => rejectPlan(place(), name, reason)),
    reconcile: ({ apply, signal }) =>
      locked(unwatched(), () => reconcilePlans(place(), { config: bent(config, wiring), apply, signal })),
  };
}

function unwatched(): Watch {
  return { entry: () => undefined, glimpse: () => undefined, signal: new AbortController().signal };
}
