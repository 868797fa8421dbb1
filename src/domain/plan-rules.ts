import { browserCheckText } from "./browser-text.ts";
import { digestOf } from "./digest.ts";
import { normalisePath } from "./paths.ts";
import type { Plan } from "./plan.ts";
import type { PlanFacts, PlannedTask } from "./plan-findings.ts";
import { taskGraph, waitsFor } from "./plan-graph.ts";
import { orderProblems } from "./plan-order-rules.ts";
import { PATH_RULES } from "./plan-path-rules.ts";
import { TASK_RULES } from "./plan-task-rules.ts";
import type { Spec } from "./spec.ts";
import { type Literal, literalKept, literalsOf } from "./spec-literals.ts";
import type { Criterion } from "./task.ts";
import { type Finding, type Verdict, verdictOf } from "./verdict.ts";

/** Judges linked plans by rules, not by a model: every finding is the architect's to answer. */
export function judgePlan(plans: readonly Plan[], spec: Spec, facts: PlanFacts): Verdict {
  const together = orderProblems(plans, facts).map(toFinding);
  const each = plannedTasks(plans).flatMap((planned) =>
    [...TASK_RULES, ...PATH_RULES].flatMap((rule) =>
      rule(planned, facts).map(({ rule: name, message }) =>
        toFinding({ rule: name, message: `${planned.task.id}: ${message}` }),
      ),
    ),
  );
  return verdictOf([...together, ...each, ...goalFindings(plans), ...literalFindings(plans, spec)]);
}

function toFinding(problem: { readonly rule: string; readonly message: string }): Finding {
  return { ...problem, answers: "architect" };
}

function plannedTasks(plans: readonly Plan[]): readonly PlannedTask[] {
  const graph = taskGraph(plans);
  const byName = new Map(plans.flatMap((plan) => plan.tasks.map((task) => [`${plan.plan}/${task.id}`, task])));
  return plans.flatMap((plan) =>
    plan.tasks.map((task) => {
      const names = [...waitsFor(`${plan.plan}/${task.id}`, graph)];
      const before = names.flatMap((name) => byName.get(name) ?? []);
      return { plan, task, here: task.repo === undefined ? "here" : "elsewhere", before };
    }),
  );
}

function goalFindings(plans: readonly Plan[]): readonly Finding[] {
  return plans.flatMap((plan) =>
    plan.goal.flatMap((check) => {
      const normal = "file" in check ? normalisePath(check.file) : undefined;
      if (normal?.kind !== "refused") return [];
      return [
        toFinding({
          rule: "plan/path",
          message: `The goal of ${plan.plan} names a file that is no path here: ${normal.why}.`,
        }),
      ];
    }),
  );
}

/** The criteria are all that a reviewer sees: a value that is in none of them is never checked. */
function literalFindings(plans: readonly Plan[], spec: Spec): readonly Finding[] {
  // A plan without a spec file stands for itself: its body is no spec, and its literals are not demanded.
  if (digestOf(spec.text) !== spec.digest) return [];
  const proof = proofOf(plans);
  const lines = spec.text.split("\n");
  return literalsOf(spec.text)
    .filter((literal) => !isKept(literal, proof))
    .map((literal) => ({
      rule: "plan/literal-missing",
      answers: "architect",
      message: `No criterion holds ${shown(literal)} of the spec, line ${literal.line}. Write the value, unchanged, into the criterion that it belongs to.`,
      ...(spec.path === undefined ? {} : { path: spec.path }),
      line: literal.line,
      evidence: (lines[literal.line - 1] ?? "").trim().slice(0, 300),
    }));
}

interface Proof {
  /** Criteria, checks and the goal: what is compared with the result. */
  readonly compared: string;
  /** Names that the tasks declare beside. */
  readonly named: string;
}

function proofOf(plans: readonly Plan[]): Proof {
  const tasks = plans.flatMap((plan) => plan.tasks);
  const goals = plans.flatMap((plan) =>
    plan.goal.map((check) => ("run" in check ? check.run : `${check.file} ${check.contains ?? ""}`)),
  );
  const compared = [...tasks.flatMap((task) => [...task.accept.flatMap(saidBy), task.check ?? ""]), ...goals];
  const named = tasks.flatMap((task) => [
    ...task.files,
    ...task.tests,
    ...task.deletes,
    ...task.creates.flatMap((text) => text.split("#")),
  ]);
  return { compared: compared.join("\n"), named: named.join("\n") };
}

/** A criterion's text, and what its browser check expects. */
function saidBy({ text, browser }: Criterion): readonly string[] {
  return browser === undefined ? [text] : [text, browserCheckText(browser)];
}

function isKept(literal: Literal, proof: Proof): boolean {
  if (literalKept(literal, proof.compared)) return true;
  return literal.kind === "identifier" && literalKept(literal, proof.named);
}

function shown(literal: Literal): string {
  if (literal.kind === "identifier") return `\`${literal.text}\``;
  return literal.kind === "quoted" ? `"${literal.text.replace(/^"(.*)"$/, "$1")}"` : literal.text;
}

/** Says when the spec or the code are no longer those that the plan was made for; the plan may still hold. */
export function driftOf(plan: Plan, spec: Spec, head: string): readonly string[] {
  const notices: string[] = [];
  if (plan.spec.digest !== spec.digest)
    notices.push(
      `The spec ${plan.spec.path ?? ""} has changed since the plan ${plan.plan} was made. Check that the plan still says what you want, or make a new one with \`millwright plan\`.`.replace(
        "  ",
        " ",
      ),
    );
  if (plan.base !== head)
    notices.push(
      `The code has moved on since the plan ${plan.plan} was made: from ${plan.base.slice(0, 10)} to ${head.slice(0, 10)}.`,
    );
  return notices;
}
