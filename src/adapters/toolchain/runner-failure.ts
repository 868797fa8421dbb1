import type { Suite } from "../../domain/config.ts";
import type { SandboxResult } from "../../domain/sandbox-job.ts";
import { StepFailure } from "../../domain/step-failure.ts";
import type { SuiteError } from "../../domain/suite-report.ts";
import { failureOf } from "./failure-kind.ts";
import type { Ground } from "./inside.ts";
import { plainText, tailOf } from "./plain-text.ts";

const MESSAGE_LIMIT = 2000;

/** Whether the shell or the interpreter says that the runner itself is not there. */
export function lacksRunner(suite: Suite, exitCode: number | null, output: string): boolean {
  if (exitCode === 127 || exitCode === 126) return true;
  if (suite.runner === "pytest") return /No module named '?pytest'?\b/.test(output);
  return new RegExp(`Cannot find module '[^']*/${suite.runner}/[^']*'`).test(output);
}

const HOW_TO_GET: Readonly<Record<Suite["runner"], string>> = {
  vitest: "Add vitest to the devDependencies (npm i -D vitest), or correct `command` of the suite in millwright.yaml.",
  jest: "Add jest to the devDependencies (npm i -D jest), or correct `command` of the suite in millwright.yaml.",
  mocha: "Add mocha to the devDependencies (npm i -D mocha), or correct `command` of the suite in millwright.yaml.",
  "node-test": "Node 20 or later must be on the PATH, or correct `command` of the suite in millwright.yaml.",
  pytest:
    "Put pytest into requirements.txt, install it for the system's Python (apt install python3-pytest), or correct `command` of the suite in millwright.yaml.",
  junit: "Correct `command` of the suite in millwright.yaml: its program was not found.",
  tap: "Correct `command` of the suite in millwright.yaml: its program was not found.",
  command: "Correct `command` of the suite in millwright.yaml: its program was not found.",
};

/** The runner is not installed. */
export function cannotRun(suite: Suite, output: string): StepFailure {
  return failed(
    `Suite "${suite.name}" cannot run: ${suite.command ?? suite.runner} was not found.`,
    output,
    HOW_TO_GET[suite.runner],
  );
}

/** The command ended well and our reporter never spoke. */
export function cannotStart(suite: Suite, output: string): StepFailure {
  return failed(
    `Suite "${suite.name}" ended without starting its reporter.`,
    output,
    `\`command\` must start ${suite.runner} and pass on the options that are appended to it (after npm test write \`--\`).`,
  );
}

function failed(message: string, output: string, hint: string): StepFailure {
  const end = tailOf(plainText(output).trim(), MESSAGE_LIMIT);
  return new StepFailure(end === "" ? message : `${message}\n${end}`, {
    code: "tests-cannot-run",
    remedy: "ask",
    hint,
  });
}

/** What can be said of a run that told nothing: the end of its output, classified. */
export function errorFromOutput(
  output: string,
  result: SandboxResult,
  ground: Ground,
  isComplete: boolean,
): SuiteError {
  if (result.ended === "timeout") return { kind: "timeout", message: "The time was up before any test was reported." };
  const isQuiet = /no tests? (?:ran|files? found|found|collected)|No test files|^$/im.test(output) || isComplete;
  if (isQuiet && !/Error\b/.test(output)) return { kind: "error", message: "No tests were found." };
  const said = /^.*\b\w*(?:Error|Exception)\b.*(?:\n.*){0,8}/m.exec(output)?.[0] ?? tailOf(output, MESSAGE_LIMIT);
  return failureOf({ message: said, output: true }, ground, {});
}
