import { browserCheckText } from "./browser-text.ts";
import type { Criterion, Task } from "./task.ts";
import type { Workflow } from "./workflow.ts";

/** A titled part of a brief. */
export function section(title: string, body: string): string {
  return `# ${title}\n\n${body.trim()}`;
}

/** A titled block of code whose fence is longer than any fence inside. */
export function codeSection(title: string, language: string, text: string): string {
  return section(title, fenced(language, text));
}

/** A block of code whose fence is longer than any fence inside. */
export function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map((match) => match[0].length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n$/, "")}\n${fence}`;
}

/** A file, or lines of it, under its name; `note` says what is special about it. */
export function fileText(path: string, text: string, note = ""): string {
  return `## ${path}${note === "" ? "" : ` (${note})`}\n${fenced("", text)}`;
}

/** The task as makers and judges read it: purpose, deliverables, criteria and scope; never a gate or a threshold. */
export function taskSection(task: Task): string {
  const lines = [
    `${task.id} (${task.kind}): ${task.title}`,
    `Purpose: ${task.purpose}`,
    "Deliverables:",
    ...task.deliverables.map((deliverable) => `- ${deliverable.what} (${deliverable.quality})`),
    "Acceptance criteria:",
    ...task.accept.map(criterionText),
    ...listed("Code files this task may write", task.files),
    ...listed("Test files this task may write", task.tests),
    ...listed("Exports to create (path#name)", task.creates),
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

function criterionText({ id, text, browser }: Criterion): string {
  if (browser === undefined) return `- ${id}: ${text}`;
  const steps = browserCheckText(browser).replace(/^/gm, "    ");
  return `- ${id}: ${text}\n  The mill does this in a browser, at the built pages, and every step has to hold:\n${steps}`;
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
