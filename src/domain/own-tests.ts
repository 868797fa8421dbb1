import type { TaskState } from "./gate.ts";
import { signatureOf } from "./signature.ts";
import { testFiles } from "./task-state.ts";
import type { Finding, Refusal } from "./verdict.ts";

/** What green said of the work as it stands. */
export interface SaidByGreen {
  readonly signature: string;
  readonly failing: number;
  /** Nothing but the task's own new tests: no test of the base, nothing outside a test. */
  readonly ownTests: boolean;
}

/** The rule of an answer that leaves every file as it is: the maker insists on what green has refused. */
export const NO_CHANGE = "door/edit-no-change";

/** The findings of green that a refusal holds, if need be behind a door that saw no change; undefined for any other refusal. */
export function greenFindings({ gate, findings }: Refusal): readonly Finding[] | undefined {
  const door = findings.filter(({ rule }) => rule.startsWith("door/"));
  if (gate === "door" && !door.every(({ rule }) => rule === NO_CHANGE)) return undefined;
  const said = findings.filter((finding) => !door.includes(finding));
  return said.some(({ rule }) => rule.startsWith("green/")) ? said : undefined;
}

export function saidByGreen(refusal: Refusal, state: TaskState): SaidByGreen | undefined {
  const findings = greenFindings(refusal);
  if (findings === undefined) return undefined;
  const signature = signatureOf({ gate: "green", findings });
  return { signature, failing: findings.length, ownTests: isOwnAlone(findings, state) };
}

function isOwnAlone(findings: readonly Finding[], state: TaskState): boolean {
  const own = testFiles(state);
  return findings.every(({ rule, path = "", evidence = "" }) => {
    if (rule === "green/fails" || rule === "green/error") return own.includes(path);
    // Where a file of its own cannot be collected, the tests in it are missed.
    if (rule === "green/missing-tests")
      return evidence.split("\n").every((id) => own.some((file) => id.startsWith(file)));
    return false;
  });
}
