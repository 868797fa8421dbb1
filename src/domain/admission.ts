import type { WrittenCases } from "./diagnostic.ts";
import { offeredNames } from "./dropped-code.ts";
import type { TaskState } from "./gate.ts";
import { kindOfPath, matches, normalisePath } from "./paths.ts";
import { placesIn, type StandingFacts } from "./proposed-place.ts";
import { protectedReason } from "./protected-paths.ts";
import type { Answerer, Finding } from "./verdict.ts";
import type { FileChange, Layer, Work } from "./work.ts";
import type { Workflow } from "./workflow.ts";
import { writtenCaseFindings } from "./written-cases.ts";

export type LayerName = "tests" | "code";

/** A maker and the layers it may write. */
export interface MakerRights {
  readonly role: Answerer;
  readonly writes: readonly LayerName[];
}

/** What a maker may write in a workflow. */
export function rightsOf(role: Answerer, { makers }: Workflow): MakerRights {
  const writes = [
    ...(makers.tests === role ? (["tests"] as const) : []),
    ...(makers.code === role || role === "documenter" ? (["code"] as const) : []),
  ];
  return { role, writes };
}

/** One file of a proposal, after its edits were applied in memory. */
export interface ProposedFile {
  readonly path: string;
  /** `undefined` when the base does not have it. */
  readonly base: string | undefined;
  /** `null` deletes it. */
  readonly after: string | null;
  /** True when the maker sent the file whole although it exists. */
  readonly rewritten: boolean;
  /** For test files that exist in the base. */
  readonly cases?: { readonly before: WrittenCases; readonly after: WrittenCases };
}

/**
 * The layer that a path belongs to: what the runner collects and what steers it is tests, the rest is code. A `config`
 * task that names such a file among its code files writes it there.
 */
export function layerOf(state: TaskState, path: string): LayerName {
  const { task, profile } = state;
  const kind = kindOfPath(path, profile);
  if (kind !== "infrastructure") return kind === "test" ? "tests" : "code";
  return task.kind === "config" && matches(task.files, path) && !matches(task.tests, path) ? "code" : "tests";
}

/** The work with what was proposed in its layers, `standing` being the base's blob of a path; a file as the base has it is no change. */
export function workWith(
  proposed: readonly FileChange[],
  state: TaskState,
  standing: (path: string) => string | null,
): Omit<Work, "trees"> {
  const merge = (layer: Layer, name: LayerName): Layer => {
    const own = proposed.filter((change) => layerOf(state, change.path) === name);
    const kept = layer.filter((change) => !own.some((other) => other.path === change.path));
    const changed = [...kept, ...own].filter((change) => standing(change.path) !== change.blob);
    return changed.sort((a, b) => (a.path < b.path ? -1 : 1));
  };
  const { base, tests, code } = state.work;
  return { base, tests: merge(tests, "tests"), code: merge(code, "code") };
}

/** The door: is this proposal in scope, in the right layer, on real files, and does it leave what stood there standing? */
export function admissionFindings(
  state: TaskState,
  maker: MakerRights,
  files: readonly ProposedFile[],
  base: StandingFacts,
): readonly Finding[] {
  const badPlace = placesIn(base, files);
  return files.flatMap((file) => {
    const place = badPlace(file.path);
    const findings = [
      ...pathFindings(state, maker, { path: file.path, deletes: file.after === null, exists: file.base !== undefined }),
      ...(place ? [{ ...finding(maker, place.rule, place.message), path: file.path }] : []),
    ];
    return findings.length > 0 ? findings : contentFindings(state, maker, file);
  });
}

