import { codeSection, fileListSection, filesSection, provenText, section, taskSection } from "../domain/brief-text.ts";
import { subjectsOf } from "../domain/file-choice.ts";
import type { TaskState } from "../domain/gate.ts";
import type { Role } from "../domain/model-call.ts";
import { findingsText, type MakerRole } from "../domain/moves.ts";
import type { Need } from "../domain/need.ts";
import { kindOfPath, matches } from "../domain/paths.ts";
import type { Refusal } from "../domain/verdict.ts";
import type { TreeId } from "../domain/work.ts";
import type { TaskContext } from "./context.ts";
import type { Delivery } from "./delivery.ts";
import type { Repository } from "./ports.ts";

/** What a role is told: a part that stays the same for the whole task, then what changes. */
export interface Brief {
  readonly system: string;
  readonly user: string;
}

/** A role's prompt, then what the target says of itself: the same for every question of that role. */
export async function systemPart(
  role: Role,
  repository: Repository,
  tree: TreeId,
  library: { role(role: Role): Promise<{ text: string }> },
): Promise<string> {
  const { text } = await library.role(role);
  const conventions = await repository.git.read(tree, "AGENTS.md");
  const listed = (await repository.git.list(tree)).map((file) => file.path);
  return [
    text.trim(),
    conventions === undefined ? "" : section("The repository's own rules (AGENTS.md)", conventions.slice(0, 6000)),
    fileListSection(listed),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** The brief of a maker: task, files as they stand at the base, the work's own changes, findings last. */
export async function makerBrief(
  role: MakerRole,
  refusal: Refusal,
  delivery: Delivery,
  context: TaskContext,
): Promise<Brief> {
  const { state } = delivery;
  const { repository, ports } = context;
  const base = state.work.base.tree;
  const skill = state.task.skill === undefined ? undefined : await ports.library.skill(state.task.skill);
  const parts = [
    taskSection(state.task),
    delivery.advice === undefined ? "" : section("What the architect adds", delivery.advice),
    skill === undefined ? "" : section(`Skill: ${state.task.skill}`, skill),
    filesSection(
      "Files as they stand at the base",
      await texts(await relevantPaths(state, repository), base, repository),
    ),
    await workSoFar(state, repository),
    section(`What ${refusal.gate} says`, `${findingsText(ownFindings(role, refusal))}\n\n${closing(role, delivery)}`),
  ];
  return {
    system: await systemPart(role, repository, base, ports.library),
    user: parts.filter((part) => part !== "").join("\n\n"),
  };
}

/** A judge sees the task and the difference, never the maker's words. */
export async function judgeBrief(
  need: Extract<Need, { see: "judgement" }>,
  look: { state: TaskState; context: TaskContext },
  problems: readonly string[],
): Promise<Brief> {
  const { repository, ports } = look.context;
  const difference = await repository.git.diff(need.from, need.to, 10);
  const again =
    problems.length === 0
      ? ""
      : section("Your last answer could not be used", problems.map((problem) => `- ${problem}`).join("\n"));
  const parts = [
    taskSection(look.state.task),
    section("What the mill has already proven", provenText(look.state.workflow)),
    codeSection("The difference to judge", "diff", difference.slice(0, 120_000)),
    again,
  ];
  return {
    system: (await ports.library.role(need.judge)).text.trim(),
    user: parts.filter((part) => part !== "").join("\n\n"),
  };
}

/** A maker is told what it can answer; what another must answer would only confuse it. */
function ownFindings(role: MakerRole, refusal: Refusal): Refusal["findings"] {
  const own = refusal.findings.filter((finding) => finding.answers === role);
  return own.length > 0 ? own : refusal.findings;
}

function closing(role: MakerRole, delivery: Delivery): string {
  const first = !delivery.history.some((answered) => answered.role === role);
  return first
    ? "Answer in the format described above."
    : "Answer in the format described above. Your edits apply to the files as the work shows them now.";
}

async function workSoFar(state: TaskState, repository: Repository): Promise<string> {
  const { work } = state;
  if (work.trees.work === work.base.tree) return "";
  const changed = [...work.tests, ...work.code].filter((change) => change.blob !== null).map((change) => change.path);
  return filesSection(
    "Files that the work has changed, as they stand now",
    await texts(changed, work.trees.work, repository),
  );
}

async function texts(
  paths: readonly string[],
  tree: TreeId,
  repository: Repository,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const path of paths) {
    const text = await repository.git.read(tree, path);
    if (text !== undefined) found.set(path, text);
  }
  return found;
}

/** What the task may write, its test infrastructure, and one test file as an example of the house's style. */
async function relevantPaths(state: TaskState, repository: Repository): Promise<readonly string[]> {
  const listed = (await repository.git.list(state.work.base.tree)).map((file) => file.path);
  const scope = [...state.task.files, ...state.task.tests, ...state.task.moves.map((move) => move.from)];
  const subjects = subjectsOf(state.task, listed, state.profile);
  const named = listed.filter((path) => matches(scope, path) || subjects.has(path));
  const fixtures = listed.filter((path) => /(?:^|\/)conftest\.py$/.test(path));
  const imported = await importedBy(named, state, repository, listed);
  const example = named.some((path) => kindOfPath(path, state.profile) === "test")
    ? []
    : listed.filter((path) => kindOfPath(path, state.profile) === "test").slice(0, 1);
  return [...new Set([...named, ...fixtures, ...imported, ...example])].slice(0, 30);
}

/** Files of the repository that the named ones import, one step away. */
async function importedBy(
  named: readonly string[],
  state: TaskState,
  repository: Repository,
  listed: readonly string[],
): Promise<readonly string[]> {
  const known = new Set(listed);
  const found = new Set<string>();
  for (const path of named.slice(0, 12)) {
    const text = (await repository.git.read(state.work.base.tree, path)) ?? "";
    for (const candidate of importCandidates(path, text)) if (known.has(candidate)) found.add(candidate);
  }
  return [...found].slice(0, 8);
}

function importCandidates(path: string, text: string): readonly string[] {
  const folder = path.split("/").slice(0, -1);
  const relative = [...text.matchAll(/(?:from|import|require\()\s*["'](\.{1,2}\/[^"']+)["']/g)].flatMap((match) =>
    resolved(folder, match[1] ?? ""),
  );
  const python = [...text.matchAll(/^(?:from|import)\s+([\w.]+)/gm)].flatMap((match) => {
    const name = (match[1] ?? "").replaceAll(".", "/");
    return [`${name}.py`, `${name}/__init__.py`];
  });
  return [...relative, ...(path.endsWith(".py") ? python : [])];
}

function resolved(folder: readonly string[], specifier: string): readonly string[] {
  const parts = [...folder];
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  const stem = parts.join("/");
  const bare = stem.replace(/\.[cm]?js$/, "");
  return [stem, ...[".ts", ".tsx", ".js", ".mjs", ".cjs", "/index.ts", "/index.js"].map((ending) => bare + ending)];
}
