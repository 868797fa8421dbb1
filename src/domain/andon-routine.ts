import type { Category } from "./failure-text.ts";
import type { IncidentKind, IncidentReport } from "./incident.ts";
import { analysisOf } from "./incident-opening.ts";

/** Kinds that may turn out to be routine; what the mill itself has seen never is. */
const MAYBE: readonly IncidentKind[] = ["escalation", "no-progress", "reported"];
const SURE = 0.7;

const MISSING: Readonly<Partial<Record<Category, { readonly names: readonly RegExp[]; fix(name: string): string }>>> = {
  "command-missing": {
    names: [
      /(?:^|[\s:])([\w./+-]+): (?:command )?not found/m,
      /command not found: (\S+)/,
      /\bspawn(?:Sync)? (\S+) ENOENT/,
      /env: [‘'"]?([\w.+-]+)[’'"]?: No such file/,
      /'([^']+)' is not recognized as an internal/,
    ],
    fix: (name) =>
      `The command ${name} is not installed where tests run: install it, then \`millwright doctor\` shows whether it is found.`,
  },
  "python-module-missing": {
    names: [/No module named ['"]?([\w.]+)/],
    fix: (name) =>
      `The Python module ${name} is not installed: add it to the project's dependencies and commit them, then \`millwright doctor\`.`,
  },
  "node-module-missing": {
    names: [
      /Cannot find (?:module|package) ['"]([^'"]+)/,
      /Failed to resolve import ['"]([^'"]+)/,
      /Failed to load url (\S+)/,
    ],
    fix: (name) =>
      `The package ${name} is not installed: add it to package.json, commit the lock file too, then \`millwright doctor\`.`,
  },
};

/**
 * What to do about a failure whose cause is known and routine: a tool or a module that is not installed. Undefined for
 * everything that is worth an incident.
 */
export function routineFix(report: IncidentReport): string | undefined {
  if (!MAYBE.includes(report.kind)) return undefined;
  const { category, confidence } = analysisOf(report);
  const missing = MISSING[category];
  if (missing === undefined || confidence < SURE) return undefined;
  const texts = [
    ...(report.failures ?? []).flatMap(({ message, evidence }) => [evidence ?? "", message]),
    ...report.evidence,
    report.problem,
  ];
  const name = texts.flatMap((text) => missing.names.flatMap((pattern) => pattern.exec(text)?.[1] ?? []))[0];
  return name === undefined ? undefined : missing.fix(name);
}
