import type { Script } from "../../src/adapters/models/scripted/scripted.ts";
import type { RunRequest } from "../../src/mill.ts";
import { approval, byTask, file, planWith, SUMS_CONFIG, sums, testOf } from "./sums.ts";
import type { Target } from "./target.ts";

/** One function a task; each of them says whether its argument is a whole number. */
export interface SmallTask {
  readonly id: string;
  readonly criterion: string;
  readonly name: string;
  /** What the developer sends, answer by answer; the last one repeats. */
  readonly code: readonly string[];
}

/** The gates that say whether it works, without those that ask how well it is tested. */
const WORKFLOW = `name: small
description: Whether it works, and no more.
makers: { tests: tester, code: developer }
gates:
${["door", "red", "syntax", "lint", "symbols", "green", "review", "current"].map((gate) => `  - gate: ${gate}\n`).join("")}`;

export const SMALL_CONFIG = SUMS_CONFIG.replace("workflow: red-green", "workflow: small");

/** A project whose `whole` lies in `src/check.js`. */
export function wholeNumbers(extra: Readonly<Record<string, string>> = {}): Target {
  const check = "export function whole(value) {\n  return Number.isInteger(value);\n}\n";
  return sums({
    "src/check.js": check,
    "workflows/small.yaml": WORKFLOW,
    "millwright.yaml": SMALL_CONFIG,
    ...extra,
  });
}

/** A run over the tasks takes a sentence: no literal value has to be found again in the plan. */
export const SMALL_INPUT: Partial<RunRequest> = { input: "People want to look at numbers" };

export function smallTasks(names: readonly string[], code: (name: string) => readonly string[]): readonly SmallTask[] {
  return names.map((name, at) => ({ id: `T${at + 1}`, criterion: `AC${at + 1}`, name, code: code(name) }));
}

/** The function's file, with `whole` taken from a module, and whatever else is to be in its body. */
export function codeOf(name: string, module: string, body = "return whole(value);"): string {
  const text = `import { whole } from "${module}";\n\nexport function ${name}(value) {\n  ${body}\n}`;
  return file(`src/${name}.js`, text);
}

export const GOOD_MODULE = "./check.js";
/** There is no such file. */
export const BAD_MODULE = "./checks.js";

/** A script that plans the tasks and answers for all of them. */
export function smallScript(plan: string, tasks: readonly SmallTask[]): Script {
  const drafts = tasks.map(({ id, criterion, name }) => ({
    id,
    accept: { [criterion]: `\`${name}(2)\` of \`src/${name}.js\` returns true, and \`${name}(0.5)\` returns false` },
    files: [`src/${name}.js`],
    tests: [`test/${name}.test.js`],
    creates: [`src/${name}.js#${name}`],
    more: { title: `Make ${name}` },
  }));
  const answers = tasks.map(({ id, criterion, name, code }) => {
    const cases = [`assert.equal(${name}(2), true);`, `assert.equal(${name}(0.5), false);`];
    const tests = file(`test/${name}.test.js`, testOf(name, `${criterion} ${name}`, ...cases));
    return [id, { tester: [tests], developer: code, reviewer: [approval(criterion)] }] as const;
  });
  return byTask(planWith(drafts, { plan, title: plan }), Object.fromEntries(answers));
}
