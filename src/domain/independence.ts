import type { Approvals } from "./approvals.ts";
import type { Config } from "./config.ts";
import type { ModelIdentity, Role } from "./model-call.ts";
import { mayBeOneModel } from "./model-identity.ts";
import type { Workflow } from "./workflow.ts";

/** Roles that a workflow calls, by the part they play. */
export interface Cast {
  readonly makers: readonly Role[];
  readonly reviewers: readonly Role[];
  readonly goalCheckers: readonly Role[];
  /** Who writes held-out checks; the reviewer's model may, a maker's may not. */
  readonly examiners: readonly Role[];
  /** Who speaks in a person's place; any judge's model may, a maker's may not. */
  readonly approvers: readonly Role[];
}

/** Which roles a workflow calls; the documenter always may be, because any plan may hold a `docs` task. */
export function castOf(workflow: Workflow, approvals: Partial<Approvals> = {}): Cast {
  const gates = new Set(workflow.gates.map((entry) => entry.gate));
  return {
    makers: [...new Set<Role>([workflow.makers.tests, workflow.makers.code, "documenter"])],
    reviewers: [
      ...(gates.has("review") ? (["reviewer"] as const) : []),
      ...(gates.has("checklist") ? (["checker"] as const) : []),
    ],
    goalCheckers: workflow.goal.judge ? ["goal-checker"] : [],
    examiners: gates.has("held-out") ? ["examiner", "second-examiner"] : [],
    approvers: Object.values(approvals).includes("auto-judge") ? ["approver"] : [],
  };
}

/** Every role of a cast, the architect first. */
export function rolesOf(cast: Cast): readonly Role[] {
  const { makers, reviewers, goalCheckers, examiners, approvers } = cast;
  return ["architect", ...makers, ...reviewers, ...goalCheckers, ...examiners, ...approvers];
}

/**
 * Why this cast is not as independent as the rule wants: maker, reviewer and goal-checker must differ pairwise, and
 * examiners and approvers from makers, whichever rung of its ladder answers. `identify` names every model that may answer for a role.
 */
export function independenceProblems(
  rule: Config["independence"],
  cast: Cast,
  identify: (role: Role) => ModelIdentity | readonly ModelIdentity[],
): readonly string[] {
  if (rule === "none") return [];
  const pairs = [
    ...pairsOf(cast.makers, cast.reviewers),
    ...pairsOf(cast.makers, cast.goalCheckers),
    ...pairsOf(cast.reviewers, cast.goalCheckers),
    ...pairsOf(cast.makers, cast.examiners),
    ...pairsOf(cast.makers, cast.approvers),
  ];
  const models = (role: Role) => [identify(role)].flat();
  const meetings = pairs.flatMap(([left, right]) =>
    models(left).flatMap((one) => models(right).map((other) => ({ left, right, one, other }))),
  );
  return meetings.flatMap(({ left, right, one, other }) => {
    const same = rule === "vendor" ? one.vendor === other.vendor : mayBeOneModel(one, other);
    if (!same) return [];
    const what = rule === "vendor" ? vendorText(one.vendor) : modelText(one, other);
    return [
      `${left} and ${right} ${what}. Give one of them another model under \`models:\`, or write \`independence: none\` (every report will say so).`,
    ];
  });
}

function vendorText(vendor: string): string {
  return vendor === "unknown"
    ? "are models of which nobody knows the vendor (`aliases:` can say which model a name is)"
    : `both come from ${vendor}`;
}

function modelText(one: ModelIdentity, other: ModelIdentity): string {
  return one.identity === other.identity
    ? `are both answered by ${one.identity}`
    : `may be answered by one model: ${one.name} and ${other.name} cannot be told apart`;
}

function pairsOf(lefts: readonly Role[], rights: readonly Role[]): readonly (readonly [Role, Role])[] {
  return lefts.flatMap((left) => rights.map((right) => [left, right] as const));
}

/** The workflow for a config without a goal-checker's model: the goal is judged by its commands and file checks alone. */
export function judgedByCommands(workflow: Workflow, { models }: Pick<Config, "models">): Workflow {
  const isNamed = models["goal-checker"] !== undefined || models.default !== undefined;
  return isNamed || !workflow.goal.judge
    ? workflow
    : { ...workflow, goal: { ...workflow.goal, judge: false, checks: "required" } };
}