/** May this maker write this path in this task? */
export function pathFindings(
  state: TaskState,
  maker: MakerRights,
  file: { readonly path: string; readonly deletes: boolean; readonly exists: boolean },
): readonly Finding[] {
  const normal = normalisePath(file.path);
  if (normal.kind === "refused")
    return [finding(maker, "door/path", `${printable(file.path)} is not a path that may be written: ${normal.why}.`)];
  const path = normal.path;
  const at = (rule: string, message: string) => [{ ...finding(maker, rule, message), path }];
  const reason = protectedReason(path, state.config.protected);
  const named = state.task.files.includes(path) || state.task.tests.includes(path);
  if (reason && !(state.task.kind === "config" && reason.kind === "toolchain" && named))
    return at("door/protected", `${path} is protected: ${reason.why}.`);
  const layer = layerOf(state, path);
  if (!maker.writes.includes(layer)) return at("door/wrong-layer", wrongLayer(maker, layer, path));
  if (!inScope(state, path))
    return at("door/out-of-scope", `${path} is not among this task's files (${scopeOf(state).join(", ")}).`);
  const broken = toolingRule(state, path, { ...file, named });
  return broken ? at(broken.rule, broken.message) : [];
}

/** What steers tests and installs is written only by a task that names it, and files go only where a task says so. */
function toolingRule(
  state: TaskState,
  path: string,
  file: { readonly deletes: boolean; readonly exists: boolean; readonly named: boolean },
): { rule: string; message: string } | undefined {
  const kind = kindOfPath(path, state.profile);
  if (kind === "infrastructure" && file.exists && !(state.task.kind === "config" && file.named)) {
    const message = `${path} steers how tests run; changing it takes a task of kind config that names it.`;
    return { rule: "door/infrastructure", message };
  }
  if (kind === "manifest" && !file.named)
    return { rule: "door/manifest", message: `${path} is a manifest or lock file; the task must name it.` };
  if (file.deletes && !mayDelete(state, path))
    return { rule: "door/deletes", message: `The task does not name ${path} among the files it may delete.` };
  return undefined;
}

function contentFindings(state: TaskState, maker: MakerRights, file: ProposedFile): readonly Finding[] {
  if (file.cases && file.after !== null) {
    if (state.task.moves.some((move) => move.from === file.path)) return [];
    return writtenCaseFindings({ path: file.path, answers: maker.role, ...file.cases });
  }
  if (file.rewritten && file.after !== null) return droppedFindings(state, maker, file);
  return [];
}

/** A whole-file rewrite must not lose what others declared there. */
function droppedFindings(state: TaskState, maker: MakerRights, file: ProposedFile): readonly Finding[] {
  if (file.base === undefined || file.after === null || ["refactor", "move"].includes(state.task.kind)) return [];
  const after = offeredNames(file.path, file.after);
  const dropped = [...offeredNames(file.path, file.base)].filter((name) => !after.has(name));
  if (dropped.length === 0) return [];
  const message = `Sending ${file.path} whole drops ${dropped.join(", ")}, which other code may need. Use EDIT blocks that change only what the task asks for.`;
  return [{ ...finding(maker, "door/dropped-code", message), path: file.path }];
}

function inScope(state: TaskState, path: string): boolean {
  return matches(scopeOf(state), path);
}

function scopeOf(state: TaskState): readonly string[] {
  const { task } = state;
  return [...task.files, ...task.tests, ...task.deletes, ...task.moves.flatMap((move) => [move.from, move.to])];
}

function mayDelete(state: TaskState, path: string): boolean {
  return matches(state.task.deletes, path) || state.task.moves.some((move) => move.from === path);
}

function wrongLayer(maker: MakerRights, layer: LayerName, path: string): string {
  if (layer === "tests")
    return `${path} is a test file, and the ${maker.role} does not write tests. If a test is wrong, answer IMPOSSIBLE and say which and why.`;
  return `${path} is code, and the ${maker.role} writes only tests.`;
}

function printable(path: string): string {
  return JSON.stringify(path.slice(0, 200));
}

function finding(maker: MakerRights, rule: string, message: string): Finding {
  return { rule, answers: maker.role, message };
}
