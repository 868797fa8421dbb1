import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import { openMill } from "../../src/compose/open-mill.ts";
import type { AuditEnd, AuditRequest } from "../../src/mill.ts";
import { sandboxed, silent } from "./story.ts";
import { sums } from "./sums.ts";
import type { Target } from "./target.ts";

export const DIVIDE = "export function divide(left, right) {\n  return left / right;\n}\n";

export function target(extra: Readonly<Record<string, string>> = {}): Target {
  return sums({ "src/divide.js": DIVIDE, ...extra });
}

export function finding(more: Readonly<Record<string, unknown>> = {}) {
  return {
    kind: "bug",
    file: "src/divide.js",
    lines: "2-2",
    quote: "return left / right;",
    claim: "divide by zero answers Infinity and nobody notices.",
    impact: "high",
    effort: "small",
    risk: "low",
    confidence: "high",
    ...more,
  };
}

export function said(findings: readonly object[], concepts: readonly object[] = []): string {
  return JSON.stringify({ findings, concepts });
}

/** A plan as an architect answers it; JSON is YAML. */
export function planned(more: Readonly<Record<string, unknown>> = {}, tasks: readonly object[] = [task()]): string {
  const front = {
    plan: "refuse-zero",
    title: "Zero is refused",
    findings: ["F1"],
    goal: [{ run: "node --test" }],
    ...more,
    tasks,
  };
  const lines = Object.entries(front).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return `---\n${lines.join("\n")}\n---\n## Context\n\nInfinity is no number of sums.\n`;
}

export function task(more: Readonly<Record<string, unknown>> = {}) {
  return {
    id: "T1",
    title: "Refuse zero",
    kind: "bug",
    purpose: "Nobody wants Infinity.",
    deliverables: [{ what: "a check", quality: "before anything is divided" }],
    files: ["src/divide.js"],
    tests: ["test/divide.test.js"],
    accept: [{ id: "AC1", text: '`divide(1, 0)` throws a RangeError with the message "right must not be 0"' }],
    ...more,
  };
}

export interface Voices {
  readonly auditor: readonly string[];
  readonly architect?: readonly string[];
}

/** Answers in order, the last one again and again; keeps what was asked. */
export function voices({ auditor, architect = [planned()] }: Voices): { script: Script; asked: string[] } {
  const asked: string[] = [];
  const counts = new Map<string, number>();
  const script: Script = ({ role, system, user }) => {
    const at = counts.get(role) ?? 0;
    counts.set(role, at + 1);
    asked.push(`${role}: ${system}\n${user}`);
    const answers = role === "auditor" ? auditor : architect;
    return answers[Math.min(at, answers.length - 1)] ?? "";
  };
  return { script, asked };
}

export async function audited(place: Target, script: Script, request: Partial<AuditRequest> = {}): Promise<AuditEnd> {
  const mill = await openMill(place.dir, {}, { script, ...sandboxed() });
  try {
    return await mill.audit({ level: "quick", ...request }, silent());
  } finally {
    await mill.close();
  }
}

export const text = (place: Target, path: string) => readFileSync(join(place.dir, path), "utf8");
