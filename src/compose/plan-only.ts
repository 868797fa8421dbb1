import type { RunOutcome } from "../domain/outcome.ts";
import { planPath } from "../domain/plan-path.ts";
import { printPlan } from "../domain/plan-text.ts";
import { makePlans } from "../engine/planning.ts";
import type { PlanEnd, Watch } from "../mill.ts";
import { openWorld, type Starting } from "./run-once.ts";
import { writePlanFile } from "./write-plan.ts";

/** Asks the architect and writes the plan files into the checkout; nothing is delivered, no branch is made. */
export async function planOnly(starting: Starting, watch: Watch): Promise<PlanEnd> {
  const { id, inputs, root } = starting;
  const world = await openWorld(starting, watch);
  try {
    // The person who asked for the plan is about to read it.
    const config = { ...inputs.config, approvals: { ...inputs.config.approvals, plan: "auto" as const } };
    const planned = await makePlans({ number: 1, missing: [] }, { ...world.context, config });
    if (planned.kind === "refused") {
      const reason = `the plan is refused: ${planned.findings.map((finding) => finding.message).join(" | ")}`;
      return await end({ kind: "stuck", reason }, { path: undefined, plans: [] });
    }
    const paths: string[] = [];
    for (const plan of planned.plans)
      paths.push(await writePlanFile(root, planPath(plan.plan, inputs.startedAt), printPlan(plan)));
    return await end(
      { kind: "done", branch: "" },
      { path: paths.at(-1), plans: planned.plans.map((plan) => plan.plan) },
    );
  } finally {
    await world.close();
  }

  async function end(outcome: RunOutcome, made: Pick<PlanEnd, "path" | "plans">): Promise<PlanEnd> {
    const reason = "reason" in outcome ? outcome.reason : "";
    await world.context.ports.journal.append("ended", { type: "run-ended", outcome: outcome.kind, reason });
    return { run: id, outcome, ...made };
  }
}
