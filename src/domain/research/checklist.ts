import { stringify } from "yaml";
import { z } from "zod";
import { CHECKLIST_TESTS, type Check, type ChecklistTest, type UnseenCheck } from "./check.ts";

/** `experiments/exp-001/checklist.yaml`. */
export const Checklist = z.strictObject({
  tests: z.array(
    z.strictObject({ name: z.enum(CHECKLIST_TESTS), status: z.enum(["pass", "fail"]), detail: z.string().min(1) }),
  ),
});
export type Checklist = z.infer<typeof Checklist>;

export const CHECKLIST_PATH = "experiments/exp-001/checklist.yaml";

/**
 * The four tests, from the checks that were executed: one passes when all of its checks do, and it has some. `unseen` are
 * those that nothing could look at here: they are named, and count neither way.
 */
export function checklistOf(checks: readonly Check[], unseen: readonly UnseenCheck[] = []): Checklist {
  const told = CHECKLIST_TESTS.map((name) => testOf(name, checks)).map((test) => {
    const names = unseen.filter((one) => one.test === test.name).map(({ name }) => name);
    return names.length === 0 ? test : { ...test, detail: `${test.detail}; not looked at: ${names.join(", ")}` };
  });
  return { tests: told };
}

function testOf(name: ChecklistTest, checks: readonly Check[]): Checklist["tests"][number] {
  const own = checks.filter(({ test }) => test === name);
  if (own.length === 0) return { name, status: "fail", detail: "nothing was executed" };
  const bad = own.filter(({ status }) => status !== "pass");
  const told = bad.length > 0 ? bad : own;
  const detail = told.map((check) => `${check.name}: ${check.detail}`).join("; ");
  return { name, status: bad.length > 0 ? "fail" : "pass", detail };
}

export function checklistYaml(checklist: Checklist): string {
  return `# Verification checklist, executed by millwright.\n${stringify(checklist, { lineWidth: 0 })}`;
}
