import { pathFindings } from "./admission.ts";
import type { Answered } from "./answered.ts";
import type { TaskState } from "./gate.ts";
import { leading } from "./leading-finding.ts";
import { kindOfPath } from "./paths.ts";
import { codeMaker } from "./task-state.ts";
import type { Finding, Refusal } from "./verdict.ts";

/** A failure whose remedy lies in a file that no maker of the task may write. */
export interface InfrastructureFault {
  readonly path: string;
  /** The change that it would need. */
  readonly what: string;
}

/** Gates that run tests; what the door says of a path is a maker's own mistake. */
const RUNS_TESTS = /^(?:red|green|unchanged|kills)$/;

/**
 * The test infrastructure itself is broken: what decides the refusal is an error in a set-up file or config that stood
 * before the task, and that the task may not write. A set-up file that only stands in a failing test's traceback is none.
 */
export function infrastructureFault(refusal: Refusal, state: TaskState): InfrastructureFault | undefined {
  const first = leading(refusal);
  if (first === undefined || !RUNS_TESTS.test(refusal.gate)) return undefined;
  const path = brokenFile(first, state);
  if (path === undefined) return undefined;
  const said = (first.evidence ?? first.message)
    .trim()
    .split("\n")
    .filter((line) => line.trim() !== "");
  return {
    path,
    what: `${first.line === undefined ? "" : `line ${first.line}: `}${said.slice(-3).join(" ").slice(0, 400)}`,
  };
}

function brokenFile(finding: Finding, state: TaskState): string | undefined {
  const own = new Set([...state.work.tests, ...state.work.code].map((change) => change.path));
  const named = [...(finding.path === undefined ? [] : [finding.path]), ...brokenBy(finding.evidence ?? "")];
  return named.find((path) => !own.has(path) && isInfrastructure(path, state));
}

function isInfrastructure(path: string, state: TaskState): boolean {
  if (kindOfPath(path, state.profile) !== "infrastructure") return false;
  const maker = { role: codeMaker(state), writes: ["tests", "code"] } as const;
  return pathFindings(state, maker, { path, deletes: false, exists: true }).length > 0;
}

/** Files that a runner names as the one that it could not load, or in which an error outside any test was raised. */
const LOADING = [
  /while loading conftest ['"](?:\/target\/)?([^'"]+)['"]/g,
  /(?:Cannot load|failed to load|Failed to load|Error loading|error in) (?:config|configuration|setup file|globalSetup)[^\n]*?['"\s](?:file:\/\/)?(?:\/target\/)?([\w./-]+\.[cm]?[jt]sx?)/g,
  /^(?:E\s+)?File "(?:\/target\/)?([^"\n]+)", line \d+\s*\n[^\n]*\n[^\n]*\n(?:E\s+)?SyntaxError/gm,
] as const;

function brokenBy(evidence: string): readonly string[] {
  return LOADING.flatMap((pattern) => [...evidence.matchAll(pattern)].flatMap((match) => match[1] ?? []));
}

/** What a person is told on the nth sight; undefined before it. */
export function escalationOf(
  fault: InfrastructureFault | undefined,
  history: readonly Answered[],
  limit: number,
): string | undefined {
  if (fault === undefined) return undefined;
  const before = history.filter((answer) => answer.blocked === fault.path).length;
  if (before + 1 < limit) return undefined;
  return `The test infrastructure itself fails, and no task may change it. It would take a change of ${fault.path}: ${fault.what}`;
}
