import { parseDocument } from "yaml";
import { Task } from "./task.ts";
import { vagueIn } from "./vague.ts";

/** What the architect answers when a task cannot be done as it stands. */
export type TaskRevision =
  | { readonly kind: "task"; readonly task: Task; readonly advice: string }
  | { readonly kind: "person"; readonly reason: string }
  | { readonly kind: "problems"; readonly problems: readonly string[] };

/** Reads a revised task (a YAML document between two lines `---`, then advice), or `PERSON: question`. */
export function parseTaskRevision(text: string, before: Task): TaskRevision {
  const person = /^\s*PERSON:\s*([\s\S]+)$/m.exec(text)?.[1];
  const document = /^---[ \t]*\n([\s\S]*?)\n---[ \t]*(?:\n|$)([\s\S]*)$/m.exec(text.replaceAll("\r\n", "\n"));
  if (!document) {
    if (person) return { kind: "person", reason: person.trim().slice(0, 2000) };
    return {
      kind: "problems",
      problems: ["there is neither a YAML document between two lines --- nor a line PERSON:"],
    };
  }
  const yaml = parseDocument(document[1] ?? "");
  if (yaml.errors.length > 0) return { kind: "problems", problems: yaml.errors.map((error) => error.message) };
  const parsed = Task.safeParse(yaml.toJS());
  if (!parsed.success)
    return {
      kind: "problems",
      problems: parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`),
    };
  if (parsed.data.id !== before.id) return { kind: "problems", problems: [`the task's id must stay ${before.id}`] };
  const vague = parsed.data.accept.map((criterion) => vagueIn(criterion.text)).find((found) => found !== undefined);
  if (vague) return { kind: "problems", problems: [`a criterion is vague: "${vague.phrase}" ${vague.why}`] };
  return { kind: "task", task: parsed.data, advice: (document[2] ?? "").trim().slice(0, 4000) };
}
