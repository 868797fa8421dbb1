import type { Task } from "./task.ts";
import type { Workflow } from "./workflow.ts";

/** Characters of file text that one brief shows; what is left out is named. */
const FILE_BUDGET = 80_000;

/** A titled part of a brief. */
export function section(title: string, body: string): string {
  return `# ${title}\n\n${body.trim()}`;
}

/** A titled block of code whose fence is longer than any fence inside. */
export function codeSection(title: string, language: string, text: string): string {
  return section(title, fenced(language, text));
}

function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map((match) => match[0].length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n$/, "")}\n${fence}`;
}

/** Files in full, within a budget; a file that is left out is named. */
export function filesSection(title: string, files: ReadonlyMap<string, string>): string {
  if (files.size === 0) return "";
  let left = FILE_BUDGET;
  const parts: string[] = [];
  for (const [path, text] of files) {
    if (text.length > left) {
      parts.push(`## ${path}\n\n(left out: ${text.length} characters do not fit)`);
      continue;
    }
    left -= text.length;
    parts.push(`## ${path}\n\n${fenced("", text)}`);
  }
  return section(title, parts.join("\n\n"));
}

/** Names of the repository's files; a long list is shortened by folder. */
export function fileListSection(paths: readonly string[]): string {
  const shown = paths.filter((path) => !/(?:^|\/)(?:node_modules|dist|build|coverage|\.git)\//.test(path));
  const list = shown.length <= 300 ? shown : [...shown.slice(0, 300), `… and ${shown.length - 300} more`];
  return section("Files of the repository", list.join("\n"));
}

/** The task as makers and judges read it: purpose, deliverables, criteria and scope; never a gate or a threshold. */
export function taskSection(task: Task): string {
  const lines = [
    `${task.id} (${task.kind}): ${task.title}`,
    "",
    `Purpose: ${task.purpose}`,
    "",
    "Deliverables:",
    ...task.deliverables.map((deliverable) => `- ${deliverable.what} (${deliverable.quality})`),
    "",
    "Acceptance criteria:",
    ...task.accept.map((criterion) => `- ${criterion.id}: ${criterion.text}`),
    "",
    ...listed("Code files this task may write", task.files),
    ...listed("Test files this task may write", task.tests),
    ...listed("Exports that do not exist yet and are to be created (path#name)", task.creates),
    ...listed("Files this task may delete", task.deletes),
    ...listed(
      "Declared moves",
      task.moves.map((move) => `${move.from} -> ${move.to}`),
    ),
    ...listed("Lines whose behaviour the new tests must pin down", task.lines),
    ...(task.check === undefined ? [] : [`Declared check, fails now and must pass after: ${task.check}`]),
  ];
  return section("The task", lines.join("\n"));
}

function listed(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`${title}: ${items.join(", ")}`];
}

/** A text with its line numbers, so that a plan can name lines. */
export function numbered(text: string): string {
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line, index) => `${String(index + 1).padStart(4)}| ${line}`)
    .join("\n");
}

/** What a judge may take for granted, as far as the workflow has gates for it. */
export function provenText(workflow: Workflow): string {
  const has = (gate: string) => workflow.gates.some((entry) => entry.gate === gate);
  const proofs = [
    "The difference stays within the task's files",
    ...(has("red") ? ["the tests fail without the code and pass with it"] : []),
    ...(has("green") ? ["the whole suite passes in a sandbox"] : []),
    ...(has("lint") || has("types")
      ? ["the linters and type checker have no new complaint (as far as the repository has them)"]
      : []),
  ];
  return `${proofs.join("; ")}.`;
}
