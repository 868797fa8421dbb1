import type { TaskState } from "./gate.ts";
import { testFiles } from "./task-state.ts";
import type { Refusal } from "./verdict.ts";

/**
 * Whether green refused nothing but the task's own new tests: no test of the base, nothing outside a test. Undefined for what
 * another gate or the door says.
 */
export function onlyOwnTests({ gate, findings }: Refusal, state: TaskState): boolean | undefined {
  if (gate === "door" || !findings.some(({ rule }) => rule.startsWith("green/"))) return undefined;
  const own = testFiles(state);
  const isOwn = (path: string) => own.includes(path);
  return findings.every(({ rule, path = "", evidence = "" }) => {
    if (rule === "green/fails" || rule === "green/error") return isOwn(path);
    // Where a file of its own cannot be collected, the tests in it are missed.
    if (rule === "green/missing-tests")
      return evidence.split("\n").every((id) => own.some((file) => id.startsWith(file)));
    return false;
  });
}
