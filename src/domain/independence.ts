import type { Config } from "./config.ts";
import type { ModelIdentity, Role } from "./model-call.ts";
import type { Workflow } from "./workflow.ts";

/** Roles that a workflow calls, by the part they play. */
export interface Cast {
  readonly makers: readonly Role[];
  readonly reviewers: readonly Role[];
  readonly goalCheckers: readonly Role[];
}

/** Which roles a workflow calls. */
export function castOf(workflow: Workflow): Cast {
  const gates = new Set(workflow.gates.map((entry) => entry.gate));
  return {
    makers: [...new Set([workflow.makers.tests, workflow.makers.code])],
    reviewers: [
      ...(gates.has("review") ? (["reviewer"] as const) : []),
      ...(gates.has("checklist") ? (["checker"] as const) : []),
    ],
    goalCheckers: workflow.goal.judge ? ["goal-checker"] : [],
  };
}

/** Every role of a cast, the architect first. */
export function rolesOf(cast: Cast): readonly Role[] {
  return ["architect", ...cast.makers, ...cast.reviewers, ...cast.goalCheckers];
}

/** Why this cast is not as independent as the rule wants: maker, reviewer and goal-checker must differ pairwise. */
export function independenceProblems(
  rule: Config["independence"],
  cast: Cast,
  identify: (role: Role) => ModelIdentity,
): readonly string[] {
  if (rule === "none") return [];
  const pairs = [
    ...pairsOf(cast.makers, cast.reviewers),
    ...pairsOf(cast.makers, cast.goalCheckers),
    ...pairsOf(cast.reviewers, cast.goalCheckers),
  ];
  return pairs.flatMap(([left, right]) => {
    const one = identify(left);
    const other = identify(right);
    const same = rule === "vendor" ? one.vendor === other.vendor : one.identity === other.identity;
    if (!same) return [];
    const what = rule === "vendor" ? `come from ${one.vendor}` : `are answered by ${one.identity}`;
    return [
      `${left} and ${right} both ${what}. Give one of them another model under \`models:\`, or write \`independence: none\` (every report will say so).`,
    ];
  });
}

function pairsOf(lefts: readonly Role[], rights: readonly Role[]): readonly (readonly [Role, Role])[] {
  return lefts.flatMap((left) => rights.map((right) => [left, right] as const));
}
