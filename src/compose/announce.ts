import { castOf, rolesOf } from "../domain/independence.ts";
import type { ModelIdentity, Role } from "../domain/model-call.ts";
import type { RunInputs } from "../domain/run-inputs.ts";
import type { Ports } from "../engine/ports.ts";

interface Announced {
  readonly inputs: RunInputs;
  readonly notices: readonly string[];
  readonly resumed: boolean;
  readonly compared?: boolean;
  readonly roles?: readonly Role[];
}

/** Says in the journal what a run begins with, or that it goes on. */
export async function announce(starting: Announced, ports: Ports, active: readonly string[]): Promise<void> {
  const { inputs } = starting;
  const corrections = active.length === 0 ? {} : { corrections: [...active] };
  const { journal, models } = ports;
  if (starting.resumed)
    await journal.append(`resumed/${process.pid}/${ports.clock.now()}`, {
      type: "run-resumed",
      pid: process.pid,
      ...corrections,
    });
  const orchestrated = inputs.config.limits.orchestrations > 0 ? (["orchestrator"] as const) : [];
  const roles = starting.roles ?? [...rolesOf(castOf(inputs.workflow, inputs.config.approvals)), ...orchestrated];
  await journal.append("started", {
    type: "run-started",
    title: inputs.spec.title,
    spec: { digest: inputs.spec.digest, ...(inputs.spec.path === undefined ? {} : { path: inputs.spec.path }) },
    workflow: inputs.workflow.name,
    base: { commit: inputs.base.commit, ...(inputs.base.branch === undefined ? {} : { branch: inputs.base.branch }) },
    models: Object.fromEntries(roles.map((role) => [role, ladderText(models.ladder(role))])),
    independence: inputs.config.independence,
    sandbox: ports.sandbox,
    version: inputs.version,
    ...(inputs.replay === undefined ? {} : { replayed: true }),
    ...(starting.compared ? { compared: true } : {}),
    ...corrections,
  });
  for (const [index, message] of noticesOf(starting, ports).entries())
    await journal.append(`notice/${index + 1}`, { type: "notice", message });
}

/** The models of a role as a report names them: the first one, and who takes over. */
function ladderText(ladder: readonly ModelIdentity[]): string {
  return ladder.map(({ name }) => name).join(", then ");
}

const NO_SUITE =
  "No test suite is configured: name one in millwright.yaml, e.g. `suites: [{ runner: pytest }]`; `millwright init` writes what it finds.";

function noticesOf(starting: Announced, ports: Ports): readonly string[] {
  const { config } = starting.inputs;
  const suites = ports.repository(undefined).toolchain.profile.suites;
  return [
    ...starting.notices,
    ...(config.sandbox === "none" ? ["Tests run without a sandbox, with your rights (`sandbox: none`)."] : []),
    ...(config.independence === "none"
      ? ["Maker, reviewer and goal-checker may be one model (`independence: none`)."]
      : []),
    ...(suites.some((suite) => suite.runner === "command")
      ? ["A suite is a bare command: only its exit code can be seen."]
      : []),
    ...(suites.length === 0 ? [NO_SUITE] : []),
  ];
}
