import type { Diagnostic, DiagnosticTool } from "../diagnostic.ts";
import type { Gate, TaskState } from "../gate.ts";
import { type Need, type Seen, sight } from "../need.ts";
import { newDiagnostics } from "../new-diagnostics.ts";
import { TASK_KINDS } from "../task.ts";
import { awaitsCode, codeMaker, isRedFirst, ownerOf } from "../task-state.ts";
import { type Answerer, type Finding, pass, verdictOf } from "../verdict.ts";
import type { TreeChange } from "../work.ts";

type DiagnosticsNeed = Extract<Need, { see: "diagnostics" }>;

/** A tool's complaints about the work that it does not have about the base. */
function diagnosisGate(tool: DiagnosticTool): Gate {
  return {
    name: tool,
    kinds: TASK_KINDS,
    needs(state, seen) {
      if (waits(tool, state)) return [];
      const changes = sight(seen, changesNeed(state));
      return changes ? [changesNeed(state), ...treeNeeds(tool, state, changes)] : [changesNeed(state)];
    },
    judge(state, seen) {
      if (waits(tool, state)) return pass();
      const changes = sight(seen, changesNeed(state));
      if (!changes) return verdictOf([notSeen(tool, state)]);
      return judgeChanges(tool, state, { seen, changes });
    },
  };
}

function judgeChanges(
  tool: DiagnosticTool,
  state: TaskState,
  { seen, changes }: { seen: Seen; changes: readonly TreeChange[] },
) {
  const needs = treeNeeds(tool, state, changes);
  if (needs.length === 0) return pass();
  const [base, work] = needs.map((need) => sight(seen, need));
  if (!base || !work) return verdictOf([notSeen(tool, state)]);
  if (work.tools.length === 0) return pass(`No ${tool} tool looks at these files.`);
  const found = newDiagnostics(base, work, movesOf(state, changes));
  return verdictOf(found.map((diagnostic) => findingOf(tool, state, diagnostic)));
}

/** While the code is not there, types and lint would only complain about what is still to come. */
function waits(tool: DiagnosticTool, state: TaskState): boolean {
  return tool !== "syntax" && awaitsCode(state);
}

function changesNeed(state: TaskState): Extract<Need, { see: "changes" }> {
  return { see: "changes", from: state.work.base.tree, to: state.work.trees.work };
}

/** Types are looked at by project: both trees are asked about the same paths, or old complaints would look new. */
function treeNeeds(tool: DiagnosticTool, state: TaskState, changes: readonly TreeChange[]): readonly DiagnosticsNeed[] {
  const after = changes.filter((change) => change.blob !== null).map((change) => change.path);
  const before = changes.filter((change) => change.before !== null).map((change) => change.path);
  if (after.length === 0) return [];
  const all = [...new Set([...before, ...after])];
  return [
    { see: "diagnostics", tool, tree: state.work.base.tree, paths: (tool === "types" ? all : before).sort() },
    { see: "diagnostics", tool, tree: state.work.trees.work, paths: after.sort() },
  ];
}

/** New path by old: declared moves, and files that went elsewhere byte for byte. */
function movesOf(state: TaskState, changes: readonly TreeChange[]): ReadonlyMap<string, string> {
  const gone = new Map(
    changes.filter((change) => change.blob === null).map((change) => [change.before ?? "", change.path]),
  );
  const same = changes.flatMap(({ path, before, blob }) => {
    const from = before === null && blob !== null ? gone.get(blob) : undefined;
    return from === undefined ? [] : [[path, from] as const];
  });
  return new Map([...same, ...state.task.moves.map((move) => [move.to, move.from] as const)]);
}

/** A name that a test uses and the code does not offer: red has proven the test, so the code has to answer. */
const MISSING_NAMES: Partial<Readonly<Record<DiagnosticTool, RegExp>>> = {
  types: /^(?:TS(?:2304|2305|2307|2339|2551|2614|2724)|report(?:AttributeAccessIssue|MissingImports))$/,
  symbols: /^(?:(?:module|export|member)-missing|argument-unknown)$/,
};

function answererOf(tool: DiagnosticTool, state: TaskState, diagnostic: Diagnostic): Answerer {
  if (isRedFirst(state) && MISSING_NAMES[tool]?.test(diagnostic.code)) return codeMaker(state);
  return ownerOf(state, diagnostic.path);
}

function findingOf(tool: DiagnosticTool, state: TaskState, diagnostic: Diagnostic): Finding {
  return {
    rule: `${tool}/${diagnostic.code}`,
    answers: answererOf(tool, state, diagnostic),
    message: diagnostic.message,
    path: diagnostic.path,
    line: diagnostic.line,
    evidence: diagnostic.text.slice(0, 300),
  };
}

function notSeen(tool: DiagnosticTool, state: TaskState): Finding {
  return { rule: `${tool}/not-seen`, answers: codeMaker(state), message: `The ${tool} tools have not looked yet.` };
}

export const syntax = diagnosisGate("syntax");
export const lint = diagnosisGate("lint");
export const symbols = diagnosisGate("symbols");
export const types = diagnosisGate("types");
