import { pathFindings } from "./admission.ts";
import type { Answered } from "./answered.ts";
import type { TaskState } from "./gate.ts";
import { kindOfPath } from "./paths.ts";
import { codeMaker } from "./task-state.ts";
import type { Finding, Refusal } from "./verdict.ts";

/** A failure whose remedy lies in a file that no maker of the task may write. */
export interface InfrastructureFault {
  readonly path: string;
  /** The change that it would need. */
  readonly what: string;
}

/** Rules of gates that run tests; what the door says of a path is a maker's own mistake. */
const RUNS_TESTS = /^(?:red|green|unchanged|kills)\//;

/**
 * The test infrastructure itself is broken: a run of the tests ends in a set-up file or config that stood before the task and
 * that the task may not write. One that only stands in a traceback, or that misses a module, is none.
 */
export function infrastructureFault(refusal: Refusal, state: TaskState): InfrastructureFault | undefined {
  for (const finding of refusal.findings.filter(({ rule }) => RUNS_TESTS.test(rule))) {
    const path = brokenFile(finding, state);
    if (path !== undefined) return { path, what: whatOf(finding) };
  }
  return undefined;
}

function whatOf({ evidence, message }: Finding): string {
  const lines = (evidence ?? message).split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .slice(-3)
    .join(" ")
    .slice(0, 400);
}

function brokenFile(finding: Finding, state: TaskState): string | undefined {
  const text = finding.evidence ?? "";
  const path = conftestIn(text) ?? configIn(text) ?? setupIn(finding);
  if (path === undefined || !isInfrastructure(path, state)) return undefined;
  return [...state.work.tests, ...state.work.code].some((change) => change.path === path) ? undefined : path;
}

function isInfrastructure(path: string, state: TaskState): boolean {
  if (kindOfPath(path, state.profile) !== "infrastructure") return false;
  const maker = { role: codeMaker(state), writes: ["tests", "code"] } as const;
  return pathFindings(state, maker, { path, deletes: false, exists: true }).length > 0;
}

const inTree = (path: string | undefined) => path?.replace(/^(?:\/target\/|\.\/)/, "");

/** Where pytest says that it could not load a conftest: the file of the last frame, in which the error was raised. */
function conftestIn(text: string): string | undefined {
  const [, conftest] = /while loading conftest ['"]([^'"]+)['"]/.exec(text) ?? [];
  if (conftest === undefined || /^E\s+(?:ModuleNotFoundError|ImportError)\b/m.test(text)) return undefined;
  if (/^E\s+SyntaxError\b/m.test(text)) return inTree(/^E?\s*File "([^"\n]+)", line \d+/m.exec(text)?.[1]) ?? conftest;
  const frames = [...text.matchAll(/^(\S+?):\d+: in /gm)].map((match) => match[1]);
  return inTree(frames.at(-1) ?? conftest);
}

/** Where a runner refuses its own configuration. */
function configIn(text: string): string | undefined {
  const pytest = /\berror: [^\n]*\n\s*inifile: (\S+)/.exec(text)?.[1];
  const other =
    /(?:failed|error|cannot|could not)[^\n]{0,40}\bconfig(?:uration)?\b[^\n]*?['"\s](\S+\.(?:[cm]?[jt]s|json|ini|toml))\b/i.exec(
      text,
    )?.[1];
  return inTree(pytest ?? other);
}

/** Where an error outside any test was raised: the file of its first frame. */
function setupIn({ rule, evidence = "" }: Finding): string | undefined {
  if (!/^(?:red|green)\/error$/.test(rule)) return undefined;
  return inTree(/^\s*(?:❯|at)\s.*?([\w./@-]+\.[cm]?[jt]sx?):\d+/m.exec(evidence)?.[1]);
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
