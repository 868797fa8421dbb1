import type { Task } from "./task.ts";
import { parseTaskRevision } from "./task-revision.ts";

/** What the orchestrator decides when a maker's ladder has no further rung. */
export type Orchestration =
  | { readonly kind: "instructions"; readonly text: string }
  | { readonly kind: "task"; readonly task: Task; readonly advice: string }
  | { readonly kind: "person"; readonly reason: string }
  | { readonly kind: "skip"; readonly reason: string }
  | { readonly kind: "problems"; readonly problems: readonly string[] };

const WORD = /^\s*(INSTRUCTIONS|SKIP):\s*([\s\S]+)$/m;

/** Reads `INSTRUCTIONS: …`, `SKIP: …`, `PERSON: …`, or a revised task (YAML between two lines `---`, then advice). */
export function parseOrchestration(text: string, before: Task): Orchestration {
  const revision = parseTaskRevision(text, before);
  if (revision.kind !== "problems") return revision;
  const [, word, said = ""] = WORD.exec(text) ?? [];
  if (word === "INSTRUCTIONS") return { kind: "instructions", text: said.trim().slice(0, 4000) };
  if (word === "SKIP") return { kind: "skip", reason: said.trim().slice(0, 2000) };
  return { kind: "problems", problems: [...revision.problems, "there is no line INSTRUCTIONS: or SKIP: either"] };
}

/** What a decision says, in one text. */
export function saidBy(decided: Orchestration): string {
  switch (decided.kind) {
    case "instructions":
      return decided.text;
    case "task":
      return decided.advice || "a revised task";
    case "problems":
      return `its answer could not be used: ${decided.problems.join("; ")}`;
    default:
      return decided.reason;
  }
}
