import { stringify } from "yaml";
import type { Suite } from "./config.ts";

/** What `init` found out about a repository. */
export interface Found {
  readonly suites: readonly Suite[];
  readonly dependencies: { readonly install: string } | undefined;
  readonly submodules: boolean;
  /** The model that every role gets at first, e.g. `ollama/qwen2.5-coder:14b` or `mailbox`. */
  readonly model: string;
}

/** A first `millwright.yaml`, with what a person most often changes explained beside it. */
export function configText(found: Found): string {
  const oneModel = "# maker, reviewer and goal-checker are one model as long as only `default` is set";
  const suites = found.suites.map((suite) => (suite.name === "tests" ? { ...suite, name: undefined } : suite));
  const parts = [
    "# yaml-language-server: $schema=node_modules/millwright/schemas/config.schema.json",
    "# How gates are ordered: red-green, score or maker-checker, or the path of a workflow file.",
    "workflow: red-green",
    "",
    "# backend/model per role: architect, tester, developer, documenter, reviewer, checker, goal-checker.",
    `models:\n  default: ${found.model}`,
    oneModel,
    "independence: none",
    "",
    suites.length === 0
      ? '# No test runner was found. Example:\n# suites:\n#   - runner: command\n#     command: "make test"'
      : stringify({ suites }).trim(),
    ...(found.dependencies === undefined ? [] : ["", stringify({ dependencies: found.dependencies }).trim()]),
    ...(found.submodules ? ["", "# Submodules are seen as empty folders.", "submodules: empty"] : []),
  ];
  return `${parts.join("\n")}\n`;
}
